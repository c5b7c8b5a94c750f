"""A check that can't fail is none: each finds its own damage. What a constraint refuses anyway can't be damaged here."""

import pytest
from django.db.models import F

from apps.accounts.models import Profile
from apps.chat.models import Message
from apps.listings.models import Listing
from apps.live.models import Event
from apps.transactions import invariants, reviews
from apps.transactions.models import DealStep, PurchaseRequest, Review

pytestmark = pytest.mark.django_db

REFUSED_BY_THE_DATABASE = {
    "one_taken_per_listing",
    "one_open_per_buyer",
    "completion_has_its_time",
    "prices_and_ratings",
    "one_review_of_each_side",
}


@pytest.fixture
def sold(deal, bob, charlie):
    """A completed deal with a review; who waited was rejected."""
    deal(buyer=charlie)
    request = deal("completed")
    reviews.create(request.pk, bob, 5)
    assert list(invariants.violations()) == []
    return request


def _asked_late(request, charlie):
    step = {"step": "create", "from_status": "", "to_status": "pending", "listing_status": "sold"}
    DealStep.objects.create(request=request, actor=charlie, **step)


DAMAGE = {
    "sides": lambda request, charlie: PurchaseRequest.objects.filter(pk=request.pk).update(seller=charlie),
    "listing_follows_its_deal": lambda request, charlie: Listing.objects.update(status="active"),
    "asked_of_what_was_on_sale": _asked_late,
    "counters": lambda request, charlie: Profile.objects.filter(user=request.buyer).update(total_purchases=2),
    "reviews_are_of_the_other_side": lambda request, charlie: Review.objects.update(reviewed_user=charlie),
    "history_is_legal": lambda request, charlie: PurchaseRequest.objects.filter(buyer=charlie).update(status="cancelled"),
    "told_to_both_in_order": lambda request, charlie: (
        Event.objects.filter(type="deal.changed", user=request.buyer).order_by("-seq").first().delete()
    ),
    "lines_in_the_talk": lambda request, charlie: Message.objects.filter(kind="deal").order_by("pk").first().delete(),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(name, sold, charlie):
    DAMAGE[name](sold, charlie)
    assert list(getattr(invariants, name)())


def test_a_closed_listing_leaves_nobody_waiting(sold, charlie):
    PurchaseRequest.objects.filter(buyer=charlie).update(status="pending")
    assert [each for each in invariants.listing_follows_its_deal() if "closed" in each]


def test_a_swapped_order_is_found(sold, bob):
    news = Event.objects.filter(type="deal.changed", user=bob, data__isnull=True).order_by("seq")
    first, second = news[:2]
    news.filter(seq=first.seq).update(about=F("about") + second.about - first.about)
    news.filter(seq=second.seq).update(about=first.about)
    assert list(invariants.told_to_both_in_order())


def test_every_check_is_tried():
    assert {check.__name__ for check in invariants.CHECKS} == set(DAMAGE) | REFUSED_BY_THE_DATABASE
