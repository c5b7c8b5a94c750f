"""A pair of keys for backups: the private one goes into a file, the public one is printed."""

import os

import pyrage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", help="is made; keep it away from the server, without it no backup can be read")

    def handle(self, *, file, **options):
        identity = pyrage.x25519.Identity.generate()
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
                target.write(f"{identity}\n")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"BACKUP_RECIPIENT={identity.to_public()}")
