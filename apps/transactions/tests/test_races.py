"""Two hands on one listing at the same moment: whatever comes first, the rows stay true and exactly one of two rivals wins.

The races themselves are the drill's (drills/deals/), shortened.
"""

from functools import partial

import pytest
from django.db import connection

from apps.listings.models import Listings
from apps.transactions import flow, invariants
from apps.transactions.models import PurchaseRequest
from drills.deals import races
from drills.deals.bazaar import Bazaar
from drills.deals.hands import hands
from drills.deals.stall import traders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(alice, bob, charlie, dana):
    return [alice, bob, charlie, dana]


def test_every_ordered_pair_of_actions(people):
    with hands(2) as two:
        count, wrong = races.pairs(two, people, 2)
    assert (count, wrong, dict(two.met)) == (128, [], {})
    assert list(invariants.violations()) == []


def test_a_double_click_is_one_step(people):
    with hands(2) as two:
        for name in ("accept", "reject", "cancel", "ask"):
            hot = races.Hot(people, "pending")
            assert two.together([partial(hot.act, name)] * 2) == [True, True]
            assert PurchaseRequest.objects.filter(listing=hot.listing).count() == (3 if name == "ask" else 2)
    assert list(invariants.violations()) == []


def test_many_hands_at_random(people):
    bazaar = Bazaar([*people, *traders("erika", "fedor")], seed=7)
    wanted = {"ask", "accept", "complete", "cancel", "reject"}
    with hands(8) as eight:
        # What the hands get done hangs on the machine: on until each kind of action was.
        for _round in range(5):
            bazaar.open(eight, 8, 400)
            if wanted <= set(bazaar.done):
                break
    assert (bazaar.errors, bazaar.changed_requests()) == ({}, [])
    assert wanted <= set(bazaar.done)
    assert list(invariants.violations()) == []


def test_selling_to_each_other_does_not_deadlock(people):
    with hands(2) as two:
        assert races.each_other(two, people, 20) == []
    assert not two.met, "nor is one hidden behind a second try"
    assert list(invariants.violations()) == []


def test_the_races_are_real_without_the_locks_they_are_lost(people, monkeypatch):
    """The control: PostgreSQL without row locks, SQLite without a writer's queue."""
    monkeypatch.setattr(Listings, "locked", lambda listings, pk: listings.get(pk=pk))
    monkeypatch.setattr(flow, "_locked", lambda listing: PurchaseRequest.objects.filter(listing=listing).order_by("pk"))

    def unqueued(call, *args):
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        return call(*args)

    failed = False
    with hands(2) as two:
        for _try in range(50):
            hot = races.Hot(people, "accepted")
            done = two.together([partial(unqueued, hot.act, "complete"), partial(unqueued, hot.act, "cancel")])
            failed = sorted(map(str, done)) != ["False", "True"] or any(invariants.violations())
            if failed:
                break
    assert failed
