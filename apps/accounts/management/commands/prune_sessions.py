"""`manage.py prune_sessions`: to be run once a day."""

from django.core.management.base import BaseCommand

from apps.accounts import limits
from apps.accounts.store import SessionStore


class Command(BaseCommand):
    help = "Delete the sessions that have ended, and the counts of limits whose time is over."

    def handle(self, **options):
        SessionStore.clear_expired()
        self.stdout.write(f"{limits.prune()} counts deleted")
