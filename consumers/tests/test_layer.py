"""Our line to Redis, beside the layer of channels-redis, whose place it takes."""

import asyncio
import signal

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis as Client
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ResponseError

from consumers.layer import Layer

pytestmark = pytest.mark.cluster
HINT = {"type": "live.hint", "body": b"\x00\xff" * 40_000}


@pytest.fixture
async def layers(redis):
    """`layers(kind)` is one that has joined `live`, and its channel."""
    made = []

    async def joined(kind, url=redis.url):
        layer = kind(hosts=[url], prefix="line")
        made.append(layer)
        channel = await layer.new_channel()
        await layer.group_add("live", channel)
        return layer, channel

    yield joined
    for layer in made:
        await layer.flush()


@pytest.mark.parametrize(("one", "other"), [(Layer, Layer), (Layer, RedisPubSubChannelLayer), (RedisPubSubChannelLayer, Layer)])
async def test_it_is_heard_by_its_like_and_by_channels_redis(layers, one, other):
    speaker, own = await layers(one)
    listener, channel = await layers(other)
    for _ in range(3):
        await speaker.group_send("live", HINT)
    async with asyncio.timeout(5):
        for layer, name in ((listener, channel), (speaker, own)):
            assert [await layer.receive(name) for _ in range(3)] == [HINT] * 3


async def test_one_connection_both_speaks_and_hears(layers, redis):
    layer, channel = await layers(Layer)
    await asyncio.gather(*(layer.group_send("live", {"n": n}) for n in range(50)))
    assert [(await layer.receive(channel))["n"] for n in range(50)] == [*range(50)]
    with Client.from_url(redis.url) as client:
        assert len(client.client_list()) == 2  # this client's is the other


async def test_the_end_of_its_connection_is_heard_and_it_can_be_joined_anew(layers, redis):
    layer, channel = await layers(Layer)
    heard = asyncio.create_task(layer.receive(channel))
    with Client.from_url(redis.url) as client:
        client.client_kill_filter(_type="pubsub")
    with pytest.raises(Lost):
        await asyncio.wait_for(heard, 5)
    channel = await layer.new_channel()
    await layer.group_add("live", channel)
    await layer.group_send("live", HINT)
    assert await asyncio.wait_for(layer.receive(channel), 5) == HINT


async def test_what_waits_for_a_redis_that_dies_is_told(layers, redis):
    layer, channel = await layers(Layer)
    redis.process.send_signal(signal.SIGSTOP)
    said = asyncio.create_task(layer.group_send("live", HINT))
    heard = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(0.1)
    assert not said.done()
    redis.process.send_signal(signal.SIGKILL)
    for waiting in (said, heard):
        with pytest.raises(Lost):
            await asyncio.wait_for(waiting, 5)
    with pytest.raises(Lost):
        await layer.group_send("live", HINT)


async def test_a_frozen_redis_can_be_left(layers, redis):
    layer, _channel = await layers(Layer)
    redis.process.send_signal(signal.SIGSTOP)
    said = asyncio.create_task(layer.group_send("live", HINT))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(layer.flush(), 1)
    with pytest.raises(Lost):
        await said


async def test_what_redis_refuses_is_an_error(layers, redis):
    with Client.from_url(redis.url) as client:
        client.acl_setuser("mute", enabled=True, passwords=["+word"], channels=["line*"], commands=["+@all", "-publish"])
    layer, channel = await layers(Layer, redis.url.replace("redis://", "redis://mute:word@"))
    with pytest.raises(ResponseError):
        await layer.group_send("live", HINT)
    with Client.from_url(redis.url) as client:
        client.publish("line__group__live", layer.serialize(HINT))
    assert await asyncio.wait_for(layer.receive(channel), 5) == HINT


async def test_who_stops_waiting_spoils_nothing_for_others(layers, redis):
    layer, channel = await layers(Layer)
    redis.process.send_signal(signal.SIGSTOP)
    impatient = asyncio.create_task(layer.group_send("live", {"n": 1}))
    patient = asyncio.create_task(layer.group_send("live", {"n": 2}))
    await asyncio.sleep(0.1)
    impatient.cancel()
    redis.process.send_signal(signal.SIGCONT)
    await asyncio.wait_for(patient, 5)
    assert [(await layer.receive(channel))["n"] for _ in range(2)] == [1, 2]
