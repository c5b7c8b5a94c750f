"""A deal in any state, and who was told what."""

from itertools import count

import pytest

from apps.accounts.models import CustomUser
from apps.listings.models import Listing
from apps.live.models import Event
from apps.transactions import flow
from apps.transactions.models import DealStep

# The steps that lead to each status.
PATHS = {
    "pending": [],
    "accepted": ["accept"],
    "rejected": ["reject"],
    "completed": ["accept", "complete"],
    "cancelled": ["cancel"],
}


@pytest.fixture(autouse=True)
def _as_often_as_we_like(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def deal(alice, bob, listing):
    """`deal("accepted")`: Bob's request for Alice's listing in that status."""

    def in_status(status="pending", buyer=bob, of=listing, message=""):
        request = flow.create(of.pk, buyer, message)
        for step in PATHS[status]:
            flow.advance(request.pk, step, buyer if step == "cancel" else of.seller)
        request.refresh_from_db()
        return request

    return in_status


@pytest.fixture
def another(alice, game):
    """One more listing of Alice's."""
    numbers = count(2)
    return lambda: Listing.objects.create(seller=alice, game=game, title=f"Меч {next(numbers)}", description="—", price="100.00")


@pytest.fixture
def told():
    """`told(user)`: what stands in this user's log; notifications and steps by their names."""

    def log(user, after=0):
        return [_name(event) for event in Event.objects.filter(user=user, seq__gt=after).order_by("seq")]

    return log


@pytest.fixture
def dana(db):
    return CustomUser.objects.create_user("dana", "dana@example.com", "correct-horse-9")


def _name(event):
    if event.type == "deal.changed":
        return event.type, DealStep.objects.get(pk=event.about).step, event.data and event.data["deal"]
    if event.type == "notification.new":
        return event.type, event.user.notifications.get(pk=event.about).kind, event.user.notifications.get(pk=event.about).about
    return event.type, event.about, event.data
