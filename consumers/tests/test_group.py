"""What a worker tells the others: how late it may be, and that what waits goes together."""

import asyncio
import time
from collections import Counter

import pytest
from channels.layers import InMemoryChannelLayer

from apps.live.push import Hint
from consumers.group import Group


@pytest.mark.parametrize(("took", "late"), [(0, 0.02), (0.1, 0.32), (60, 0.5), (-600, 0.02)])
async def test_a_gap_is_waited_for_as_long_as_hints_take(monkeypatch, took, late):
    monkeypatch.setattr(time, "time", lambda: 1_000.0)
    group = Group(InMemoryChannelLayer(), print, Counter())
    group.hear(Hint(origin=group._id, at=1_000.0 - took))
    assert group.late == pytest.approx(late)
    await group.leave()


class SlowLayer(InMemoryChannelLayer):
    sent = 0

    async def group_send(self, group, message):
        self.sent += 1
        await asyncio.sleep(0.05)
        await super().group_send(group, message)


async def test_hints_that_wait_for_one_another_go_together_and_in_order():
    layer, heard, counts = SlowLayer(), [], Counter()
    here, there = Group(layer, print, counts), Group(layer, heard.append, Counter())
    await asyncio.sleep(0.2)
    before = layer.sent
    for seq in range(1, 31):
        here.tell(Hint(news={1: [(seq, -1)]}))
        await asyncio.sleep(0)
    await asyncio.sleep(0.3)
    assert [hint.news for hint in heard if hint.news] == [{1: [(seq, -1)]} for seq in range(1, 31)]
    assert layer.sent - before == 3  # the first by itself, and then twenty at most
    assert counts["hints_sent"] == 31
    await here.leave()
    await there.leave()
