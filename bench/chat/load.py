"""The load of one measurement: closed, so many messages of each person on their way at once, or open, at a rate."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from .ledger import Ledger
from .tabs import TABS, Row, Tab, Told

AT_ONCE = 50  # handshakes
READ_EVERY = 1.0  # seconds: how often a person's tab says what it has shown
GIVEN_UP = 6  # seconds, after which the next may be said without it
QUIET = 5  # seconds in which nothing arrives any more: what is missing is lost, and not late
SLICE = 0.05  # seconds
WORDS = "Ещё продаётся? Заберу сегодня вечером, цена устраивает, номер"


@dataclass
class Plan:
    """`pairs`: the talk, and of both its people the id and the key to come in by. `rate`: messages a second of all, or 0."""

    kind: str
    urls: list[str]
    pairs: list[tuple[int, tuple[int, str], tuple[int, str]]]
    slot: str  # told apart from all other measurements by this
    seconds: float
    warm: float = 1.0
    window: int = 0
    rate: float = 0
    seed: int = 1


@dataclass
class Flight:
    """A message on its way: how often it is still to be heard of, since when, and whether it was sent in the time that counts."""

    left: int
    at: float
    counts: bool


@dataclass
class Load:
    plan: Plan
    tabs: dict[int, Tab] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    delivered: int = 0

    def __post_init__(self):
        both = {person: (one[0], other[0]) for _talk, one, other in self.plan.pairs for person in (one[0], other[0])}
        self.ledger = Ledger(both)
        self.flights: dict[str, Flight] = {}
        self.awaited = 0  # how often messages are still to be heard of
        self.heard_at = 0.0
        self.going = self.counting = False

    # The people

    async def come(self) -> None:
        """One of each pair to the first worker, the other to the last."""
        free = asyncio.Semaphore(AT_ONCE)

        async def one(talk: int, person: int, key: str, url: str) -> None:
            async with free:
                tab = self.tabs[person] = TABS[self.plan.kind](self, talk, person, key)
                await tab.enter(url)

        first, last = self.plan.urls[0], self.plan.urls[-1]
        async with asyncio.timeout(60):
            await asyncio.gather(
                *(one(talk, *somebody, url) for talk, a, b in self.plan.pairs for somebody, url in ((a, first), (b, last)))
            )

    def leave(self) -> None:
        for tab in self.tabs.values():
            tab.close()

    # The load

    async def run(self, began, ended) -> None:
        """`began()` and `ended()` are called at the edges of what counts."""
        self.going = True
        others = [asyncio.create_task(self._beats()), asyncio.create_task(self._at_rate() if self.plan.rate else self._full())]
        await asyncio.sleep(self.plan.warm)
        began()
        self.counting = True
        await asyncio.sleep(self.plan.seconds)
        self.counting = self.going = False
        ended()
        await self._settled()
        for task in others:
            task.cancel()

    async def _full(self) -> None:
        for tab in self.tabs.values():
            for _ in range(self.plan.window):
                self.post(tab)
        # A server that loses messages would otherwise fall silent.
        while True:
            await asyncio.sleep(1)
            late = time.perf_counter() - GIVEN_UP
            for ref in [ref for ref, flight in self.flights.items() if flight.at < late]:
                del self.flights[ref]
                if self.going:
                    self.post(self.tabs[int(ref.split(".")[1])])

    async def _at_rate(self) -> None:
        """A late one is not left out."""
        draw, people = random.Random(self.plan.seed), list(self.tabs.values())
        began, said = time.perf_counter(), 0
        while self.going:
            due = began + said / self.plan.rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            if self.going:
                self.post(draw.choice(people))
                said += 1

    async def _beats(self) -> None:
        """Everybody once in READ_EVERY, spread over it."""
        people = list(self.tabs.values())
        turns = round(READ_EVERY / SLICE)
        turn = 0
        while True:
            for tab in people[turn % turns :: turns]:
                tab.beat()
            turn += 1
            await asyncio.sleep(SLICE)

    async def _settled(self) -> None:
        self.heard_at = time.perf_counter()
        while self.awaited > 0 and time.perf_counter() - self.heard_at < QUIET:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)  # for what is told twice

    # What happens

    def post(self, tab: Tab) -> None:
        number = self.ledger.send(tab.me)
        ref = f"{self.plan.slot}.{tab.me}.{number}"
        self.awaited += tab.sightings
        self.flights[ref] = Flight(tab.sightings, time.perf_counter(), self.counting)
        tab.post(ref, f"{WORDS} {number}")

    def arrived(self, tab: Tab, row: Row | Told) -> None:
        now = self.heard_at = time.perf_counter()
        _slot, author, number = row.ref.split(".")
        self.ledger.see(tab.me, row.sender, int(number))
        if row.sender != tab.me:
            tab.newest = max(tab.newest, row.id)
            flight = self.flights.get(row.ref)
            if flight and self._counts(flight):
                self.times.append(now - flight.at)
        self._seen(row.ref, int(author))

    def answered(self, tab: Tab, ref: str) -> None:
        self.ledger.answered[tab.me] += 1
        self._seen(ref, tab.me)

    def strange(self, what: str) -> None:
        self.ledger.strange[what] += 1

    def _counts(self, flight: Flight) -> bool:
        """Of a steady load the late ones too; of a full one what was delivered in the time."""
        return flight.counts if self.plan.rate else self.counting

    def _seen(self, ref: str, author: int) -> None:
        self.awaited -= 1
        flight = self.flights.get(ref)
        if flight is None:
            return
        flight.left -= 1
        if not flight.left:
            del self.flights[ref]
            self.delivered += self._counts(flight)
            if self.going and self.plan.window:
                self.post(self.tabs[author])
