"""S3, S4, S6: whose sockets are opened, and what a stranger's socket can do and hear."""

import asyncio

import pytest
from django.db import connection

from apps.chat import pace
from apps.chat.drafts import Draft
from apps.chat.models import Conversation, Message
from apps.live.models import Event
from apps.transactions import flow
from consumers import pool
from consumers.hub import Hub
from consumers.tests.tab import Tab, session_of

from .raw import request

HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
FOREIGN = [
    None,
    "null",
    "https://evil.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://127.0.0.1.evil.example",
    "https://{host}",
    "http://127.0.0.1.evil.example:{port}",
    "http://evil.example#{host}",
    "http://localhost:{port}",
]


@pytest.fixture
def opening(transactional_db, one_worker, alice, cookie_of):
    """The status of a real worker's answer to a handshake from this origin."""
    host = one_worker.url.removeprefix("http://")
    cookie = cookie_of(alice)

    def status(origin):
        sent = {} if origin is None else {"Origin": origin.format(host=host, port=host.rpartition(":")[2])}
        return request(one_worker.url, "/ws/", Cookie=cookie, **HANDSHAKE, **sent, wait=1)[0]

    return status


def test_a_page_of_another_origin_opens_no_socket(opening):
    assert {origin: opening(origin) for origin in FOREIGN} == dict.fromkeys(FOREIGN, 403)
    assert opening("http://{host}") == 101


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/x/", "/chat/"])
def test_there_is_one_socket(transactional_db, one_worker, path):
    """And no other path fails for being asked for one."""
    status, _told, text = request(one_worker.url, path, **HANDSHAKE, Origin=one_worker.url, wait=1)
    assert status == 403
    assert "Traceback" not in text


# In one process


@pytest.fixture
def people(alice, bob, charlie, django_user_model):
    staff = django_user_model.objects.create_superuser("captain", "captain@example.com", "correct-horse-9")
    return {"seller": alice, "buyer": bob, "stranger": charlie, "staff": staff}


@pytest.fixture
def sessions(people):
    return {role: session_of(user) for role, user in people.items()}


@pytest.fixture
async def tabs(transactional_db, sessions, listing):
    pace.messages.forget()
    hub = Hub()
    hub.start()
    opened = {role: Tab(hub, session) for role, session in sessions.items()}
    for tab in opened.values():
        assert await tab.open()
        await tab.until("hello")
    yield opened
    for tab in opened.values():
        await tab.close()
    await hub.stop()


@pytest.fixture
def talk(listing, alice, bob):
    talk = Conversation.between(listing, bob.pk, alice.pk)
    talk.post(bob.pk, "Здравствуйте")
    return talk


FRAMES = {
    "message.send": {"content": "Привет"},
    "message.read": {"message": 1},
    "typing": {},
}


@pytest.mark.parametrize("role", ["stranger", "staff", "seller"])
async def test_a_foreign_and_an_absent_talk_are_answered_alike(role, talk, listing, people, tabs, often):
    """The seller is a stranger in a talk of others."""
    foreign = talk.pk
    if role == "seller":
        others = await pool.run(Conversation.between, listing, people["buyer"].pk, people["staff"].pk)
        foreign = others.pk
    rows = await pool.run(lambda: (Message.objects.count(), Event.objects.count()))
    tab = tabs[role]
    for frame, fields in FRAMES.items():
        answers = []
        for conversation in (foreign, 999_999, 2**63 - 1):
            await tab.say(frame, ref=f"{frame}", conversation=conversation, **fields)
            answers.append(await tab.until("error"))
        assert answers[0] == answers[1] == answers[2], frame
        assert answers[0]["code"] == "forbidden"
    assert await pool.run(lambda: (Message.objects.count(), Event.objects.count())) == rows
    assert await tabs["buyer"].quiet()


MESSAGES = 10_000 if connection.vendor == "postgresql" else 2_000  # the ORM takes a minute for more


async def test_an_eavesdropper_hears_nothing(talk, listing, people, tabs, often):
    """Whoever watches both sides and the listing is told of coming, going and the listing's state alone."""
    alice, bob = people["seller"], people["buyer"]
    listeners = [tabs["stranger"], tabs["staff"]]
    for tab in listeners:
        await tab.ask("watch", users=[alice.pk, bob.pk], listings=[listing.pk])

    def trade():
        for at in range(0, MESSAGES, 200):
            Conversation.post_each([Draft(talk.pk, (bob if n % 2 else alice).pk, f"тайна {n}") for n in range(at, at + 200)])
        deal = flow.create(listing.pk, bob, "тайна")
        flow.advance(deal.pk, "accept", alice)

    await pool.run(trade)
    await tabs["seller"].say("typing", conversation=talk.pk)
    head = await pool.run(lambda: Event.objects.filter(user=bob).count())
    await tabs["buyer"].hear_all(head)
    assert sum(frame["type"] == "message.new" for frame in tabs["buyer"].heard) > MESSAGES
    for tab in listeners:
        await asyncio.sleep(0.1)
        while not await tab.quiet(0.1):
            await tab.next()
        assert {frame["type"] for frame in tab.heard} <= {"hello", "ok", "presence", "listing.changed"}
        assert "тайна" not in str(tab.heard)


async def test_the_next_word_to_a_banned_account_is_refused(talk, people, tabs, often):
    before = await pool.run(Message.objects.count)
    await pool.run(lambda: type(people["seller"]).objects.filter(pk=people["seller"].pk).update(is_active=False))
    answer = await tabs["buyer"].ask("message.send", conversation=talk.pk, content="Вы тут?")
    assert answer["code"] == "blocked"
    assert await pool.run(Message.objects.count) == before
