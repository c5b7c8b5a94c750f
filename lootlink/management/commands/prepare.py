"""All that a worker needs before it starts: tables and static files; with --demo, something to look at."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="fill an empty database with listings, traders and talks")

    def handle(self, **options):
        self.stdout.write("Bringing the database's tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        self.collect()
        if options["demo"]:
            call_command("demo")

    def collect(self):
        """Compressing and naming static files takes seconds, so it happens only where one of them has changed."""
        folder = Path(settings.STATIC_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "staticfiles.stamp").open("a+") as stamp:
            # Two at once would compress into the same files.
            fcntl.flock(stamp, fcntl.LOCK_EX)
            stamp.seek(0)
            wanted = fingerprint()
            if stamp.read() != wanted:
                self.stdout.write("Collecting static files")
                call_command("collectstatic", verbosity=0, interactive=False)
                stamp.truncate(0)
                stamp.write(wanted)


def fingerprint():
    found = hashlib.sha256(Path(__file__).read_bytes())
    # Another storage names and compresses otherwise.
    found.update(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found.update(f"{path}\n".encode() + Path(storage.path(path)).read_bytes())
    return found.hexdigest()
