"""F23 and F24: who may no longer listen, and workers that do not agree what time it is."""

import asyncio
import contextlib
import time
from collections import Counter

from apps.accounts.sessions import living
from apps.chat.models import Message

from . import people
from .clients import Trader
from .pages import Answer, fetch
from .row import Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Storm

PASSWORD, OTHER = "correct-horse-9", "battery-staple-8"
PATIENCE = 12  # seconds, after which a socket counts as left open
AGE = 120  # seconds


class Ending:
    """20 sockets of one trader on two workers, until `step` ends them; messages that they still said are counted."""

    def __init__(self, stage: Stage, step: str, redis_down: bool, without: str = ""):
        self.step, self.redis_down = step, redis_down
        self.person, self.other = people.person(PASSWORD), people.person()
        self.talk = people.talk(self.person, self.other)
        self.staff = people.person(is_staff=True, is_superuser=True)
        with stage.site(without=without) as self.site:
            asyncio.run(self._run())
        late = Message.objects.filter(conversation_id=self.talk.id, content__contains="late")
        self.accepted = late.count()

    async def _run(self) -> None:
        self.tabs = [Trader(self.site.url, self.person) for _tab in range(20)]
        async with contextlib.AsyncExitStack() as stack:
            for tab in self.tabs:
                await stack.enter_async_context(tab)
            if self.redis_down:
                self.site.redis.kill()
                await asyncio.sleep(2)
            sockets = [tab.socket for tab in self.tabs]
            answer = await self._end()
            assert answer.status == 302, f"{self.step}: {answer.status}"
            began = time.monotonic()
            self.seconds = await asyncio.gather(*(self._ended(socket, began) for socket in sockets))
            await self._try_again()

    async def _ended(self, socket, began: float) -> float:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await socket.wait_closed()
                return time.monotonic() - began
        return float(PATIENCE)

    async def _end(self) -> Answer:
        url, session = self.site.url, self.person.session
        match self.step:
            case "logout":
                return await fetch(url, "/accounts/logout/", session, {})
            case "password":
                form = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
                return await fetch(url, "/accounts/password-change/", session, form)
            case _:
                form = {"action": "ban", "_selected_action": str(self.person.id)}
                return await fetch(url, "/staff/accounts/customuser/", self.staff.session, form)

    async def _try_again(self) -> None:
        """The old session says something, by the form and by every socket that is left."""
        path = f"/chat/conversation/{self.talk.id}/"
        await fetch(self.site.url, path, self.person.session, {"content": "late form", "ref": "late-form"})
        for tab in self.tabs:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await tab.ask("message.send", conversation=self.talk.id, content=f"late {id(tab)}")

    @property
    def codes(self) -> Counter[int]:
        return sum((tab.closed for tab in self.tabs), Counter())

    def __str__(self) -> str:
        return f"{self.step}{', Redis down' if self.redis_down else ''} {max(self.seconds):.2f} s"


@drill(
    "F23",
    "Logout, password change and ban with 20 sockets on 2 workers",
    "all closed < 2 s, with Redis down < 5 s; 0 messages accepted after",
)
def f23(stage: Stage, scale: Scale) -> Outcome:
    cases = [(step, down) for step in ("logout", "password", "ban") for down in (False, True)]
    endings = [Ending(stage, *case) for case in scale.of(cases, cases[:2])]
    held = all(max(ending.seconds) < scale.within(5 if ending.redis_down else 2) and not ending.accepted for ending in endings)
    outcome = Outcome(
        f"{', '.join(map(str, endings))}; {sum(ending.accepted for ending in endings)} messages accepted after",
        held,
        Times.of(seconds for ending in endings for seconds in ending.seconds),
    )
    if scale.controls:
        worse = Ending(stage, "logout", False, without="checks")
        still = sum(seconds >= PATIENCE for seconds in worse.seconds)
        outcome.control = f"nobody asks again: {still} of 20 open after {PATIENCE} s, {worse.accepted} messages accepted"
        outcome.control_failed = still > 0
    return outcome


@drill("F24", "One worker's clock 10 minutes ahead, the other's 10 behind", "0/0/0, order unchanged; sessions and limits sane")
def f24(stage: Stage, scale: Scale) -> Outcome:
    wrong = [{"CLOCK": "600"}, {"CLOCK": "-600"}]
    known = people.person(PASSWORD)
    sessions: list[str] = []
    statuses: list[int] = []
    refused: list[int] = []

    async def havoc(site: Site):
        await asyncio.sleep(scale.of(20, 3))
        for worker in site.workers:
            form = {"username": known.name, "password": PASSWORD}
            answer = await fetch(worker.url, "/accounts/login/", form=form)
            sessions.append(answer.session)
            statuses.extend([(await fetch(other.url, "/chat/", answer.session)).status for other in site.workers])

    storm = Storm(stage, scale.seed, 10, havoc, each=wrong)
    kept = len(living(sessions))
    age = _age()
    asyncio.run(_limited(stage, wrong, refused))
    first = next(number for number, status in enumerate(refused) if status == 429)
    outcome = Outcome(
        f"{storm.verdict}; {kept} of {len(sessions)} sessions live, pages {statuses}, rows at most {age:.0f} s old; "
        f"a guesser on both workers is stopped at try {first + 1}",
        storm.verdict.clean and kept == 2 and set(statuses) == {200} and age < AGE and first <= 10,
        storm.travels,
    )
    if scale.controls:
        Storm(stage, scale.seed, 10, lambda _site: asyncio.sleep(3), each=wrong, without="dates")
        worse = _age()
        outcome.control, outcome.control_failed = f"dated by their workers: rows up to {worse:.0f} s off", worse >= AGE
    return outcome


def _age() -> float:
    """Seconds by which the newest messages are off this process's clock, at most."""
    return max(abs(row.created_at.timestamp() - time.time()) for row in Message.objects.order_by("-pk")[:50])


async def _limited(stage: Stage, wrong: list[dict], refused: list[int]) -> None:
    """Wrong passwords, on both workers in turn."""
    victim = await asyncio.to_thread(people.person, PASSWORD)
    with stage.site(each=wrong, LOOTLINK_RATE_LIMITS="on") as site:
        for number in range(14):
            form = {"username": victim.name, "password": "guess"}
            refused.append((await fetch(site.workers[number % 2].url, "/accounts/login/", form=form)).status)
