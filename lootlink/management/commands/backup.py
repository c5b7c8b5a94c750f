"""Database and pictures into one encrypted file, while the site runs."""

import time
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lootlink.backups import Unusable, contents


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.VAR_DIR / "backups", help="a folder (default: %(default)s)")
        parser.add_argument("--keep", type=int, default=0, help="delete all but so many of the newest there")

    def handle(self, *, to, keep, **options):
        if not settings.BACKUP_RECIPIENT:
            raise CommandError("BACKUP_RECIPIENT is not set: `manage.py backup_key FILE` makes a pair of keys.")
        began = time.monotonic()
        path = to / f"lootlink-{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}.age"
        try:
            to.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = contents.write(path, settings.BACKUP_RECIPIENT, self.stdout.write)
        except (Unusable, OSError) as reason:
            raise CommandError(f"No backup was made: {reason}") from reason
        pictures = f"{made['pictures']} pictures"
        if settings.USE_S3:
            pictures = "no pictures: they are in the bucket, whose own versions are their backup"
        settings.LAST_BACKUP.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.LAST_BACKUP.touch()
        size = path.stat().st_size / 2**20
        self.stdout.write(f"{path}: {size:.1f} MB, {pictures}, {time.monotonic() - began:.1f} s")
        for old in sorted(to.glob("lootlink-*.age"))[:-keep] if keep > 0 else ():
            old.unlink()
            self.stdout.write(f"{old} deleted")
