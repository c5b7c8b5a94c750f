import json
import threading

import pytest

from consumers import commands


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        '"text"',
        "{}",
        '{"type": "no.such"}',
        '{"type": 5}',
        '{"type": "message.send"}',
        '{"type": "message.send", "ref": "", "conversation": 1, "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": "1", "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": true, "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": 1.5, "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": 0, "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": 1e400, "content": "x"}',
        '{"type": "message.send", "ref": 5, "conversation": 1, "content": "x"}',
        '{"type": "message.send", "ref": "r", "conversation": 1, "content": null}',
        '{"type": "ping", "seq": -1}',
        '{"type": "ping", "seq": 7}',
        '{"type": "ping", "more": NaN}',
        '{"type": "ping", "ref": "\\u0000"}',
        '{"type": "watch", "users": "all"}',
        json.dumps({"type": "watch", "users": list(range(1, 52))}),
        '{"type": "ping", "seq": ' + "9" * 5000 + "}",
        "[" * 10_000,
        '{"type": "\\ud800"}',
        '{"type": "ping", "seq": "\\udfff"}',
        '{"type": "ping", "seq": ' + '{"a":' * 700 + "1" + "}" * 701,
    ],
)
async def test_a_bad_frame_is_answered_and_costs_nothing(open_tab, alice, text):
    tab = await open_tab(alice)
    await tab.say_text(text)
    error = await tab.next()
    assert (error["type"], error["code"]) == ("error", "bad_frame")
    await tab.say("ping")
    assert await tab.next() == {"type": "pong", "head": 0}


async def test_a_binary_frame_is_bad(open_tab, alice):
    tab = await open_tab(alice)
    await tab.say_bytes(b'{"type": "ping"}')
    assert (await tab.next())["code"] == "bad_frame"


async def test_the_ref_of_a_bad_frame_is_answered_where_it_can_be_told(open_tab, alice):
    tab = await open_tab(alice)
    await tab.say("message.send", ref="mine")
    assert (await tab.next())["ref"] == "mine"
    await tab.say("message.send", ref="x" * 65)
    assert "ref" not in await tab.next()


async def test_ten_bad_frames_in_a_row_end_the_socket(open_tab, alice, settings):
    settings.RATE_LIMITS = False  # this limit is not one of time
    tab = await open_tab(alice)
    for _ in range(9):
        await tab.say_text("no")
    await tab.say("ping")
    await tab.until("pong")
    for _ in range(10):
        await tab.say_text("no")
    assert await tab.ended() == 4400


async def test_messages_over_the_rate_are_refused_with_the_time_to_wait(open_tab, talk, bob):
    tab = await open_tab(bob)
    answers = [await tab.ask("message.send", ref=str(n), conversation=talk.pk, content=str(n)) for n in range(12)]
    assert [answer["type"] for answer in answers].count("ok") in {10, 11}
    assert answers[-1]["code"] == "rate_limited"
    assert 0 < answers[-1]["retry_after"] <= 1


async def test_frames_over_the_rate_are_refused_and_a_flood_ends_the_socket(open_tab, alice, settings):
    settings.FRAME_FLOOD = 0.2
    settings.FRAME_RATE, settings.FRAME_BURST = 5, 10
    tab = await open_tab(alice)
    for _ in range(20):
        await tab.say("ping")
    answers = [await tab.next() for _ in range(20)]
    assert [answer["type"] for answer in answers] == ["pong"] * 10 + ["error"] * 10
    assert {answer["code"] for answer in answers[10:]} == {"rate_limited"}
    assert await tab.quiet(0.4)
    for _ in range(30):
        await tab.say("ping")
    assert tab.close_code is None
    for _ in range(30):
        await tab.quiet(0.02)
        await tab.say("ping")
    assert await tab.ended() == 4429


async def test_a_flood_of_large_frames_ends_the_socket_at_once(open_tab, alice, settings):
    settings.FRAME_FLOOD_SIZE = 100_000
    tab = await open_tab(alice)
    for _ in range(settings.FRAME_BURST + 8):
        await tab.say("ping", more="x" * 15_000)
    assert await tab.ended() == 4429


async def test_a_flood_behind_a_slow_command_is_noticed_as_it_comes(open_tab, bob, settings, monkeypatch):
    settings.FRAME_FLOOD_SIZE = 100_000
    wait = threading.Event()
    monkeypatch.setattr(commands.Bell, "read_up_to", lambda *_args: wait.wait(10))
    tab = await open_tab(bob)
    await tab.say("notification.read", notification=1)
    for _ in range(settings.FRAME_BURST + 8):
        await tab.say("ping", more="x" * 15_000)
    assert await tab.ended() == 4429
    assert [frame["type"] for frame in tab.heard] == ["hello", "bye"]
    wait.set()


async def test_what_came_too_fast_is_answered_in_its_turn(open_tab, bob, settings, monkeypatch):
    settings.FRAME_RATE, settings.FRAME_BURST = 5, 10
    wait = threading.Event()
    monkeypatch.setattr(commands.Bell, "read_up_to", lambda *_args: wait.wait(10))
    tab = await open_tab(bob)
    await tab.say("notification.read", notification=1)
    for _ in range(19):
        await tab.say("ping")
    assert await tab.quiet()
    wait.set()
    assert [(await tab.next())["type"] for _ in range(20)] == ["ok"] + ["pong"] * 9 + ["error"] * 10


async def test_who_is_silent_is_let_go(open_tab, alice, settings, quick_tick):
    settings.SOCKET_SILENCE = 1
    tab = await open_tab(alice)
    assert await tab.ended() == 4408
