"""F2–F5 and F25: Redis killed, frozen, absent, emptied, cut off; and idle."""

import asyncio
import time

import redis
from channels_redis.core import RedisChannelLayer

from tests.servers import free_port

from .chatter import Chatter
from .checker import check
from .clients import Trader
from .pages import fetch
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Storm


def control(stage: Stage, scale: Scale, rate: float, havoc, **site) -> dict:
    """The same with the healing off, as the fields of an Outcome."""
    if not scale.controls:
        return {}
    storm = Storm(stage, scale.seed, rate, havoc, heals=False, **site)
    return {"control": f"healing off: {storm.verdict}", "control_failed": storm.verdict.lost > 0}


def killings(times: int, down: float = 1.5, up: float = 3):
    async def havoc(site: Site):
        for _time in range(times):
            await asyncio.sleep(up)
            site.redis.kill()
            await asyncio.sleep(down)
            site.redis.spawn()
        await asyncio.sleep(up)

    return havoc


@drill(
    "F2",
    "Redis killed five times, 1.5 s down, 200 messages a second",
    "0/0/0, 0 sockets closed, 0 x 5xx, e2e max < 3.5 s, settled < 1 s",
)
def f2(stage: Stage, scale: Scale) -> Outcome:
    rate, havoc = scale.of(200, 60), killings(scale.of(5, 1))
    storm = Storm(stage, scale.seed, rate, havoc)
    crowd, seen = storm.crowd, storm.visitor
    held = storm.verdict.clean and not storm.closed and not seen.failures
    return Outcome(
        f"{storm.verdict}; {storm.closed} closed, {seen.failures} of {len(seen.answers)} pages failed, "
        f"e2e max {storm.travels.max} ms, settled in {crowd.settled:.2f} s",
        held and storm.travels.max < scale.within(3.5) * 1000 and crowd.settled < scale.within(1),
        storm.travels,
        **control(stage, scale, rate, killings(1)),
    )


def freezes(times: int, frozen: float = 4, up: float = 3):
    async def havoc(site: Site):
        for _time in range(times):
            await asyncio.sleep(up)
            site.redis.freeze()
            await asyncio.sleep(frozen)
            site.redis.thaw()
        await asyncio.sleep(up)

    return havoc


@drill("F3", "Redis frozen five times for 4 s, 200 messages a second", "0/0/0, 0 sockets closed, HTTP p99 < 1 s")
def f3(stage: Stage, scale: Scale) -> Outcome:
    rate = scale.of(200, 60)
    storm = Storm(stage, scale.seed, rate, freezes(scale.of(5, 1)))
    seen = storm.visitor
    held = storm.verdict.clean and not storm.closed and not seen.failures and seen.times.p99 < scale.within(1) * 1000
    return Outcome(
        f"{storm.verdict}; {storm.closed} closed, {seen.failures} of {len(seen.answers)} pages failed, "
        f"HTTP p99 {seen.times.p99} ms, e2e max {storm.travels.max} ms",
        held,
        seen.times,
        **control(stage, scale, rate, freezes(1)),
    )


@drill("F4", "Redis never there", "0/0/0, pages work, new sockets open, e2e across workers < 3 s")
def f4(stage: Stage, scale: Scale) -> Outcome:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    opened: list[float] = []

    async def havoc(site: Site):
        for turn in range(scale.of(20, 4)):
            person = newcomers[turn % len(newcomers)]
            began = time.monotonic()
            async with Trader(site.url, person):
                opened.append(time.monotonic() - began)
            await asyncio.sleep(1)

    newcomers = Chatter(2, scale.seed).people
    storm = Storm(stage, scale.seed, 50, havoc, redis=nobody)
    seen, opening = storm.visitor, Times.of(opened)
    return Outcome(
        f"{storm.verdict}; {seen.failures} of {len(seen.answers)} pages failed, {len(opened)} sockets opened within "
        f"{opening.max} ms, e2e max {storm.travels.max} ms",
        storm.verdict.clean and not seen.failures and not storm.closed and storm.travels.max < scale.within(3) * 1000,
        storm.travels,
        **control(stage, scale, 50, havoc, redis=nobody),
    )


def losses(times: int):
    """In turn: all it has is forgotten, its subscribers are cut off, another and empty one takes its place."""

    async def havoc(site: Site):
        for turn in range(times):
            await asyncio.sleep(2)
            if turn % 3 == 2:
                site.redis.kill()
                site.redis.spawn()
            else:
                with redis.Redis.from_url(site.redis.url) as client:
                    client.flushall() if turn % 3 == 0 else client.client_kill_filter(_type="pubsub")
        await asyncio.sleep(3)

    return havoc


@drill("F5", "Redis flushed, its subscribers cut off, replaced by an empty one, 20 times", "0/0/0, 0 sockets closed")
def f5(stage: Stage, scale: Scale) -> Outcome:
    rate, times = scale.of(100, 60), scale.of(20, 3)
    storm = Storm(stage, scale.seed, rate, losses(times))
    return Outcome(
        f"{storm.verdict}; {storm.closed} closed, {storm.visitor.failures} pages failed, settled in {storm.crowd.settled:.2f} s",
        storm.verdict.clean and not storm.closed and not storm.visitor.failures,
        storm.travels,
        **control(stage, scale, rate, losses(min(times, 6))),
    )


@drill("F25", "Sockets idle for 30 s on the shipped lock file", "0 closed; channels' usual layer breaks in that time")
def f25(stage: Stage, scale: Scale) -> Outcome:
    crowd = Chatter(scale.of(20, 3), scale.seed)
    idle = scale.of(30, 8)

    async def run(site: Site):
        async with crowd.connected(site.url):
            await asyncio.sleep(idle)
            for _message in range(20):
                crowd.say()
            crowd.ended = time.monotonic()
            await crowd.settle()
        return await _usual_layer(site.redis.url, idle) if scale.controls else ""

    with stage.site() as site:
        broke = asyncio.run(run(site))
        well = asyncio.run(fetch(site.url, "/health/ready/")).json()["status"] == "ok"
        tracebacks = site.tracebacks()
    verdict, closed = check(list(crowd.traders.values())), crowd.closed().total()
    outcome = Outcome(
        f"{closed} of {len(crowd.traders)} closed in {idle} s, {tracebacks} tracebacks; then {verdict}",
        verdict.clean and not closed and not tracebacks and well,
    )
    if scale.controls:
        outcome.control, outcome.control_failed = f"channels' usual layer, idle: {broke or 'nothing'}", bool(broke)
    return outcome


async def _usual_layer(url: str, seconds: float) -> str:
    """What a worker that waits on the core layer gets: the reason why this one is not used."""
    layer = RedisChannelLayer(hosts=[url], prefix="usual")
    try:
        async with asyncio.timeout(seconds):
            await layer.receive(await layer.new_channel())
    except redis.exceptions.RedisError as error:
        return f"{type(error).__name__}: {error}"
    except TimeoutError:
        return ""
    finally:
        await layer.close_pools()
