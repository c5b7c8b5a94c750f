"""F26, F27: a layer that lies for 20,000 messages, and a site that is used for half an hour."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import fmean

from django.db import connection

from . import gauges
from .chatter import Chatter
from .checker import check
from .pages import reading
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Calm

LONGEST_WAIT = 4  # seconds
SLOPE = 1  # megabytes a minute
WARM = 5  # minutes, or a third of a shorter run
LEAK = 20  # megabytes a minute that a run of seconds can tell from warming up


@drill("F26", "A hostile layer drops 30 %, doubles 20 %, delays 20 %: 20,000 messages", "0/0/0, max wait < 4 s", seconds=420)
def f26(stage: Stage, scale: Scale) -> Outcome:
    calm = Calm(stage, scale.seed, scale.of(200, 80), scale.of(100, 5), without="truth")
    times = Times.of(calm.crowd.travels())
    figure = f"{len(calm.crowd.sent)} messages: {calm.verdict}; max wait {times.max / 1000:.2f} s"
    outcome = Outcome(figure, calm.verdict.clean and times.max < scale.within(LONGEST_WAIT) * 1000, times)
    if scale.controls:
        naive = Calm(stage, scale.seed, 80, 5, heals=False, without="truth healing")
        outcome.control = f"without healing: {naive.verdict} of {len(naive.crowd.sent)} messages"
        outcome.control_failed = naive.verdict.lost > 0
    return outcome


@dataclass
class Gauged:
    """Every few seconds: minutes since the beginning, megabytes and threads of the workers, connections of the database."""

    minutes: list[float] = field(default_factory=list)
    memory: list[list[float]] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    connections: list[float] = field(default_factory=list)

    def take(self, site: Site, began: float) -> None:
        self.minutes.append((time.monotonic() - began) / 60)
        self.memory.append([gauges.memory(worker.pid) for worker in site.workers])
        self.threads.append(sum(gauges.threads(worker.pid) for worker in site.workers))
        self.connections.append(_connections())

    def slope(self) -> float:
        """Megabytes a minute of the worker that grows most, by least squares, once it is warm."""
        start = self._warm()
        return max(
            _slope(self.minutes[start:], [row[place] for row in self.memory[start:]]) for place in range(len(self.memory[0]))
        )

    def _warm(self) -> int:
        warm = min(WARM, self.minutes[-1] / 3)
        return next(place for place, minute in enumerate(self.minutes) if minute >= warm)

    def grown(self, values: list[float]) -> float:
        """By how much the last third lies above the first, once it is warm."""
        values = values[self._warm() :]
        third = max(1, len(values) // 3)
        return fmean(values[-third:]) - fmean(values[:third])


def _slope(x: list[float], y: list[float]) -> float:
    middle, level = fmean(x), fmean(y)
    spread = sum((each - middle) ** 2 for each in x)
    return sum((one - middle) * (other - level) for one, other in zip(x, y, strict=True)) / spread if spread else 0.0


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


@drill(
    "F27",
    "Soak: talks, pages and broken sockets on 2 workers, 30 min (SOAK_MINUTES for another time)",
    f"RSS slope < {SLOPE} MB/min after minute {WARM}, threads and connections flat, 0/0/0",
    seconds=3_600,
)
def f27(stage: Stage, scale: Scale) -> Outcome:
    minutes = float(os.environ.get("SOAK_MINUTES", scale.of(30, 0.25)))
    crowd = Chatter(seed=scale.seed)
    with stage.site() as site:
        gauged, visitor = asyncio.run(_used(site, crowd, minutes, scale.of(20, 40)))
        tracebacks = site.tracebacks()
    verdict = check(list(crowd.traders.values()))
    threads, connections = gauged.grown(gauged.threads), gauged.grown(gauged.connections)
    long = gauged.minutes[-1] > 2 * WARM
    slope = gauged.slope()
    figure = (
        f"{minutes:g} min, {len(crowd.sent)} messages, {len(visitor.answers)} pages: RSS {slope:+.2f} MB/min"
        f"{'' if long else ' (too short to judge)'} at {max(gauged.memory[-1]):.0f} MB, threads {threads:+.1f}, "
        f"connections {connections:+.1f}, {verdict}, {visitor.failures} pages failed, {tracebacks} tracebacks"
    )
    flat = threads < 6 and connections < 6
    held = (slope < SLOPE or not long) and flat and verdict.clean and not visitor.failures and not tracebacks
    outcome = Outcome(figure, held, visitor.times)
    if scale.controls:
        with stage.site(without="thrift") as site:
            gauged, _visitor = asyncio.run(_used(site, Chatter(seed=scale.seed), 0.3, 40))
        outcome.control = f"keeping every hint for ever: {gauged.slope():+.0f} MB/min"
        outcome.control_failed = gauged.slope() >= LEAK
    return outcome


async def _used(site: Site, crowd: Chatter, minutes: float, rate: float):
    gauged, began = Gauged(), time.monotonic()
    async with crowd.connected(site.url):
        visitor = reading(site.url, crowd.people)
        async with crowd.talking(rate), visitor.busy():
            for number in _ticks(began, minutes):
                await asyncio.to_thread(gauged.take, site, began)
                if number % 5 == 4:
                    site.cut(0.05)
                await asyncio.sleep(min(5, minutes * 60 / 20))
        await crowd.settle()
    return gauged, visitor


def _ticks(began: float, minutes: float) -> Iterator[int]:
    number = 0
    while time.monotonic() - began < minutes * 60:
        yield number
        number += 1
