"""Two hands on one listing at the same moment: whatever comes first, the rows stay true and exactly one of two rivals wins."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import product
from threading import Barrier

import pytest
from django.db import Error, connection, connections

from apps.listings.models import Listing, Listings
from apps.transactions import flow, invariants
from apps.transactions.models import PurchaseRequest

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = (flow.LostRace, flow.Forbidden, Listing.DoesNotExist)
# Pairs of which one must lose, by the state in which they begin.
RIVALS = {
    "pending": [
        {"accept", "accept other"},
        {"accept", "sell by hand"},
        {"accept", "delete"},
        {"reject", "cancel"},
    ],
    "accepted": [{"complete", "cancel"}, {"complete", "reject"}, {"reject", "cancel"}],
}


class Hot:
    """One listing of Alice's, asked for by Bob and Charlie; Dana is about to ask."""

    def __init__(self, listing, people, status):
        self.listing, self.people = listing, people
        self.mine = flow.create(listing.pk, people["bob"])
        self.other = flow.create(listing.pk, people["charlie"])
        if status == "accepted":
            flow.advance(self.mine.pk, "accept", people["alice"])

    def act(self, name):
        """True when it was done or held already, False when it was refused in words."""
        alice, bob = self.people["alice"], self.people["bob"]
        acts = {
            "accept": lambda: flow.advance(self.mine.pk, "accept", alice),
            "accept other": lambda: flow.advance(self.other.pk, "accept", alice),
            "reject": lambda: flow.advance(self.mine.pk, "reject", alice),
            "complete": lambda: flow.advance(self.mine.pk, "complete", alice),
            "cancel": lambda: flow.advance(self.mine.pk, "cancel", bob),
            "ask": lambda: flow.create(self.listing.pk, self.people["dana"], "И я хочу"),
            "sell by hand": lambda: flow.set_status(self.listing.pk, "sold", alice),
            "delete": lambda: flow.withdraw(self.listing.pk, alice),
        }
        try:
            acts[name]()
        except REFUSED:
            return False
        return True


ACTIONS = ["accept", "accept other", "reject", "complete", "cancel", "ask", "sell by hand", "delete"]


@pytest.fixture
def people(alice, bob, charlie, dana):
    return {"alice": alice, "bob": bob, "charlie": charlie, "dana": dana}


@contextmanager
def crowd(size):
    """`together(calls)` runs that many calls in threads of their own, let go at once; answers what each returned or raised."""
    barrier = Barrier(size)

    def run(call):
        barrier.wait(10)
        try:
            return call()
        except Error as error:
            return error

    with ThreadPoolExecutor(size) as pool:
        yield lambda calls: list(pool.map(run, calls))
        list(pool.map(run, [connections.close_all] * size))


@pytest.mark.parametrize("status", RIVALS)
def test_every_ordered_pair_of_actions(status, people, another):
    with crowd(2) as together:
        for first, second in product(ACTIONS, repeat=2):
            hot = Hot(another(), people, status)
            done = together([partial(hot.act, first), partial(hot.act, second)])
            assert set(done) <= {True, False}, (first, second, done)
            if {first, second} in RIVALS[status]:
                assert sorted(done) == [False, True], (first, second)
    assert list(invariants.violations()) == []


def test_a_double_click_is_one_step(people, another):
    with crowd(2) as together:
        for name in ("accept", "reject", "cancel", "ask"):
            hot = Hot(another(), people, "pending")
            assert together([partial(hot.act, name)] * 2) == [True, True]
            assert PurchaseRequest.objects.filter(listing=hot.listing).count() == (3 if name == "ask" else 2)
    assert list(invariants.violations()) == []


def test_many_hands_at_random(people, another):
    chance = random.Random(7)
    with crowd(8) as together:
        hots = [Hot(another(), people, status) for status in ("pending", "accepted")]
        for _round in range(40):
            hot = chance.choice(hots)
            done = together([partial(hot.act, chance.choice(ACTIONS[:6])) for _hand in range(8)])
            assert set(done) <= {True, False}, done
            if Listing.objects.get(pk=hot.listing.pk).status == "sold":
                hots = [Hot(another(), people, status) for status in ("pending", "accepted")]
    assert list(invariants.violations()) == []


def test_selling_to_each_other_does_not_deadlock(alice, bob, game, another):
    with crowd(2) as together:
        for _round in range(20):
            his = Listing.objects.create(seller=bob, game=game, title="Лук", description="—", price="5.00")
            sold = flow.create(another().pk, bob), flow.create(his.pk, alice)
            for request in sold:
                flow.advance(request.pk, "accept", request.seller)
            done = together([partial(flow.advance, request.pk, "complete", request.seller) for request in sold])
            assert [request.status for request in done] == ["completed", "completed"]
    assert list(invariants.violations()) == []


def test_the_races_are_real_without_the_locks_they_are_lost(people, another, monkeypatch):
    """The control: PostgreSQL without row locks, SQLite without a writer's queue."""
    monkeypatch.setattr(Listings, "locked", lambda listings, pk: listings.get(pk=pk))
    monkeypatch.setattr(flow, "_locked", lambda listing: PurchaseRequest.objects.filter(listing=listing).order_by("pk"))

    def unqueued(call, *args):
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"
        return call(*args)

    failed = False
    with crowd(2) as together:
        for _try in range(50):
            hot = Hot(another(), people, "accepted")
            done = together([partial(unqueued, hot.act, "complete"), partial(unqueued, hot.act, "cancel")])
            failed = sorted(map(str, done)) != ["False", "True"] or any(invariants.violations())
            if failed:
                break
    assert failed
