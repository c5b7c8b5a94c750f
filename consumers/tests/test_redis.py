"""The layer that is shipped, on a Redis of the test's own: two workers in one loop, and a Redis that dies and freezes."""

import asyncio
import json
import signal

import pytest
import websockets
from django.conf import settings

from apps.live import push
from consumers import pool
from consumers.hub import Hub
from consumers.layer import Layer

from .tab import Tab

pytestmark = pytest.mark.cluster


@pytest.fixture
async def two_hubs(transactional_db, redis, settings):
    settings.REDIS_URL = redis.url
    settings.TICK = 60
    settings.TICK_WITHOUT_REDIS = 0.3
    hubs = [Hub(lambda: Layer(hosts=[redis.url], prefix="redis-test")) for _ in range(2)]
    for hub in hubs:
        hub.start()
    push.connect(hubs[0])
    yield hubs
    for hub in hubs:
        await hub.stop()


async def opened(hub, session):
    tab = Tab(hub, session)
    assert await tab.open()
    await tab.until("hello")
    return tab


async def joined(hubs):
    """Until each worker hears itself through Redis."""
    for hub in hubs:
        hub.group._heard_at = 0.0
        while not hub.group._heard_at:
            hub.group.tell(push.Hint())
            await asyncio.sleep(0.1)


async def test_a_message_crosses_workers_without_the_tick(two_hubs, sessions, talk, alice, bob):
    await joined(two_hubs)
    reader = await opened(two_hubs[1], sessions[alice.pk])
    await pool.run(talk.post, bob.pk, "раз")
    assert (await reader.until("message.new"))["seq"] == 1
    assert two_hubs[1].counts["healed"] == 0
    await reader.close()


@pytest.mark.parametrize("fault", ["frozen", "killed"])
async def test_while_redis_is_away_the_tick_carries_the_feed_and_then_redis_again(
    two_hubs, redis, sessions, talk, alice, bob, settings, fault
):
    await joined(two_hubs)
    reader = await opened(two_hubs[1], sessions[alice.pk])
    if fault == "frozen":
        redis.process.send_signal(signal.SIGSTOP)
    else:
        redis.process.send_signal(signal.SIGKILL)
        redis.process.wait()
    settings.TICK = 0.3
    for hub in two_hubs:
        hub.group._lost(OSError("as its next hint would find"))
        hub._tasks[0].cancel()
        hub._tasks[0] = asyncio.create_task(hub._tick_forever())
    await pool.run(talk.post, bob.pk, "без Redis")
    assert (await reader.until("message.new"))["message"]["content"] == "без Redis"
    assert not two_hubs[0].layer_well

    if fault == "frozen":
        redis.process.send_signal(signal.SIGCONT)
    else:
        redis.start()
    async with asyncio.timeout(20):
        while not all(hub.layer_well and hub.group._silent_until < asyncio.get_running_loop().time() for hub in two_hubs):
            await asyncio.sleep(0.1)
    await joined(two_hubs)
    settings.TICK = 60
    healed = two_hubs[1].counts["healed"]
    await asyncio.sleep(0.5)
    await pool.run(talk.post, bob.pk, "снова")
    assert (await reader.until("message.new"))["message"]["content"] == "снова"
    assert two_hubs[1].counts["healed"] == healed
    assert not reader.close_code
    await reader.close()


@pytest.mark.django_db(transaction=True)
async def test_an_idle_socket_stays_open(one_worker, sessions, alice):
    """With the layer that channels-redis recommends, redis-py 8 closes one every 5 s. For 30 s: drill F25, with its control."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={sessions[alice.pk]}", "Origin": one_worker.url}
    url = one_worker.url.replace("http", "ws") + "/ws/"
    async with websockets.connect(url, additional_headers=headers) as socket:
        assert json.loads(await socket.recv())["type"] == "hello"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.recv(), 8)
        await socket.send('{"type": "ping"}')
        assert json.loads(await socket.recv()) == {"type": "pong", "head": 0}
