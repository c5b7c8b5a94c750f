"""Once a day: what nobody can ask for any more. Safe to repeat, to interrupt, and to run while the site serves."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from lootlink import orphans


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        call_command("prune_events", stdout=self.stdout)
        call_command("prune_sessions", stdout=self.stdout)
        total = 0
        for deleted in orphans.delete():
            total += deleted
            self.stdout.write(f"{total} files of pictures deleted")
        self.stdout.write(f"Done: {total} files of pictures that nothing names.")
