"""Put a backup back: check all of it, then pictures, database, tables of this release, heads, invariants."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lootlink.backups import Unusable, contents, databases


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file of the private key (default: BACKUP_IDENTITY)")
        parser.add_argument("--check", action="store_true", help="read the whole file and change nothing")

    def handle(self, *, file, identity, check, **options):
        began = time.monotonic()
        try:
            key = identity.read_text() if identity else settings.BACKUP_IDENTITY
            about = contents.check(file, key)
            self.stdout.write(f"{file} is whole: of {about.made_at}, release {about.build}")
            if check:
                return
            if other := databases.others():
                raise Unusable(f"{other} connections to the database are open. Stop the workers first.")
            contents.put_back(file, key, self.stdout.write)
        except (Unusable, OSError) as reason:
            raise CommandError(f"Nothing was restored: {reason}") from reason
        call_command("migrate", verbosity=0, interactive=False)
        call_command("skip_heads", stdout=self.stdout)
        call_command("check_invariants", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(f"Restored in {time.monotonic() - began:.1f} s. Start the workers.")
