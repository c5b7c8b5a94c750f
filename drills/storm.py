"""A crowd that writes, in calm, or with visitors who read while something is done to their site."""

import asyncio
from collections.abc import Awaitable, Callable

from .chatter import SETTLED_WITHIN, Chatter
from .checker import Verdict, check
from .pages import Visitor, reading
from .row import Times
from .stage import Site, Stage

Havoc = Callable[[Site], Awaitable[None]]


class Calm:
    """Nothing is done. `heals=False`: a crowd that does not ask for what it lacks; `site`: how the site is served."""

    def __init__(self, stage: Stage, seed: int, rate: float, seconds: float, heals: bool = True, **site):
        self.crowd = Chatter(seed=seed)

        async def run(url: str) -> bool:
            async with self.crowd.connected(url, heals):
                await self.crowd.talk(rate, seconds)
                return await self.crowd.settle(SETTLED_WITHIN if heals else 5)

        with stage.site(**site) as running:
            settled = asyncio.run(run(running.url))
        self.verdict: Verdict = check(list(self.crowd.traders.values()))
        self.verdict.strange += [] if settled else ["not settled"]


class Storm:
    """`heals=False`: neither the workers nor the tabs ask for what they lack."""

    def __init__(self, stage: Stage, seed: int, rate: float, havoc: Havoc, heals: bool = True, patience: float = 0, **site):
        self.crowd = Chatter(seed=seed)
        self.visitor: Visitor | None = None
        self.late: list[str] = []
        without = {} if heals else {"without": "healing"}
        with stage.site(**site, **without) as self.site:
            asyncio.run(self._run(rate, havoc, heals, patience or (SETTLED_WITHIN if heals else 5)))
            self.tracebacks = self.site.tracebacks()
        stage.forget_connections()
        self.verdict: Verdict = check(list(self.crowd.traders.values()))
        self.verdict.strange += self.late

    async def _run(self, rate, havoc, heals, patience) -> None:
        self.visitor = reading(self.site.url, self.crowd.people)
        async with self.crowd.connected(self.site.url, heals):
            async with self.visitor.busy(), self.crowd.talking(rate):
                await havoc(self.site)
            if not await self.crowd.settle(patience):
                self.late = [f"not settled within {patience} s"]

    @property
    def closed(self) -> int:
        return self.crowd.closed().total()

    @property
    def travels(self) -> Times:
        return Times.of(self.crowd.travels())

    def troubles(self) -> list[float]:
        """When a page failed or a command was not known to be saved."""
        pages = [answer.at + answer.seconds for answer in self.visitor.answers if answer.status == 0 or answer.status >= 500]
        return sorted(pages + [at for trader in self.crowd.traders.values() for at in trader.refused])
