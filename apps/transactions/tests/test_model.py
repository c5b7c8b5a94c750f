"""The same random walk through the site and through a model of it in plain Python: every answer and every status agree."""

import random

import pytest
from django.urls import reverse

from apps.listings.models import Listing
from apps.transactions import flow, invariants
from apps.transactions.models import PurchaseRequest

pytestmark = pytest.mark.django_db

STEPS = 25
# step: (by the seller, from, to)
TABLE = {
    "accept": (True, {"pending"}, "accepted"),
    "reject": (True, {"pending", "accepted"}, "rejected"),
    "complete": (True, {"accepted"}, "completed"),
    "cancel": (False, {"pending", "accepted"}, "cancelled"),
}
REFUSED = 400


class Model:
    """What product.md says, without a database. Each method answers with the status code that the site must give."""

    def __init__(self):
        self.listing, self.hidden, self.requests = "active", False, []

    def ask(self, who):
        if self.hidden:
            return 404
        if who == "alice":
            return 403
        if any(buyer == who and status in {"pending", "accepted"} for buyer, status in self.requests):
            return 302
        if self.listing != "active":
            return REFUSED
        self.requests.append([who, "pending"])
        return 302

    def step(self, number, step, who):
        request = self.requests[number]
        by_seller, before, after = TABLE[step]
        if who != ("alice" if by_seller else request[0]):
            return 403
        if request[1] == after:
            return 302
        if request[1] not in before or (step == "accept" and self.listing != "active"):
            return REFUSED
        if after == "accepted":
            self.listing = "reserved"
        elif after == "completed":
            self.listing = "sold"
        elif request[1] == "accepted":
            self.listing = "active"
        request[1] = after
        if after == "completed":
            self._close()
        return 302

    def by_hand(self, status):
        if self.hidden:
            return 404
        if status == self.listing:
            return 302
        if self._has("accepted") or self._has("completed"):
            return REFUSED
        self.listing = status
        if status in {"sold", "cancelled"}:
            self._close()
        return 302

    def delete(self):
        if self.hidden:
            return 302
        if self._has("accepted"):
            return REFUSED
        self.hidden = True
        if self.listing in {"active", "reserved"}:
            self.listing = "cancelled"
            self._close()
        return 302

    def _has(self, status):
        return any(request[1] == status for request in self.requests)

    def _close(self):
        for request in self.requests:
            if request[1] == "pending":
                request[1] = "rejected"


@pytest.mark.parametrize("seed", range(6))
def test_the_site_agrees_with_the_model(seed, listing, alice, bob, charlie, dana, client_of):
    chance = random.Random(seed)
    people = {user.username: client_of(user) for user in (alice, bob, charlie, dana)}
    model = Model()
    model.ask("bob")
    flow.create(listing.pk, bob)
    for _step in range(STEPS):
        who = chance.choice(["alice", "alice", "bob", "charlie", "dana"])
        action = chance.choices(["ask", "step", "by hand", "delete"], [6, 20, 2, 0.5])[0]
        if action == "ask":
            expected = model.ask(who)
            answer = people[who].post(reverse("transactions:create", args=[listing.pk])).status_code
        elif action == "step":
            number, step = chance.randrange(len(model.requests)), chance.choice(list(TABLE))
            expected = model.step(number, step, who)
            pk = PurchaseRequest.objects.order_by("pk")[number].pk
            answer = people[who].post(reverse(f"transactions:{step}", args=[pk])).status_code
        elif action == "by hand":
            status = chance.choice(Listing.Status.values)
            expected = model.by_hand(status)
            answer = by_hand(listing.pk, status, alice)
        else:
            expected = model.delete()
            answer = people["alice"].post(reverse("listings:delete", args=[listing.pk])).status_code
        assert answer == expected, (action, who, model.listing, model.requests)
        listing.refresh_from_db()
        assert (listing.status, listing.hidden_at is not None) == (model.listing, model.hidden)
        assert list(PurchaseRequest.objects.order_by("pk").values_list("buyer__username", "status")) == [
            tuple(request) for request in model.requests
        ]
    assert list(invariants.violations()) == []


def by_hand(pk, status, seller):
    try:
        flow.set_status(pk, status, seller)
    except flow.LostRace:
        return REFUSED
    except Listing.DoesNotExist:
        return 404
    return 302
