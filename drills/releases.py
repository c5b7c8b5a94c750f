"""F30: the release before this one and this one, side by side on one database, until the old one is gone."""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.workers import ROOT

from . import people
from .chatter import Chatter
from .checker import check
from .clients import Trader
from .pages import Visitor, fetch
from .row import NotRun, Outcome, Scale, Times, drill
from .stage import Site, Stage

FURTHER_BACK = "HEAD~50"  # commits, where no release has been tagged yet


def before(folder: Path, untagged: str = FURTHER_BACK) -> tuple[str, Path]:
    """The release before this one, and its code in a folder of its own: PREVIOUS, the last tag, or what `untagged` names."""
    name = os.environ.get("PREVIOUS") or _git("describe", "--tags", "--abbrev=0", "HEAD^") or untagged
    commit = _git("rev-parse", "--short", "--verify", f"{name}^{{commit}}")
    if not commit:
        raise NotRun(f"needs the history of the project: there is no {name}")
    root = folder / commit
    if not root.exists():
        root.mkdir()
        archive = subprocess.run(["git", "-C", ROOT, "archive", commit], capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", root], input=archive.stdout, check=True)
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=root, check=True)
    return commit, root


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


class Apart(Chatter):
    """Of every talk one trader is on the one worker, the other on the other one."""

    urls: tuple[str, str]

    def trader(self, url: str, person: people.Person, heals: bool) -> Trader:
        return super().trader(self.urls[self.people.index(person) % 2], person, heals)


class Deploy:
    """A worker of each release under talks, pages and deals; then the old one is told to stop, and replaced."""

    def __init__(self, stage: Stage, scale: Scale, without: str = "", each=()):
        self.commit, old = before(stage.folder.path)
        self.crowd = Apart(seed=scale.seed)
        self.steps: list[int] = []  # statuses: of forms, and of looking at what came of them
        self.looks: list[int] = []
        with stage.site(roots=[old], without=without, each=each) as site:
            asyncio.run(self._run(site, scale, heals=not without))
            self.tracebacks = site.tracebacks()
        self.verdict = check(list(self.crowd.traders.values()))
        self.verdict.strange += [] if self.settled else ["not settled"]
        self.codes = {int(code): times for code, times in self.crowd.closed().items()}

    async def _run(self, site: Site, scale: Scale, heals: bool) -> None:
        old, new = site.workers
        self.crowd.urls = (old.url, new.url)
        self.visitors = [self._visitor(site, worker.url) for worker in (old, new)]
        async with self.crowd.connected(site.url, heals):
            async with self.crowd.talking(scale.of(50, 20)):
                async with self.visitors[0].busy(), self.visitors[1].busy():
                    began = time.monotonic()
                    while time.monotonic() - began < scale.of(15, 3):
                        await self._deal(old.url, new.url)
                for trader in self.crowd.traders.values():
                    trader.move(site.url)
                await asyncio.to_thread(old.stop)
                old.root = ROOT
                old.spawn()
                await asyncio.to_thread(old.wait)
                await asyncio.sleep(scale.of(5, 1))
            self.settled = await self.crowd.settle(90 if heals else 5)

    def _visitor(self, site: Site, url: str) -> Visitor:
        """Looks at every kind of page of one worker."""
        talks, cast = self.crowd.talks, {person.id: person for person in self.crowd.people}
        cabinets = ["/accounts/my-listings/", "/accounts/my-purchases/", "/accounts/my-sales/", "/accounts/profile-edit/"]

        def ask(number: int):
            talk = talks[number % len(talks)]
            pages = [
                "/",
                "/chat/",
                f"/chat/conversation/{talk.id}/",
                f"/listing/{talk.listing}/",
                "/notifications/",
                "/live/events/?after=0",
                *cabinets,
            ]
            return fetch(url, pages[number % len(pages)], cast[talk.one].session)

        return Visitor(ask, 8)

    async def _deal(self, old: str, new: str) -> None:
        """Asked for on the old worker, accepted on the new one, completed on the old one; each then looks on the other."""
        buyer, seller, listing = await asyncio.to_thread(_stall)
        asked = await fetch(old, f"/transactions/purchase-request/{listing}/create/", buyer.session, {"message": "Беру"})
        address = asked.headers.get("location", "")
        accepted = await fetch(new, f"{address}accept/", seller.session, {})
        completed = await fetch(old, f"{address}complete/", seller.session, {})
        self.steps += [answer.status for answer in (asked, accepted, completed)]
        for url, person in ((old, seller), (new, buyer)):
            self.looks.append((await fetch(url, address, person.session)).status)

    @property
    def pages(self) -> int:
        return sum(len(visitor.answers) for visitor in self.visitors) + len(self.looks)

    @property
    def failures(self) -> Counter[int]:
        """Statuses of pages and steps of deals that were not answered as they should be."""
        seen = [answer.status for visitor in self.visitors for answer in visitor.answers] + self.looks
        return Counter([status for status in seen if status != 200] + [status for status in self.steps if status != 302])

    def __str__(self) -> str:
        return (
            f"{self.commit} beside this one: {self.failures.total()} of {self.pages} pages and {len(self.steps)} steps of deals "
            f"failed {dict(self.failures) or ''}; "
            f"{self.verdict}; closes {self.codes or 'none'}; {self.tracebacks} tracebacks"
        )


def _stall() -> tuple[people.Person, people.Person, int]:
    buyer, seller = people.person(), people.person()
    return buyer, seller, people.listing(seller.id).pk


@drill("F30", "Two releases at once: an old worker and a new one", "0 x 500, sockets of both understand each other")
def f30(stage: Stage, scale: Scale) -> Outcome:
    deploy = Deploy(stage, scale)
    good = deploy.verdict.clean and not deploy.failures and not deploy.tracebacks
    outcome = Outcome(str(deploy), good and bool(deploy.steps), Times.of(deploy.crowd.travels()))
    if scale.controls:
        deaf = Deploy(stage, Scale(quick=True, seed=scale.seed), "healing", [{"REDIS_PREFIX": "elsewhere"}])
        outcome.control = f"an old worker that the new one does not reach, nobody heals: {deaf.verdict}"
        outcome.control_failed = deaf.verdict.lost > 0
    return outcome
