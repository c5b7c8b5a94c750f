"""Fills an empty database with a market to look at."""

from django.core.management.base import BaseCommand

from apps.listings.demo.people import BUYER, PASSWORD, SELLER
from apps.listings.models import Listing
from apps.transactions.demo.market import open_market


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        if Listing.objects.exists():
            self.stdout.write("The database has listings already: no demo data is added")
            return
        open_market(self.stdout.write)
        self.stdout.write(f"Logins: {SELLER} and {BUYER}, password {PASSWORD}")
