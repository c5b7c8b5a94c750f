"""Two workers in one loop, joined by a layer that drops, doubles and delays: nothing lost, nothing doubled, in order."""

import asyncio

import pytest

from apps.chat.models import Message
from apps.live import push
from consumers import pool
from consumers.hub import Hub

from .lying import LyingLayer
from .tab import Tab


@pytest.fixture
async def two_hubs(transactional_db, settings, quick_tick):
    settings.RATE_LIMITS = False
    layer = LyingLayer(seed=7)
    hubs = [Hub(lambda: layer), Hub(lambda: layer)]
    for hub in hubs:
        hub.start()
    push.connect(hubs[0])
    yield hubs, layer
    for hub in hubs:
        await hub.stop()


async def opened(hub, session, after=None):
    tab = Tab(hub, session, after)
    assert await tab.open()
    await tab.until("hello")
    return tab


async def test_what_a_tab_applied_is_a_prefix_of_its_log(two_hubs, sessions, talk, alice, bob):
    """The writer's worker pushes; the reader's worker hears it only through the lying layer."""
    hubs, layer = two_hubs
    writer, reader = await opened(hubs[0], sessions[bob.pk]), await opened(hubs[1], sessions[alice.pk])
    for n in range(150):
        await writer.say("message.send", ref=str(n), conversation=talk.pk, content=str(n))
        if n % 10 == 0:
            await asyncio.sleep(0.02)
    frames = await reader.hear_all(150)
    assert [frame["seq"] for frame in frames] == list(range(1, 151))
    assert [frame["message"]["content"] for frame in frames] == [str(n) for n in range(150)]
    assert layer.lies > 0, "the layer has to have lied"
    assert await pool.run(Message.objects.count) == 150
    for tab in writer, reader:
        await tab.close()


async def test_without_the_tick_a_lost_hint_stays_lost(two_hubs, sessions, talk, alice, bob, settings):
    """The control: with the healing off the same layer does lose events."""
    hubs, layer = two_hubs
    layer._drop = 1.0
    reader = await opened(hubs[1], sessions[alice.pk])
    settings.TICK = settings.TICK_WITHOUT_REDIS = 3600
    await asyncio.sleep(0.5)
    await pool.run(talk.post, bob.pk, "раз")
    assert await reader.quiet(1)
    settings.TICK = settings.TICK_WITHOUT_REDIS = 0.1
    await hubs[1]._tick()
    assert (await reader.until("message.new"))["seq"] == 1
    assert hubs[1].counts["healed"] == 1
    await reader.close()


async def test_a_hint_that_comes_as_the_log_is_about_to_be_read(hub, open_tab, talk, alice, bob, monkeypatch):
    tab = await open_tab(alice)
    monkeypatch.setattr(push, "send", lambda news: None)
    await pool.run(talk.post, bob.pk, "раз")
    (socket,) = hub.sockets[alice.pk]
    socket.tail.behind(1)
    socket.tail.expect_nothing()
    # After the tail has seen what it lacks, and before its task begins.
    asyncio.get_running_loop().call_soon(socket.tail.news, 1, '{"type":"message.new"}')
    assert (await tab.until("message.new"))["seq"] == 1
    assert await tab.quiet()
    assert hub.counts["resets"] == 0
