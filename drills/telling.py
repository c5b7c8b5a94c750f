"""A4: what the time of an answer tells of a name, to who asks a real worker; with A2 and A5 of security.md."""

import asyncio
import statistics

from . import people
from .pages import fetch
from .row import Outcome, Scale, drill
from .stage import Site, Stage

PASSWORD = "correct-horse-9"
LOGIN, RESET = "/accounts/login/", "/accounts/password-reset/"
ALIKE = 0.10  # of the longest median
MEGABYTE_MS = 50


class Timed:
    """The median of each kind of answer in ms, asked for in turns; `statuses` is all that was answered."""

    def __init__(self, stage: Stage, times: int, without: str = ""):
        known, banned = people.person(PASSWORD), people.person(PASSWORD, is_active=False)
        self.logins = {
            "wrong": {"username": known.name, "password": "guess"},
            "unknown": {"username": "nobody-at-all", "password": "guess"},
            "banned": {"username": banned.name, "password": PASSWORD},
        }
        self.resets = {name: {"email": f"{name}@example.com"} for name in (known.name, "nobody-at-all")}
        self.statuses: set[tuple[str, int]] = set()
        with stage.site(workers=1, without=without) as site:
            self.login, self.reset, self.megabyte = asyncio.run(self._ask(site, times))

    async def _ask(self, site: Site, times: int) -> tuple[list[float], list[float], float]:
        logins = await self._medians(site, LOGIN, list(self.logins.values()), times)
        resets = await self._medians(site, RESET, list(self.resets.values()), times)
        (megabyte,) = await self._medians(site, LOGIN, [{"username": "nobody-at-all", "password": "x" * 1_000_000}], 20)
        return logins, resets, megabyte

    async def _medians(self, site: Site, path: str, forms: list[dict], times: int) -> list[float]:
        took: list[list[float]] = [[] for _form in forms]
        for _turn in range(times):
            for form, seconds in zip(forms, took, strict=True):
                answer = await fetch(site.url, path, form=form)
                self.statuses.add((path, answer.status))
                seconds.append(answer.seconds * 1000)
        return [statistics.median(each) for each in took]


def apart(medians: list[float]) -> float:
    return (max(medians) - min(medians)) / max(medians)


@drill(
    "A4",
    "What the time of 200 logins and resets tells of a name, and of a megabyte",
    f"medians of wrong, unknown and banned within {ALIKE:.0%}, of resets too; a megabyte in {MEGABYTE_MS} ms",
)
def a4(stage: Stage, scale: Scale) -> Outcome:
    times = scale.of(200, 8)
    timed = Timed(stage, times)
    logins = " ".join(f"{name} {each:.1f}" for name, each in zip(timed.logins, timed.login, strict=True))
    outcome = Outcome(
        f"{logins} ms, {apart(timed.login):.1%} apart; resets {apart(timed.reset):.1%}; a megabyte {timed.megabyte:.1f} ms",
        max(apart(timed.login), apart(timed.reset)) < scale.within(ALIKE)
        and timed.megabyte < scale.within(MEGABYTE_MS)
        and timed.statuses == {(LOGIN, 400), (RESET, 302)},
    )
    if scale.controls:
        worse = Timed(stage, scale.of(40, 8), without="alike")
        outcome.control = f"an unknown name refused at once: {apart(worse.login):.0%} apart"
        outcome.control_failed = apart(worse.login) >= ALIKE
    return outcome
