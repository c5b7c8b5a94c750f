"""What tabs say goes to PostgreSQL from the event loop; what does not go well there is taken on by the lane's thread."""

import asyncio

import psycopg
import pytest
from django.db import OperationalError, connection

from apps.chat.drafts import Draft, Reading, RefReused, Refusal
from apps.chat.models import Message
from apps.live import push
from apps.live.models import Event
from consumers import pool

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is written by threads"),
]


@pytest.fixture
def writer(hub):
    return hub.writer


@pytest.fixture
def asked(monkeypatch):
    """What the lanes' threads were asked to do."""
    calls, run = [], pool.Line.run

    async def noted(line, call, *args):
        calls.append(call.__name__)
        return await run(line, call, *args)

    monkeypatch.setattr(pool.Line, "run", noted)
    return calls


@pytest.fixture
def other():
    """Somebody else at the same database."""
    connection.ensure_connection()
    given = connection.connection
    with psycopg.connect(given.info.dsn, password=given.info.password) as other:
        yield other


def said():
    return list(Message.objects.order_by("pk").values_list("content", flat=True))


def logs():
    return list(Event.objects.order_by("user_id", "seq").values_list("user_id", "seq", "type"))


async def say(writer, *items):
    return await asyncio.gather(*(writer.put(item) for item in items), return_exceptions=True)


async def test_the_thread_only_opens_the_way(writer, asked, talk, alice, bob):
    for number in range(3):
        (answer,) = await say(writer, Draft(talk.pk, bob.pk, f"{number}", f"r{number}"))
        assert (answer.content, answer.ref, answer.is_read) == (f"{number}", f"r{number}", False)
    assert asked == ["way"]
    assert await pool.run(said) == ["0", "1", "2"]


async def test_what_is_read_and_said_at_once_is_one_transaction(writer, talk, alice, bob):
    (first,) = await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    answers = await say(
        writer, Draft(talk.pk, bob.pk, "два", "2"), Reading(talk.pk, alice.pk, first.pk), Draft(talk.pk, alice.pk, "три", "3")
    )
    assert [answer and answer.content for answer in answers] == ["два", None, "три"]
    told = [*enumerate(["message.new", "message.read", "message.new", "message.new", "message.read"], 1)]
    assert await pool.run(logs) == [(user_id, *event) for user_id in sorted((alice.pk, bob.pk)) for event in told]


async def test_a_push_that_fails_changes_nothing_for_who_acted(writer, talk, bob, monkeypatch):
    monkeypatch.setattr(push, "send", None)
    (answer,) = await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    assert answer.content == "раз"


async def test_a_used_ref_and_what_is_not_let_through_get_their_answers(writer, asked, talk, alice, bob, charlie):
    (first,) = await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    answers = await say(
        writer,
        Draft(talk.pk, bob.pk, "раз", "1"),
        Draft(talk.pk, bob.pk, "другое", "1"),
        Draft(talk.pk, charlie.pk, "чужое", "2"),
        Draft(talk.pk, alice.pk, "своё", "3"),
    )
    assert answers[0].pk == first.pk
    assert isinstance(answers[1], RefReused)
    assert isinstance(answers[2], Refusal)
    assert answers[3].content == "своё"
    (last, refused) = await say(writer, Draft(talk.pk, bob.pk, "ещё", "4"), Draft(talk.pk, charlie.pk, "чужое", "5"))
    assert last.content == "ещё"
    assert refused.code == "forbidden"
    assert await pool.run(said) == ["раз", "своё", "ещё"]


async def test_more_than_the_wire_takes_at_once(writer, talk, bob):
    contents = [f"{number} " + "ж" * 3900 for number in range(200)]
    await say(writer, Draft(talk.pk, bob.pk, "раз", "first"))
    answers = await say(writer, *(Draft(talk.pk, bob.pk, content, str(place)) for place, content in enumerate(contents)))
    assert [answer.content for answer in answers] == contents


@pytest.mark.parametrize("under_way", [False, True])
async def test_a_connection_that_breaks_costs_nothing(writer, other, talk, bob, under_way):
    await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    if under_way:
        other.execute("SELECT FROM chat_conversation FOR UPDATE")
    answer = asyncio.ensure_future(say(writer, Draft(talk.pk, bob.pk, "два", "2"))) if under_way else None
    await asyncio.sleep(0.1)
    ours = writer._lanes[talk.pk % 2]._line._way.info.backend_pid
    with psycopg.connect(other.info.dsn, password=other.info.password, autocommit=True) as third:
        third.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    other.rollback()
    (answer,) = await answer if answer else await say(writer, Draft(talk.pk, bob.pk, "два", "2"))
    assert answer.content == "два"
    assert await pool.run(said) == ["раз", "два"]


async def test_a_lock_is_not_waited_for_twice(writer, asked, other, talk, bob):
    await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    way = writer._lanes[talk.pk % 2]._line._way
    way.execute("SET lock_timeout = 100")
    other.execute("SELECT FROM chat_conversation FOR UPDATE")
    (error,) = await say(writer, Draft(talk.pk, bob.pk, "два", "2"))
    assert isinstance(error, OperationalError)
    other.rollback()
    way.execute("RESET lock_timeout")
    (answer,) = await say(writer, Draft(talk.pk, bob.pk, "два", "2"))
    assert answer.content == "два"
    assert asked == ["way"]


async def test_a_talk_that_is_locked_does_not_hold_up_the_loop(writer, other, talk, bob):
    await say(writer, Draft(talk.pk, bob.pk, "раз", "1"))
    other.execute("SELECT FROM chat_conversation FOR UPDATE")
    waiting = asyncio.ensure_future(say(writer, Draft(talk.pk, bob.pk, "два", "2")))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    other.rollback()
    (answer,) = await waiting
    assert answer.content == "два"
