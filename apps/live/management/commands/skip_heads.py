"""After a restore from backup: move every head on, so that tabs which saw more than was restored load anew."""

from django.core.management.base import BaseCommand
from django.db.models import F

from apps.live.models import Inbox

GAP = 1_000_000  # more events than a user could have had since the backup


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        moved = Inbox.objects.update(head=F("head") + GAP)
        self.stdout.write(f"{moved} heads moved by {GAP}.")
