"""F14, F15, F21: who doesn't read, who floods, who asks for what takes long; and what others notice."""

import asyncio
import contextlib
import json
import time

from . import gauges, people
from .bare import Bare, packed, pings
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage

CONTENT = "ы" * 4_000
READER_MB, FLOOD_MB = 10, 30
PINGED_OUT = 20 + 30 + 10  # seconds: daphne asks after 20, waits for 30, looks now and then
TOGETHER = 100  # messages on their way
DEAF = 20  # seconds that it asks for


async def write(site: Site, talk: people.Talk, author: people.Person, number: int) -> None:
    """`number` messages into a talk, as fast as they are taken."""
    tab = await Bare.open(site.workers[0].url, author)
    answered = sent = seq = 0
    while answered < number:
        while sent < number and sent - answered < TOGETHER:
            tab.say("message.send", ref=f"{author.id}-{time.monotonic_ns()}", conversation=talk.id, content=CONTENT)
            sent += 1
        frame = await tab.next()
        if frame is None:
            raise ConnectionResetError(f"the author was closed with {tab.code}")
        answered += frame["type"] == "ok"
        if frame.get("seq", 0) >= seq + 50:
            seq = frame["seq"]
            tab.say("ping", seq=seq)
    tab.close()


async def read_on(tab: Bare) -> None:
    """A good tab."""
    seq = 0
    while (frame := await tab.next()) is not None:
        if frame.get("seq", 0) >= seq + 50:
            seq = frame["seq"]
            tab.say("ping", seq=seq)


async def deaf(site: Site, seconds: float) -> tuple[float, float]:
    """Somebody who asks and asks, gives signs of life and never reads: megabytes more at most, and seconds until it was cut."""
    one = await asyncio.to_thread(people.person)
    ids = await asyncio.to_thread(lambda: [people.listing(one.id, "ы" * 200).pk for _ in range(20)])
    url, pid = site.workers[0].url, site.workers[0].pid
    tab = await Bare.open(url, one, buffer=4096)
    before = most = gauges.memory(pid)
    began = time.monotonic()
    while tab.held and time.monotonic() - began < seconds:
        for _ in range(20):
            tab.say("watch", users=[one.id], listings=ids)
        tab.pong()
        await asyncio.sleep(0.05)
        most = max(most, gauges.memory(pid))
    tab.close()
    return most - before, time.monotonic() - began


