"""F16, F17: a thousand sockets, idle for long or coming back all at once."""

import asyncio
import resource
import time
from dataclasses import dataclass, field

from . import gauges, people
from .bare import Bare, Refused
from .row import NotRun, Outcome, Scale, Times, drill
from .stage import Site, Stage

MEMORY_MB = 150  # of a worker
EACH = 10  # sockets of one person, over all workers
PING_EVERY, SILENT_FOR = 25, 75 + 10  # seconds
LIVE_WITHIN = 8  # seconds
AT_ONCE = 50  # handshakes, where it need not be all
SILENT = 20  # sockets


@dataclass
class Throng:
    """Every tab with the task that reads it, which is done when the server ended it."""

    tabs: list[Bare] = field(default_factory=list)
    ends: list[asyncio.Task] = field(default_factory=list)

    async def come(self, site: Site, crowd: list[people.Person], each: int) -> None:
        free = asyncio.Semaphore(AT_ONCE)
        urls = [worker.url for worker in site.workers]

        async def one(place: int) -> None:
            async with free:
                tab = await Bare.open(urls[place % len(urls)], crowd[place // each])
                await tab.until("hello")
                self.tabs.append(tab)
                self.ends.append(asyncio.create_task(tab.ended()))

        await asyncio.gather(*(one(place) for place in range(each * len(crowd))))

    async def ping(self) -> None:
        """As good tabs do, spread over the time that there is."""
        while True:
            for tab in self.tabs:
                tab.say("ping")
                await asyncio.sleep(PING_EVERY / len(self.tabs) / 1.1)

    @property
    def ended(self) -> int:
        return sum(end.done() for end in self.ends)

    def leave(self) -> None:
        """All at once, without a goodbye."""
        for end, tab in zip(self.ends, self.tabs, strict=True):
            end.cancel()
            tab.writer.transport.abort()


def crowd_of(sockets: int) -> list[people.Person]:
    _allow(sockets + 200)
    return [people.person() for _ in range(sockets // EACH)]


def _allow(files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < files:
        raise NotRun(f"this process may open {hard} files only")
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


@drill(
    "F16",
    "1,000 idle sockets on 2 workers, pings only, 10 min",
    f"0 closed, RSS < {MEMORY_MB} MB a worker, 0 tracebacks",
    seconds=900,
)
def f16(stage: Stage, scale: Scale) -> Outcome:
    crowd, seconds = crowd_of(scale.of(1_000, 200)), scale.of(600, 6)
    silent = [people.person() for _ in range(SILENT // EACH)] if scale.controls and seconds > SILENT_FOR else []
    with stage.site() as site:
        throng, mute, memory = asyncio.run(_idle(site, crowd, silent, seconds))
        tracebacks = site.tracebacks()
    ended = throng.ended
    figure = (
        f"{len(throng.tabs)} sockets, {seconds} s: {ended} closed, RSS {' and '.join(f'{each:.0f}' for each in memory)} MB, "
        f"{tracebacks} tracebacks"
    )
    outcome = Outcome(figure, not ended and max(memory) < MEMORY_MB and not tracebacks)
    if silent:
        codes = [tab.code for tab in mute.tabs]
        outcome.control = f"tabs that do not ping: {codes.count(4408)} of {len(codes)} closed with 4408"
        outcome.control_failed = codes.count(4408) == len(codes)
    return outcome


async def _idle(site: Site, crowd: list, silent: list, seconds: float) -> tuple[Throng, Throng, list[float]]:
    throng, mute = Throng(), Throng()
    await throng.come(site, crowd, EACH)
    await mute.come(site, silent, EACH)
    pinging = asyncio.create_task(throng.ping())
    most = [0.0] * len(site.workers)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        most = [max(known, gauges.memory(worker.pid)) for known, worker in zip(most, site.workers, strict=True)]
        await asyncio.sleep(1)
    pinging.cancel()
    # Before the loop ends, which would cancel them all.
    throng.ends = [end for end in throng.ends if end.done()]
    return throng, mute, most


@drill("F17", "1,000 sockets reconnect at once to 2 workers", f"all live within {LIVE_WITHIN} s, 0 × 5xx", seconds=240)
def f17(stage: Stage, scale: Scale) -> Outcome:
    crowd = crowd_of(scale.of(1_000, 200))
    with stage.site() as site:
        lives, refused, lost, worked = asyncio.run(storm(site, crowd))
        tracebacks = site.tracebacks()
    times = Times.of(lives)
    figure = (
        f"{len(lives)} live after {times.max / 1000:.2f} s, {len(refused)} refused {set(refused) or ''}, "
        f"{lost} handshakes reset, {tracebacks} tracebacks; the workers were busy for {worked:.1f} s each"
    )
    outcome = Outcome(figure, times.max < scale.within(LIVE_WITHIN) * 1000 and not refused and not tracebacks, times)
    if scale.controls:
        few = crowd[:20]
        with stage.site(without="doors") as site:
            worse = Times.of(asyncio.run(storm(site, few))[0])
        outcome.control = f"let in one after another: {EACH * len(few)} live after {worse.max / 1000:.2f} s"
        outcome.control_failed = worse.max >= LIVE_WITHIN * 1000
    return outcome


async def storm(site: Site, crowd: list[people.Person]) -> tuple[list[float], list[str], int, float]:
    """Seconds until each hello, what was refused, how many had to be tried again, and a worker's own time."""
    throng = Throng()
    await throng.come(site, crowd, EACH)
    throng.leave()
    refused: list[str] = []
    lost = 0
    began, busy = time.monotonic(), _worked(site)

    async def back(place: int) -> float:
        nonlocal lost
        for attempt in range(10):
            try:
                tab = await Bare.open(site.workers[place % 2].url, crowd[place // EACH], "?after=0")
                await tab.until("hello")
                again.append(tab)
                return time.monotonic() - began
            except Refused as answer:
                refused.append(str(answer))
            except OSError:
                lost += 1
            await asyncio.sleep(0.1 * 2**attempt)
        return float("inf")

    again: list[Bare] = []
    lives = await asyncio.gather(*(back(place) for place in range(EACH * len(crowd))))
    worked = _worked(site) - busy
    for tab in again:
        tab.close()
    return lives, refused, lost, worked


def _worked(site: Site) -> float:
    return sum(gauges.cpu(worker.pid) for worker in site.workers) / len(site.workers)
