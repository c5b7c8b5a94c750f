"""F1, F6, F7, F11: the base, and what befalls workers and the network between them and the tabs."""

import asyncio
import secrets
import time

import redis

from apps.chat.models import Message

from . import people
from .chatter import Chatter
from .checker import check
from .pages import Visitor, fetch
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Calm, Storm

GONE = {1001, 1006, 1011, 1012}


@drill("F1", "Base: 200 messages a second, 40 sockets on 2 workers", "0/0/0; ok p50 < 50 ms, e2e p99 < 500 ms")
def f1(stage: Stage, scale: Scale) -> Outcome:
    calm = Calm(stage, scale.seed, scale.of(200, 100), scale.of(60, 5))
    answers, travels = calm.crowd.answers(), Times.of(calm.crowd.travels())
    outcome = Outcome(
        f"{calm.verdict}; ok p50 {answers.p50} ms, e2e p99 {travels.p99} ms",
        calm.verdict.clean and answers.p50 < scale.within(50) and travels.p99 < scale.within(500),
        travels,
    )
    if scale.controls:
        lossy = Calm(stage, scale.seed, 50, 5, heals=False, without="truth healing")
        slow = Calm(stage, scale.seed, 50, 5, without="speed").crowd.answers()
        outcome.control = f"hints that lie and are believed: {lossy.verdict}; slow writing: ok p50 {slow.p50} ms"
        outcome.control_failed = lossy.verdict.lost > 0 and slow.p50 >= 50
    return outcome


def murders(times: int, up: float = 1):
    """Workers killed in turn, each back for `up` seconds before the next. After 5 s a tab's back-off begins anew."""

    async def havoc(site: Site):
        for turn in range(times):
            await asyncio.sleep(up)
            worker = site.workers[turn % len(site.workers)]
            worker.kill()
            worker.spawn()
            await asyncio.to_thread(worker.wait)
        await asyncio.sleep(up)
        site.members = await _members(site)

    return havoc


async def _members(site: Site) -> int:
    """How many subscribers Redis knows; the dead are noticed within a moment."""
    with redis.Redis.from_url(site.redis.url) as client:
        for _try in range(40):
            channels = client.pubsub_channels()
            members = sum(number for _channel, number in client.pubsub_numsub(*channels)) if channels else 0
            if members == 2 * len(site.workers):
                break
            await asyncio.sleep(0.1)
    return members


@drill("F6", "A worker killed ten times, 100 messages a second", "0/0/0, resumed p99 < 2 s, no leaked members")
def f6(stage: Stage, scale: Scale) -> Outcome:
    rate = scale.of(100, 40)
    storm = Storm(stage, scale.seed, rate, murders(scale.of(10, 2), scale.of(6, 1)))
    resumed = Times.of(storm.crowd.resumed())
    # Each worker listens to the group and to a channel of its own.
    leaked = storm.site.members - 2 * len(storm.site.workers)
    outcome = Outcome(
        f"{storm.verdict}; {storm.closed} closed, resumed p99 {resumed.p99} ms, {leaked} leaked members",
        storm.verdict.clean and resumed.p99 < scale.within(2) * 1000 and not leaked and storm.crowd.closed().keys() <= GONE,
        resumed,
    )
    if scale.controls:
        worse = Storm(stage, scale.seed, rate, murders(2), heals=False)
        outcome.control, outcome.control_failed = f"tabs that come back without `after`: {worse.verdict}", worse.verdict.lost > 0
    return outcome


def restarts(rounds: int, exits: list[float]):
    """SIGTERM to each worker in turn, and up again."""

    async def havoc(site: Site):
        for _round in range(rounds):
            for worker in site.workers:
                await asyncio.sleep(1)
                began = time.monotonic()
                await asyncio.to_thread(worker.stop)
                exits.append(time.monotonic() - began)
                worker.spawn()
                await asyncio.to_thread(worker.wait)
        await asyncio.sleep(1)

    return havoc


class Rolling:
    """All workers restarted one after another under 50 messages and 20 forms a second."""

    def __init__(self, stage: Stage, scale: Scale, rounds: int, without: str = ""):
        self.crowd = Chatter(seed=scale.seed)
        self.senders, self.talks = people.pairs(10)
        self.exits: list[float] = []
        with stage.site(without=without) as site:
            asyncio.run(self._run(site, rounds))
        self.verdict = check(list(self.crowd.traders.values()))
        self.rows = Message.objects.filter(conversation__in=[talk.id for talk in self.talks], kind="text").count()
        self.taken = self.forms.statuses[302]
        self.failed = len(self.forms.answers) - self.taken
        self.oddities = {status: times for status, times in self.forms.statuses.items() if status != 302}
        self.codes = {int(code): times for code, times in self.crowd.closed().items()}

    async def _run(self, site: Site, rounds: int) -> None:
        def post(number: int):
            talk, sender = self.talks[number % 10], self.senders[2 * (number % 10)]
            form = {"content": f"№ {number}", "ref": secrets.token_hex(16)}
            return fetch(site.url, f"/chat/conversation/{talk.id}/", sender.session, form)

        self.forms = Visitor(post, 20)
        async with self.crowd.connected(site.url):
            async with self.forms.busy(), self.crowd.talking(50):
                await restarts(rounds, self.exits)(site)
            await self.crowd.settle()


@drill(
    "F7",
    "All workers restarted five times under 20 forms and 50 messages a second",
    "0 failed requests, all closes 4012, 0/0/0, exit < 25 s",
    seconds=600,
)
def f7(stage: Stage, scale: Scale) -> Outcome:
    rolling = Rolling(stage, scale, scale.of(5, 1))
    failed, codes = rolling.failed, rolling.codes
    lost = rolling.taken - rolling.rows
    exits = Times.of(rolling.exits)
    outcome = Outcome(
        f"{failed} of {len(rolling.forms.answers)} forms failed {rolling.oddities or ''}, {lost} taken and lost; "
        f"closes {codes or 'none'}; {rolling.verdict}; "
        f"exit max {exits.max / 1000:.1f} s",
        rolling.verdict.clean and not failed and not lost and codes.keys() == {4012} and exits.max < scale.within(25) * 1000,
        rolling.forms.times,
    )
    if scale.controls:
        worse = Rolling(stage, scale, 1, without="drain")
        outcome.control = f"no drain: {worse.failed} of {len(worse.forms.answers)} forms failed, closes {worse.codes}"
        outcome.control_failed = worse.failed > 0 or worse.codes.keys() != {4012}
    return outcome


def cuts(seconds: int):
    async def havoc(site: Site):
        for _second in range(seconds):
            site.cut(0.05)
            await asyncio.sleep(1)

    return havoc


@drill("F11", "5 % of the sockets cut in mid-frame each second for 60 s", "0/0/0")
def f11(stage: Stage, scale: Scale) -> Outcome:
    storm = Storm(stage, scale.seed, 50, cuts(scale.of(60, 5)))
    outcome = Outcome(
        f"{storm.verdict}; {storm.closed} cut", storm.verdict.clean and storm.closed > 0, Times.of(storm.crowd.resumed())
    )
    if scale.controls:
        worse = Storm(stage, scale.seed, 50, cuts(10), heals=False)
        outcome.control, outcome.control_failed = f"tabs that come back without `after`: {worse.verdict}", worse.verdict.lost > 0
    return outcome
