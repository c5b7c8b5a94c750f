"""F1, F6, F7, F11–F13: the base, and what befalls workers and the network between them and the tabs."""

import asyncio
import contextlib
import json
import secrets
import time
from collections import Counter
from random import Random

import redis
from websockets.asyncio.client import connect

from apps.chat.models import Message
from apps.live.models import Event

from . import people
from .chatter import SETTLED_WITHIN, Chatter
from .checker import check
from .clients import COOKIE, LOST, Trader
from .pages import Visitor, fetch
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Storm

GONE = {1001, 1006, 1011, 1012}


@drill("F1", "Base: 200 messages a second, 40 sockets on 2 workers", "0/0/0; ok p50 < 50 ms, e2e p99 < 500 ms")
def f1(stage: Stage, scale: Scale) -> Outcome:
    base = Base(stage, scale.seed, scale.of(200, 100), scale.of(60, 5))
    outcome = Outcome(
        str(base),
        base.verdict.clean and base.answers.p50 < scale.within(50) and base.travels.p99 < scale.within(500),
        base.travels,
    )
    if scale.controls:
        lossy = Base(stage, scale.seed, 50, 5, heals=False, without="truth healing")
        slow = Base(stage, scale.seed, 50, 5, without="speed")
        outcome.control = f"hints that lie and are believed: {lossy.verdict}; slow writing: ok p50 {slow.answers.p50} ms"
        outcome.control_failed = lossy.verdict.lost > 0 and slow.answers.p50 >= 50
    return outcome


class Base:
    """Nothing befalls them."""

    def __init__(self, stage: Stage, seed: int, rate: float, seconds: float, heals: bool = True, without: str = ""):
        crowd = Chatter(seed=seed)

        async def run(url):
            async with crowd.connected(url, heals):
                await crowd.talk(rate, seconds)
                return await crowd.settle(SETTLED_WITHIN if heals else 5)

        with stage.site(without=without) as site:
            self.settled = asyncio.run(run(site.url))
        self.verdict = check(list(crowd.traders.values()))
        self.answers, self.travels = crowd.answers(), Times.of(crowd.travels())

    def __str__(self) -> str:
        late = "" if self.settled else ", not settled"
        return f"{self.verdict}{late}; ok p50 {self.answers.p50} ms, e2e p99 {self.travels.p99} ms"


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
        rolling.verdict.clean and not failed and not lost and codes.keys() == {4012} and exits.max < 25_000,
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


class Deaths:
    """Tabs that say a thing and die before its answer, then say it again from a new socket under the same ref."""

    def __init__(self, stage: Stage, scale: Scale, number: int, without: str = ""):
        self.random = Random(scale.seed)
        self.cast, self.talks = people.pairs(10)
        self.answered: Counter[int] = Counter()  # ids of the messages of all answers
        with stage.site(without=without) as site:
            asyncio.run(self._run(site, number))
        self.rows = Message.objects.filter(conversation__in=[talk.id for talk in self.talks], kind="text").count()

    async def _run(self, site: Site, number: int) -> None:
        turns = iter(range(number))
        await asyncio.gather(*(self._walk(site, turns, lane) for lane in range(10)))

    async def _walk(self, site: Site, turns, lane: int) -> None:
        person, talk = self.cast[2 * lane], self.talks[lane]
        for number in turns:
            frame = {"type": "message.send", "ref": f"death-{number}", "conversation": talk.id, "content": f"№ {number}"}
            with contextlib.suppress(*LOST):
                async with self._socket(site, person) as socket:
                    await socket.recv()
                    await socket.send(json.dumps(frame))
                    await asyncio.sleep(self.random.uniform(0, 0.01))
                    socket.transport.abort()
            async with Trader(site.url, person) as trader:
                while (answer := await trader.ask(**frame))["type"] != "ok":
                    await asyncio.sleep(answer.get("retry_after", 0.1))
                self.answered[answer["message"]["id"]] += 1

    def _socket(self, site: Site, person: people.Person):
        headers = {"Cookie": f"{COOKIE}={person.session}"}
        address = site.url.replace("http", "ws") + "/ws/"
        return connect(address, origin=site.url, additional_headers=headers, ping_interval=None, compression=None)


@drill("F12", "A thousand tabs die before `ok` and send again", "exactly 1,000 rows")
def f12(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(1000, 60)
    deaths = Deaths(stage, scale, number)
    held = deaths.rows == number == len(deaths.answered)
    outcome = Outcome(f"{deaths.rows} rows of {number}, {len(deaths.answered)} of them answered", held)
    if scale.controls:
        few = min(number, 100)
        worse = Deaths(stage, scale, few, without="refs")
        outcome.control, outcome.control_failed = f"refs ignored: {worse.rows} rows of {few}", worse.rows != few
    return outcome


class Twins:
    """The same words under the same ref, by the form and by a socket, at once."""

    def __init__(self, stage: Stage, scale: Scale, number: int, without: str = ""):
        self.cast, self.talks = people.pairs(10)
        self.statuses: Counter[int] = Counter()
        with stage.site(without=without) as site:
            asyncio.run(self._run(site, number))
        rows = Message.objects.filter(conversation__in=[talk.id for talk in self.talks], kind="text")
        self.rows = rows.count()
        events = Event.objects.filter(type="message.new", user_id__in=[person.id for person in self.cast])
        self.events = events.count()

    async def _run(self, site: Site, number: int) -> None:
        self.tabs = {person.id: Trader(site.url, person) for person in self.cast}
        async with contextlib.AsyncExitStack() as stack:
            for tab in self.tabs.values():
                await stack.enter_async_context(tab)
            turns = iter(range(number))
            await asyncio.gather(*(self._walk(site, turns, lane) for lane in range(10)))
            await asyncio.sleep(4)

    async def _walk(self, site: Site, turns, lane: int) -> None:
        person, talk = self.cast[2 * lane], self.talks[lane]
        for number in turns:
            words = {"ref": secrets.token_hex(16), "content": f"№ {number}"}
            form, answer = await asyncio.gather(
                fetch(site.url, f"/chat/conversation/{talk.id}/", person.session, words),
                self.tabs[person.id].ask("message.send", conversation=talk.id, **words),
            )
            self.statuses[form.status, answer["type"]] += 1

    def verdict(self):
        return check(list(self.tabs.values()))


@drill("F13", "The same ref by the form and by the socket at once, 500 times", "500 rows, one message.new each")
def f13(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(500, 60)
    twins = Twins(stage, scale, number)
    verdict = twins.verdict()
    outcome = Outcome(
        f"{twins.rows} rows and 2 x {twins.events / 2:g} events of {number}; {verdict}; answers {dict(twins.statuses)}",
        verdict.clean and twins.rows == number and twins.events == 2 * number and set(twins.statuses) == {(302, "ok")},
    )
    if scale.controls:
        few = min(number, 60)
        worse = Twins(stage, scale, few, without="refs")
        outcome.control, outcome.control_failed = f"refs ignored: {worse.rows} rows of {few}", worse.rows != few
    return outcome
