"""What a worker counts of its sockets, against what was sent and heard."""

import time

import pytest
import time_machine

from apps.live import push
from apps.live.push import Hint, packed
from consumers import pool
from lootlink import measures


@pytest.fixture
def travel(monkeypatch):
    monkeypatch.setattr(measures, "travel", measures.Durations())
    return measures.travel


async def test_frames_events_and_their_way(hub, talk, alice, bob, open_tab, travel):
    reader = await open_tab(alice)
    await pool.run(talk.post, bob.pk, "раз")
    await reader.until("message.new")
    await reader.say("ping", seq=1)
    await reader.until("pong")
    assert hub.counts["frames_in"] == 1
    assert hub.counts["frames_out"] == len(reader.heard)
    assert hub.counts["events"] == 2  # to Alice, who is here, and to Bob
    assert sum(travel.places) == 1
    assert travel.total > 0


async def test_a_hint_that_reaches_nobody_here_takes_no_time(hub, talk, bob, travel):
    await pool.run(talk.post, bob.pk, "раз")
    assert hub.counts["events"] == 2
    assert sum(travel.places) == 0


async def test_the_time_of_the_commit_goes_to_other_workers(hub, alice, open_tab, travel):
    await open_tab(alice)
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        there = packed([Hint(origin="another", at=time.time(), news={alice.pk: [(1, -1)]})])
        clock.shift(0.3)
        hub.group._read(there)
        await pool.run(int)
    assert travel.total == pytest.approx(0.3)


async def test_tabs_that_come_back_and_numbers_that_lack(hub, alice, bob, talk, open_tab):
    await pool.run(talk.post, bob.pk, "раз")
    await open_tab(alice, after=0)
    assert (hub.counts["resumes"], hub.counts["resets"]) == (1, 0)
    await open_tab(alice, after=9)
    assert (hub.counts["resumes"], hub.counts["resets"]) == (1, 1)
    assert hub.counts["gaps"] == 0
    late = await open_tab(alice)
    push.offer(Hint(news={alice.pk: [(3, -1)]}))
    await late.until("reset")
    assert hub.counts["gaps"] > 0


async def test_who_is_sent_away_for_abuse_is_in_the_security_log(hub, alice, open_tab, caplog, settings):
    settings.BAD_FRAMES = 2
    tab = await open_tab(alice)
    for _ in range(2):
        await tab.say_text("{")
    assert await tab.ended() == 4400
    assert [each.getMessage() for each in caplog.records if each.name == "lootlink.security"] == [
        f"socket closed code=4400 user={alice.pk}"
    ]
