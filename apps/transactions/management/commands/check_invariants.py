"""manage.py check_invariants: recompute what must hold of deals, counters, talks and logs; nightly, and after a restore."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.live import feed
from apps.transactions import invariants


class Command(BaseCommand):
    help = "Check that statuses, counters, ratings and histories of deals, talks and logs equal what the rows say."

    def handle(self, *args, **options):
        with feed.snapshot():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    # A large site takes longer than a page may, also between one statement and the next.
                    cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            found = list(invariants.violations())
        for violation in found:
            self.stderr.write(violation)
        if found:
            raise CommandError(f"{len(found)} violations")
        self.stdout.write("All is as it must be.")
