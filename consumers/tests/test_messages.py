import asyncio

import pytest

from apps.chat.models import Message
from apps.live import feed
from consumers import pool


async def test_a_message_is_saved_answered_and_told_to_every_tab_of_both(open_tab, talk, alice, bob, charlie):
    alice_tab, bob_tab, bob_second, stranger = [await open_tab(user) for user in (alice, bob, bob, charlie)]
    answer = await bob_tab.ask("message.send", ref="r1", conversation=talk.pk, content="Ещё продаёте?")
    saved = await pool.run(Message.objects.get)
    message = answer["message"]
    assert message == {
        "id": saved.pk,
        "conversation": talk.pk,
        "sender": bob.pk,
        "sender_username": "bob",
        "kind": "text",
        "content": "Ещё продаёте?",
        "is_read": False,
        "created_at": saved.created_at.isoformat().replace("+00:00", "Z"),
        "ref": "r1",
    }
    for tab in alice_tab, bob_second:
        assert await tab.until("message.new") == {"seq": 1, "type": "message.new", "message": message}
    own = [frame for frame in bob_tab.logged if frame["type"] == "message.new"] or [await bob_tab.until("message.new")]
    assert own == [{"seq": 1, "type": "message.new", "message": message}]
    assert await stranger.quiet()


async def test_sending_again_under_the_same_ref_is_the_same_message(open_tab, talk, alice, bob):
    alice_tab, bob_tab = await open_tab(alice), await open_tab(bob)
    first = await bob_tab.ask("message.send", ref="r1", conversation=talk.pk, content="раз")
    again = await bob_tab.ask("message.send", ref="r1", conversation=talk.pk, content="раз")
    assert first == again
    other = await bob_tab.ask("message.send", ref="r1", conversation=talk.pk, content="другое")
    assert (other["type"], other["code"]) == ("error", "ref_reused")
    assert (await alice_tab.until("message.new"))["seq"] == 1
    assert await alice_tab.quiet()
    assert await pool.run(Message.objects.count) == 1


@pytest.mark.parametrize("content", ["", "   ", "x" * 4001, "a\0b", "\ud800"])
async def test_content_that_can_not_be_said_is_invalid(open_tab, talk, bob, content):
    tab = await open_tab(bob)
    answer = await tab.ask("message.send", conversation=talk.pk, content=content)
    assert (answer["type"], answer["code"]) == ("error", "invalid")
    assert answer["detail"]


@pytest.mark.parametrize("type", ["message.send", "message.read", "typing"])
async def test_a_foreign_and_an_absent_conversation_look_alike(open_tab, talk, charlie, alice, type):
    tab, victim = await open_tab(charlie), await open_tab(alice)
    fields = {"message.send": {"content": "раз"}, "message.read": {"message": 1}, "typing": {}}[type]
    answers = [await tab.ask(type, ref="r", conversation=number, **fields) for number in (talk.pk, 10**9)]
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "forbidden"
    assert await victim.quiet()


async def test_reading_is_told_to_both(open_tab, talk, alice, bob):
    alice_tab, bob_tab = await open_tab(alice), await open_tab(bob)
    said = [await bob_tab.ask("message.send", ref=str(n), conversation=talk.pk, content=str(n)) for n in range(3)]
    newest = said[-1]["message"]["id"]
    assert (await alice_tab.ask("message.read", conversation=talk.pk, message=newest))["type"] == "ok"
    read = {"conversation": talk.pk, "reader": alice.pk, "message": newest, "count": 3, "unread": 0}
    for tab in alice_tab, bob_tab:
        frames = await tab.hear_all(4)
        assert frames[-1] == {"seq": 4, "type": "message.read", **read}
    assert (await alice_tab.ask("message.read", conversation=talk.pk, message=newest))["type"] == "ok"
    assert await bob_tab.quiet()


async def test_typing_reaches_only_the_other_side(open_tab, talk, alice, bob, charlie):
    alice_tab, bob_tab, bob_second, stranger = [await open_tab(user) for user in (alice, bob, bob, charlie)]
    await bob_tab.say("typing", conversation=talk.pk)
    assert await alice_tab.until("typing") == {"type": "typing", "conversation": talk.pk, "user": bob.pk}
    for tab in bob_tab, bob_second, stranger:
        assert await tab.quiet(0.1)


async def test_after_a_break_the_rest_comes_in_order_without_gap_or_double(open_tab, talk, alice, bob):
    tab = await open_tab(alice)
    await pool.run(talk.post, bob.pk, "до разрыва")
    seen = (await tab.until("message.new"))["seq"]
    await tab.close()
    for n in range(25):
        await pool.run(talk.post, bob.pk, f"без связи {n}")
    again = await open_tab(alice, after=seen)
    assert again.heard[0]["head"] == 26
    await pool.run(talk.post, bob.pk, "снова на связи")
    frames = await again.hear_all(27)
    assert [frame["seq"] for frame in frames] == list(range(2, 28))
    assert [frame["message"]["content"] for frame in frames] == [
        *(f"без связи {n}" for n in range(25)),
        "снова на связи",
    ]


async def test_without_after_the_tail_begins_at_the_head(open_tab, talk, alice, bob):
    await pool.run(talk.post, bob.pk, "раньше")
    tab = await open_tab(alice)
    await pool.run(talk.post, bob.pk, "теперь")
    frame = await tab.next()
    assert (frame["seq"], frame["message"]["content"]) == (2, "теперь")


async def test_the_window_shuts_at_200_and_opens_with_an_acknowledgement(open_tab, talk, alice, bob, settings):
    settings.SOCKET_WINDOW = 20
    tab = await open_tab(alice)
    for n in range(30):
        await pool.run(talk.post, bob.pk, str(n))
    for seq in range(1, 21):
        assert (await tab.next())["seq"] == seq
    assert await tab.quiet(0.5)
    await tab.say("ping", seq=20)
    assert (await tab.next())["type"] == "pong"
    assert [(await tab.next())["seq"] for _ in range(10)] == list(range(21, 31))


async def test_many_messages_at_once_keep_the_order_of_each_author(open_tab, talk, alice, bob, settings):
    settings.RATE_LIMITS = False
    alice_tab, bob_tab = await open_tab(alice), await open_tab(bob)
    for n in range(60):
        await bob_tab.say("message.send", ref=f"b{n}", conversation=talk.pk, content=str(n))
        await alice_tab.say("message.send", ref=f"a{n}", conversation=talk.pk, content=str(n))
    while await pool.run(Message.objects.count) < 120:
        await asyncio.sleep(0.05)
    head = await pool.run(feed.head, alice.pk)
    for tab in alice_tab, bob_tab:
        frames = await tab.hear_all(head)
        assert [frame["seq"] for frame in frames] == list(range(1, head + 1))
        for author in alice, bob:
            words = [
                f["message"]["content"] for f in frames if f["type"] == "message.new" and f["message"]["sender"] == author.pk
            ]
            assert words == [str(n) for n in range(60)]
