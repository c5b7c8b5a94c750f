"""Many traders at once who write to each other at a steady pace."""

import asyncio
import contextlib
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator

from django.db import Error, connection

from apps.live import feed

from . import people
from .clients import Trader
from .row import Times

SETTLED_WITHIN = 90  # seconds, after which what is missing is lost: a machine that is too slow loses nothing


class Chatter:
    """`talks` talks of two traders, each with one tab."""

    def __init__(self, talks: int = 20, seed: int = 1):
        self.people, self.talks = people.pairs(talks)
        self.random = random.Random(seed)
        self.seed = seed
        self.traders: dict[int, Trader] = {}
        self.began = self.ended = 0.0  # of the load
        self.settled = 0.0  # seconds from the load's end until everybody had everything

    @contextlib.asynccontextmanager
    async def connected(self, url: str, heals: bool = True) -> AsyncIterator["Chatter"]:
        self.traders = {person.id: self.trader(url, person, heals) for person in self.people}
        for talk in self.talks:
            for user_id in (talk.one, talk.other):
                self.traders[user_id].talks.add(talk.id)
        for trader in self.traders.values():
            trader.start()
        try:
            async with asyncio.timeout(60):
                for trader in self.traders.values():
                    await trader.live.wait()
            yield self
        finally:
            await asyncio.gather(*(trader.stop() for trader in self.traders.values()))

    def trader(self, url: str, person: people.Person, heals: bool) -> Trader:
        return Trader(url, person, heals=heals, seed=self.seed)

    async def talk(self, rate: float, seconds: float) -> None:
        """`rate` messages a second, each from somebody; a late one is not left out."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._talk(rate)
        self.ended = time.monotonic()

    @contextlib.asynccontextmanager
    async def talking(self, rate: float) -> AsyncIterator[None]:
        """As talk(), as long as the block."""
        talk = asyncio.create_task(self._talk(rate))
        try:
            yield
        finally:
            talk.cancel()
            self.ended = time.monotonic()

    async def _talk(self, rate: float) -> None:
        self.began = time.monotonic()
        for number in itertools.count():
            due = self.began + number / rate
            await asyncio.sleep(max(0, due - time.monotonic()))
            self.say()

    def say(self) -> None:
        talk = self.random.choice(self.talks)
        self.traders[self.random.choice((talk.one, talk.other))].post(talk.id)

    async def settle(self, within: float = SETTLED_WITHIN) -> bool:
        """Until every message has its `ok` and every tab is at its head; says whether that came."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            if not any(trader.waiting for trader in self.traders.values()):
                heads = await asyncio.to_thread(_heads, list(self.traders))
                if heads and all(trader.cursor == heads[user_id] for user_id, trader in self.traders.items()):
                    self.settled = time.monotonic() - self.ended
                    return True
            await asyncio.sleep(0.05)
        self.settled = time.monotonic() - self.ended
        return False

    # What they saw

    @property
    def sent(self) -> list:
        return [sent for trader in self.traders.values() for sent in trader.sent.values()]

    def answers(self) -> Times | None:
        """From the sending of a message to its `ok`."""
        return Times.of(sent.ok_at - sent.at for sent in self.sent if sent.ok_at)

    def travels(self) -> list[float]:
        """From the sending of a message to its event in the other one's tab, in seconds."""
        found = []
        for talk in self.talks:
            for one, other in ((talk.one, talk.other), (talk.other, talk.one)):
                arrived = self.traders[other].arrived
                found += [arrived[sent.content] - sent.at for sent in self.traders[one].sent.values() if sent.content in arrived]
        return found

    def closed(self) -> Counter:
        """How often sockets ended, by code."""
        return sum((trader.closed for trader in self.traders.values()), Counter())

    def resumed(self) -> list[float]:
        return [seconds for trader in self.traders.values() for seconds in trader.resumed]

    def errors(self) -> Counter:
        return sum((trader.errors for trader in self.traders.values()), Counter())


def _heads(users: list[int]) -> dict[int, int]:
    """Nothing where the database is away. The thread keeps no connection."""
    try:
        return feed.heads(users)
    except Error:
        return {}
    finally:
        connection.close()
