"""Delete events that no reader can ask for any more, in slices; safe to repeat and to interrupt."""

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.live import feed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.EVENTS_KEPT)

    def handle(self, *, days, **options):
        total = 0
        for deleted in feed.prune(days):
            total += deleted
            self.stdout.write(f"{total} events deleted")
        self.stdout.write(f"Done: {total} events older than {days} days.")
