"""F12 and F13: the same words under the same ref, from a tab that came back or from two places at once."""

import asyncio
import contextlib
import json
import secrets
from collections import Counter
from random import Random

from websockets.asyncio.client import connect

from apps.chat.models import Message
from apps.live.models import Event

from . import people
from .chatter import Chatter
from .checker import check
from .clients import COOKIE, LOST, Trader
from .pages import fetch
from .row import Outcome, Scale, drill
from .stage import Site, Stage


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
        self.crowd = Chatter(10, scale.seed)
        self.answers: Counter[tuple[int, str]] = Counter()
        with stage.site(without=without) as site:
            asyncio.run(self._run(site, number))
        self.verdict = check(list(self.crowd.traders.values()))
        self.rows = Message.objects.filter(conversation__in=[talk.id for talk in self.crowd.talks], kind="text").count()
        self.events = Event.objects.filter(type="message.new", user_id__in=list(self.crowd.traders)).count()

    async def _run(self, site: Site, number: int) -> None:
        async with self.crowd.connected(site.url):
            turns = iter(range(number))
            await asyncio.gather(*(self._walk(site, turns, talk) for talk in self.crowd.talks))
            await self.crowd.settle()

    async def _walk(self, site: Site, turns, talk: people.Talk) -> None:
        tab = self.crowd.traders[talk.one]
        for number in turns:
            words = {"ref": secrets.token_hex(16), "content": f"№ {number}"}
            form, answer = await asyncio.gather(
                fetch(site.url, f"/chat/conversation/{talk.id}/", tab.person.session, words),
                tab.ask("message.send", conversation=talk.id, **words),
            )
            self.answers[form.status, answer["type"]] += 1


@drill("F13", "The same ref by the form and by the socket at once, 500 times", "500 rows, one message.new each")
def f13(stage: Stage, scale: Scale) -> Outcome:
    number = scale.of(500, 60)
    twins = Twins(stage, scale, number)
    outcome = Outcome(
        f"{twins.rows} rows and 2 x {twins.events / 2:g} events of {number}; {twins.verdict}; answers {dict(twins.answers)}",
        twins.verdict.clean and (twins.rows, twins.events) == (number, 2 * number) and set(twins.answers) == {(302, "ok")},
    )
    if scale.controls:
        few = min(number, 60)
        worse = Twins(stage, scale, few, without="refs")
        outcome.control, outcome.control_failed = f"refs ignored: {worse.rows} rows of {few}", worse.rows != few
    return outcome