@drill(
    "F14",
    "A client that never reads, with 20,000 messages waiting; and one that asks besides",
    f"RSS +< {READER_MB} MB, others' p99 unchanged, dropped by daphne's ping within {PINGED_OUT} s",
    seconds=1_200,
)
def f14(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(20_000, 1_500)
    with stage.site(workers=1) as site:
        # As many beside one who reads: what the worker takes for the work itself is nobody's fault.
        reading, _grown, _gone = asyncio.run(_slow_reader(site, number, reads=True, wait=False))
        times, grown, gone = asyncio.run(_slow_reader(site, number, reads=False, wait=not scale.quick))
        swollen, cut = asyncio.run(deaf(site, DEAF))
    before, after = Times.of(reading), Times.of(times)
    dropped = scale.of(f"dropped after {gone:.0f} s", "not waited for the drop")
    asked = f"who asks: RSS {swollen:+.1f} MB, cut after {cut:.0f} s"
    figure = (
        f"RSS {grown:+.1f} MB, others' ping p99 {before.p99} ms beside a reader, {after.p99} ms beside it; {dropped}; {asked}"
    )
    unharmed = after.p99 < scale.within(max(2 * before.p99, before.p99 + 50))
    held = max(grown, swollen) < READER_MB and unharmed and cut < DEAF and (scale.quick or gone < PINGED_OUT)
    outcome = Outcome(figure, held, after)
    if scale.controls:
        control = scale.of(20_000, 3_000)
        with stage.site(workers=1, without="window wire") as site:
            asyncio.run(_slow_reader(site, 1_000, reads=True, wait=False))
            # First what takes less: it would find room enough in what the other has left.
            deafened, _cut = asyncio.run(deaf(site, DEAF))
            _times, swollen, _gone = asyncio.run(_slow_reader(site, control, reads=False, wait=False))
        outcome.control = (
            f"without window and limit: RSS {swollen:+.1f} MB after {control:,} messages, {deafened:+.1f} MB by asking"
        )
        outcome.control_failed = min(swollen, deafened) >= READER_MB
    return outcome


async def _slow_reader(site: Site, number: int, *, reads: bool, wait: bool) -> tuple[list[float], float, float]:
    """Others' pings meanwhile, megabytes more, and seconds until the server let go."""
    author, sleeper, other = people_of_three = await asyncio.to_thread(lambda: [people.person() for _ in range(3)])
    talk = await asyncio.to_thread(people.talk, author, sleeper)
    url, pid = site.workers[0].url, site.workers[0].pid
    tab, third = await Bare.open(url, sleeper, buffer=4096), await Bare.open(url, other)
    began = time.monotonic()
    reader = asyncio.create_task(read_on(tab)) if reads else None
    before = gauges.memory(pid)
    writing = asyncio.create_task(write(site, talk, people_of_three[0], number))
    times = []
    while not writing.done():
        times.append(await third.ping())
        await asyncio.sleep(0.02)
    await writing
    grown = gauges.memory(pid) - before
    while wait and tab.held and time.monotonic() - began < 2 * PINGED_OUT:
        await asyncio.sleep(0.5)
    gone = time.monotonic() - began
    if reader:
        reader.cancel()
    tab.close()
    third.close()
    return times, grown, gone


LONGEST = 8  # seconds that a flood goes on
# Bytes of a frame, and whether a command of five seconds goes before them.
FLOODS = {"15 KB": (15_000, False), "60 KB": (60_000, False), "15 KB behind a slow command": (15_000, True)}


async def flood(site: Site, size: int, behind: bool) -> tuple[float, float, list[float]]:
    """Seconds until it was cut, megabytes more at most, and others' pings meanwhile."""
    one, other = await asyncio.to_thread(lambda: [people.person() for _ in range(2)])
    url, pid = site.workers[0].url, site.workers[0].pid
    tab, third = await Bare.open(url, one), await Bare.open(url, other)
    await pings(third, 0.5)
    before = most = gauges.memory(pid)
    frame = packed(json.dumps({"type": "message.send", "ref": "r", "conversation": 1, "content": "x" * size}).encode())
    if behind:
        tab.say("notification.read", notification=1)
        await asyncio.sleep(0.1)
    beside = asyncio.create_task(pings(third, LONGEST + 1, 0.1))
    ended = asyncio.create_task(tab.ended())
    began = time.monotonic()
    while not ended.done() and time.monotonic() - began < LONGEST:
        tab.writer.write(frame)
        with contextlib.suppress(OSError):
            await tab.writer.drain()
        most = max(most, gauges.memory(pid))
        await asyncio.sleep(0)
    cut = time.monotonic() - began
    times = await beside
    ended.cancel()
    for each in (tab, third):
        each.close()
    return cut, max(most, gauges.memory(pid)) - before, times


@drill(
    "F15",
    "Floods of frames: 15 KB, 60 KB, and 15 KB behind a command that waits",
    f"cut within 1 s, RSS +< {FLOOD_MB} MB, others' p99 < 500 ms",
    seconds=180,
)
def f15(stage: Stage, scale: Scale) -> Outcome:
    limits = {"LOOTLINK_RATE_LIMITS": "on"}
    with stage.site(workers=1, without="haste", **limits) as site:
        floods = {name: asyncio.run(flood(site, *how)) for name, how in FLOODS.items()}
    figure = "; ".join(f"{name}: cut after {cut:.2f} s, RSS {grown:+.1f} MB" for name, (cut, grown, _times) in floods.items())
    times = Times.of(each for _cut, _grown, times in floods.values() for each in times)
    soon = scale.of(1, LONGEST)
    held = all(cut < soon and grown < FLOOD_MB for cut, grown, _times in floods.values()) and times.p99 < scale.within(500)
    outcome = Outcome(figure, held, times)
    if scale.controls:
        with stage.site(workers=1, without="haste wire floods", **limits) as site:
            cut, grown, _times = asyncio.run(flood(site, 15_000, behind=True))
        outcome.control = f"without the limits: {'cut' if cut < LONGEST else 'not cut'} within {cut:.0f} s, RSS {grown:+.0f} MB"
        outcome.control_failed = cut >= 1 or grown >= FLOOD_MB
    return outcome


@drill("F21", "One query of 5 s on one socket", "others' ping < 100 ms", seconds=120)
def f21(stage: Stage, scale: Scale) -> Outcome:
    with stage.site(workers=1, without="haste") as site:
        asked, read = asyncio.run(beside_a_slow_query(site))
    times = Times.of(asked)
    figure = f"others' ping max {times.max} ms of {len(asked)}, others' reading max {max(read) * 1000:.0f} ms of {len(read)}"
    outcome = Outcome(figure, len(read) > 2 and times.max < scale.within(100) and max(read) < scale.within(1), times)
    if scale.controls:
        with stage.site(workers=1, without="haste threads") as site:
            _asked, waited = asyncio.run(beside_a_slow_query(site))
        outcome.control = f"with one thread for all sockets: others' reading max {max(waited) * 1000:.0f} ms"
        outcome.control_failed = max(waited) >= 1
    return outcome


async def beside_a_slow_query(site: Site) -> tuple[list[float], list[float]]:
    """How long others' pings took, and others' reading, which needs the database too."""
    url = site.workers[0].url
    one, other = await asyncio.to_thread(lambda: [people.person() for _ in range(2)])
    talk = await asyncio.to_thread(people.talk, one, other)
    slow, second, third = [await Bare.open(url, person) for person in (one, other, other)]
    read: list[float] = []

    async def reading():
        while not done.done():
            began, ref = time.perf_counter(), f"r{len(read)}"
            third.say("message.read", conversation=talk.id, message=1, ref=ref)
            await third.until("ok", ref=ref)
            read.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)

    await pings(second, 1)
    slow.say("notification.read", notification=1, ref="slow")
    done = asyncio.create_task(slow.until("ok", ref="slow"))
    beside = asyncio.create_task(reading())
    asked = await pings(second, 4.5, 0.02)
    await done
    await beside
    for tab in (slow, second, third):
        tab.close()
    return asked, read
