"""Behind every rule of the code stands one of the database: a row that breaks it is refused by its name."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from apps.accounts.models import Hits
from apps.chat.models import Conversation, Message
from apps.listings.models import Listing
from apps.live.models import Inbox
from apps.transactions import flow, reviews
from apps.transactions.models import PurchaseRequest, Review
from drills.deals import mutants

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(settings, listing, alice, bob):
    settings.RATE_LIMITS = False
    request = flow.create(listing.pk, bob, "Беру!")
    flow.advance(request.pk, "accept", alice)
    flow.advance(request.pk, "complete", alice)
    reviews.create(request.pk, bob, 5)
    return request


def _again(rows, **changes):
    """The first row once more."""
    row = rows.first()
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


# What breaks the constraint of this name; each in the market of `deal`.
BROKEN = {
    "deal_one_taken_per_listing": lambda: _again(PurchaseRequest.objects),
    "deal_one_open_per_buyer": lambda: [
        _again(PurchaseRequest.objects, status="pending", completed_at=None) for _twice in range(2)
    ],
    "deal_buyer_is_not_seller": lambda: PurchaseRequest.objects.update(buyer=F("seller")),
    "deal_price_above_zero": lambda: PurchaseRequest.objects.update(price=0),
    "deal_completed_with_its_time": lambda: PurchaseRequest.objects.update(completed_at=None),
    "deal_status_known": lambda: PurchaseRequest.objects.update(status="gone", completed_at=None),
    "review_one_per_deal_and_reviewer": lambda: _again(Review.objects),
    "review_of_the_other_side": lambda: Review.objects.update(reviewer=F("reviewed_user")),
    "review_rating_1_to_5": lambda: Review.objects.update(rating=6),
    "conversation_lower_id_first": lambda: Conversation.objects.update(participant1=F("participant2")),
    "conversation_one_per_listing": lambda: _again(Conversation.objects),
    "conversation_one_without_listing": lambda: [_again(Conversation.objects, listing=None) for _twice in range(2)],
    "message_one_per_ref": lambda: [_again(Message.objects, ref="the same") for _twice in range(2)],
    "message_kind_known": lambda: Message.objects.update(kind="loud"),
    "inbox_head_not_negative": lambda: Inbox.objects.update(head=-1),
    "listing_price_above_zero": lambda: Listing.objects.update(price=0),
    "listing_price_in_reach": lambda: Listing.objects.update(price=F("price") * Decimal(1000)),
    "listing_status_known": lambda: Listing.objects.update(status="gone"),
    "hits_one_row_a_window": lambda: [Hits.objects.create(key="bob", window=1, count=1) for _twice in range(2)],
}
# numeric(9, 2) itself holds no such price.
SQLITE_ONLY = {"listing_price_in_reach"}


@pytest.mark.parametrize("name", sorted(mutants.constraint_names()))
def test_the_database_refuses_what_breaks_it(name, deal):
    if name in SQLITE_ONLY and connection.vendor != "sqlite":
        pytest.skip("the column's type refuses it before")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BROKEN[name]()
    # Of a unique index SQLite names the columns.
    assert name in str(refusal.value) or connection.vendor == "sqlite"
