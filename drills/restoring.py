"""F28: a populated site is backed up, lost with all its pictures, put back by one command, and its tabs load anew."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection
from django.db.models import F
from PIL import Image

from apps.accounts.models import CustomUser
from apps.chat.drafts import Draft
from apps.chat.models import Conversation
from apps.listings import photos
from apps.listings.models import Listing
from apps.live.management.commands.skip_heads import GAP
from apps.live.models import Inbox
from apps.transactions import flow, invariants, reviews
from tests.workers import ROOT

from . import people
from .clients import Trader
from .row import Outcome, Scale, drill
from .stage import Site, Stage

TABS = 10  # talks whose two tabs live through it
AFTER = 5  # messages in each of them that the backup does not have
LONGEST = 15 * 60  # seconds
# What a restore changes, and what belongs to the moment.
CHANGED = {"live_inbox", "django_session", "accounts_presence", "django_migrations"}


class Recovery:
    def __init__(self, stage: Stage, pairs: int, messages: int):
        self.stage, self.folder = stage, stage.folder.path / "backups"
        identity = pyrage.x25519.Identity.generate()
        self.environment = os.environ | {"BACKUP_RECIPIENT": str(identity.to_public()), "BACKUP_IDENTITY": str(identity)}
        self.people, self.talks = populated(pairs, messages)
        self.before, self.pictures = fingerprint(), stored()
        self.backing = self._run("backup", f"--to={self.folder}")
        (self.file,) = self.folder.glob("*.age")
        with stage.site() as site:
            self.cursors = asyncio.run(self._talk(site))
        self._lose()
        self.restoring = self._run("restore", str(self.file))
        began = time.monotonic()
        with stage.site():
            self.starting = time.monotonic() - began
        stage.forget_connections()
        self.same = fingerprint() == self.before and stored() == self.pictures
        self.violations = list(invariants.violations())

    async def _talk(self, site: Site) -> dict[int, int]:
        """Up to where each tab has read when everything ends: past what the backup has."""
        tabs = [Trader(site.url, person) for person in self.people[: 2 * TABS]]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            await asyncio.wait_for(tab.live.wait(), 30)
        for talk, tab in zip(self.talks[:TABS], tabs[::2], strict=True):
            for _ in range(AFTER):
                tab.post(talk.id)
        while any(tab.waiting for tab in tabs) or min(len(tab.applied) for tab in tabs) < AFTER:
            await asyncio.sleep(0.1)
        for tab in tabs:
            await tab.stop()
        return {tab.person.id: tab.cursor for tab in tabs}

    def _lose(self) -> None:
        self.stage.forget_connections()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        shutil.rmtree(settings.MEDIA_ROOT)
        self.stage.forget_connections()

    def _run(self, *command: str) -> float:
        """How many seconds it took."""
        self.stage.forget_connections()
        began = time.monotonic()
        program = [sys.executable, "manage.py", *command]
        subprocess.run(program, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - began

    def resets(self) -> int:
        """Of the tabs that come back, once others have written so much that the numbers of before are taken anew."""
        for talk in self.talks[:TABS]:
            Conversation.post_each([Draft(talk.id, talk.other, f"anew {number}") for number in range(3 * AFTER)])
        with self.stage.site() as site:
            return asyncio.run(self._come_back(site))

    async def _come_back(self, site: Site) -> int:
        tabs = [Trader(site.url, person, after=self.cursors[person.id]) for person in self.people[: 2 * TABS]]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            await asyncio.wait_for(tab.live.wait(), 30)
        await asyncio.sleep(1)
        for tab in tabs:
            await tab.stop()
        return sum(bool(tab.resets) for tab in tabs)


def populated(pairs: int, messages: int):
    """Traders with talks, deals, reviews and pictures."""
    cast, talks = people.pairs(pairs)
    for number, talk in enumerate(talks):
        image = photos.store_image(Image.new("RGB", (640, 480), (number % 256, 90, 120)), "listings")
        Listing.objects.filter(pk=talk.listing).update(image=image)
        buyer, seller = CustomUser.objects.in_bulk([talk.one, talk.other]).values()
        if buyer.pk != talk.one:
            buyer, seller = seller, buyer
        deal = flow.create(talk.listing, buyer, "Беру.")
        if number % 2:
            flow.advance(deal.pk, "accept", seller)
        if number % 4 == 3:
            flow.advance(deal.pk, "complete", seller)
            reviews.create(deal.pk, buyer, 5)
    for start in range(0, messages, 200):
        turns = range(start, min(start + 200, messages))
        Conversation.post_each([Draft(talks[turn % pairs].id, talks[turn % pairs].one, f"№ {turn}") for turn in turns])
    return cast, talks


def fingerprint() -> dict[str, tuple]:
    """Each table: how many rows, and a sum over all that they say."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - CHANGED)
        found = {}
        for name in names:
            cursor.execute(f'SELECT count(*), sum(hashtextextended(row::text, 0)) FROM "{name}" AS row')
            found[name] = cursor.fetchone()
    return found


def stored() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*.webp")}


@drill("F28", "Backup, wipe, restore", "invariants hold, clients with higher cursors get `reset`, RTO < 15 min", seconds=900)
def f28(stage: Stage, scale: Scale) -> Outcome:
    stage.own_postgres()
    recovery = Recovery(stage, scale.of(400, 20), scale.of(40_000, 400))
    asked, reset = 2 * TABS, recovery.resets()
    outage = recovery.restoring + recovery.starting
    rows = sum(count for count, _sum in recovery.before.values())
    outcome = Outcome(
        f"{rows:,} rows and {len(recovery.pictures)} files in {recovery.file.stat().st_size / 2**20:.1f} MB: backed up in "
        f"{recovery.backing:.1f} s, back in {outage:.1f} s, {'all as it was' if recovery.same else 'NOT AS IT WAS'}, "
        f"{len(recovery.violations)} violations, {reset} of {asked} tabs reset",
        recovery.same and not recovery.violations and reset == asked and outage < LONGEST,
    )
    if scale.controls:
        recovery._run("restore", str(recovery.file))
        Inbox.objects.update(head=F("head") - GAP)
        reset = recovery.resets()
        outcome.control, outcome.control_failed = f"heads not moved on: {reset} of {asked} tabs reset", reset < asked
    return outcome
