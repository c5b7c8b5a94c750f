"""F1–F9, F11–F13, F23–F25: what breaks under a site, and what its tabs see of it."""

import asyncio

from .chatter import Chatter
from .checker import check
from .row import Outcome, Scale, Times, drill
from .stage import Stage


@drill("F1", "Base: 200 messages a second, 40 sockets on 2 workers", "0/0/0; ok p50 < 50 ms, e2e p99 < 500 ms")
def f1(stage: Stage, scale: Scale) -> Outcome:
    crowd = Chatter(seed=scale.seed)

    async def run(url):
        async with crowd.connected(url):
            await crowd.talk(scale.of(200, 100), scale.of(60, 5))
            await crowd.settle()

    with stage.site() as site:
        asyncio.run(run(site.url))
    verdict = check(list(crowd.traders.values()))
    answers, travels = crowd.answers(), Times.of(crowd.travels())
    return Outcome(
        f"{verdict}; ok p50 {answers.p50} ms, e2e p99 {travels.p99} ms",
        verdict.clean and answers.p50 < 50 and travels.p99 < 500,
        travels,
    )
