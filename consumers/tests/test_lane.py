"""A batch whose one item is wrong, and a database that is away."""

import asyncio

import pytest
from django.db import IntegrityError, OperationalError

from apps.live.models import Event, Inbox
from apps.live.push import Hint
from consumers import frames, pool
from consumers.lane import Lane


@pytest.fixture
async def lane_of():
    lanes = []

    def make(call):
        lanes.append(Lane(call, 50, pool.Line("test"), lambda item: item % 10))
        return lanes[-1]

    yield make
    for lane in lanes:
        await lane.stop()


@pytest.mark.parametrize("error", [KeyError("x"), IntegrityError("x")])
async def test_one_wrong_item_costs_the_others_nothing(lane_of, error):
    def call(items):
        if 2 in items:
            raise error
        return [item * 10 for item in items]

    lane = lane_of(call)
    futures = [lane.put(item) for item in (0, 1, 2, 3)]
    assert [await futures[place] for place in (0, 1, 3)] == [0, 10, 30]
    with pytest.raises(type(error)):
        await futures[2]
    assert await lane.put(5) == 50


async def test_a_database_that_is_away_is_asked_once(lane_of):
    asked = []

    def call(items):
        asked.append(items)
        raise OperationalError("away")

    lane = lane_of(call)
    futures = [lane.put(item) for item in range(4)]
    for future in futures:
        with pytest.raises(OperationalError):
            await future
    assert [len(items) for items in asked] in ([4], [1, 3])


class Locked(Exception):
    sqlstate = "55P03"


async def test_what_is_locked_is_waited_for_twice_however_much_of_it_there_is(lane_of):
    asked = []

    def call(items):
        asked.append(items)
        if any(item % 10 == 1 for item in items):
            raise OperationalError("locked") from Locked()
        return items

    lane = lane_of(call)
    futures = {item: lane.put(item) for item in (1, 2, 11, 12, 21, 31)}
    assert [await futures[item] for item in (2, 12)] == [2, 12]
    for item in (1, 11, 21, 31):
        with pytest.raises(OperationalError):
            await futures[item]
    assert asked == [[1, 2, 11, 12, 21, 31], [1, 11, 21, 31], [2, 12]]


async def test_an_event_that_can_not_be_shaped_ends_only_the_tab_that_it_is_for(
    hub, open_tab, alice, bob, charlie, monkeypatch, quick_tick
):
    shape = frames._shape

    def poisoned(event):
        return {"type": event.data["lacking"]} if event.user_id == alice.pk else shape(event)

    monkeypatch.setattr(frames, "_shape", poisoned)
    tabs = [await open_tab(user) for user in (alice, bob, charlie)]

    def write():
        for user in alice, bob, charlie:
            Event.objects.create(user=user, seq=1, type="future.thing", data={} if user == alice else {"told": 1})
            Inbox.objects.filter(user=user).update(head=1)

    await pool.run(write)
    hub.offer(Hint(news={user.pk: [(1, -1)] for user in (alice, bob, charlie)}))
    for tab in tabs[1:]:
        assert (await tab.until("future.thing"))["told"] == 1
    assert await tabs[0].ended() == 4012


async def test_a_call_that_answers_too_little_stops_nobody_else(lane_of):
    lane = lane_of(lambda items: [item * 10 for item in items if item])
    lost = lane.put(0)
    await asyncio.sleep(0)
    assert await asyncio.wait_for(lane.put(5), 5) == 50
    assert not lost.done()
