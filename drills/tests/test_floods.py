"""Who doesn't read, who asks what takes long, and a layer that lies: what others notice of them."""

import asyncio

import pytest

from drills import floods, throng
from drills.storm import Calm

pytestmark = pytest.mark.cluster


def test_a_deaf_tab_is_cut_and_a_slow_query_holds_up_nobody(stage):
    with stage.site(workers=1, without="haste") as site:
        _asked, read = asyncio.run(floods.beside_a_slow_query(site))
        grown, cut = asyncio.run(floods.deaf(site, floods.DEAF))
        tracebacks = site.tracebacks()
    assert len(read) > 2  # on the query's own thread the first would have waited for its end
    assert cut < floods.DEAF
    assert grown < floods.FLOOD_MB
    assert tracebacks == 0


def test_a_lying_layer_loses_nothing(stage):
    calm = Calm(stage, seed=1, rate=40, seconds=3, without="truth")
    assert calm.verdict.clean, calm.verdict
    assert len(calm.crowd.sent) > 50


def test_a_hundred_tabs_come_back_at_once(stage):
    crowd = throng.crowd_of(100)
    with stage.site() as site:
        lives, refused, _lost, _worked = asyncio.run(throng.storm(site, crowd))
        assert site.tracebacks() == 0
    assert len(lives) == 100
    assert max(lives) < float("inf")
    assert refused == []
