"""The seed's models by its own names, and the constraints that refuse a bad row whoever writes it."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from apps.accounts.models import CustomUser
from apps.chat.models import Conversation, Message
from apps.listings.models import Listing
from apps.transactions import flow
from apps.transactions.models import DealStep, PurchaseRequest, Review

FIELDS = {
    "accounts.CustomUser": "id username email first_name last_name date_joined is_active",
    "accounts.Profile": "id user avatar bio phone telegram discord rating total_sales total_purchases",
    "listings.Listing": "id seller game title description price image status created_at updated_at",
    "transactions.PurchaseRequest": "id listing buyer seller status message created_at updated_at completed_at",
    "transactions.Review": "id purchase_request reviewer reviewed_user rating comment created_at",
    "chat.Conversation": "id participant1 participant2 listing created_at updated_at",
    "chat.Message": "id conversation sender content created_at",  # is_read is computed, see below
}
STATUSES = {
    "listings.Listing": ["active", "reserved", "sold", "cancelled"],
    "transactions.PurchaseRequest": ["pending", "accepted", "rejected", "completed", "cancelled"],
}
NULLABLE = {("transactions.PurchaseRequest", "completed_at"), ("chat.Conversation", "listing")}


@pytest.mark.parametrize("label", FIELDS)
def test_the_fields_have_the_seeds_names(label):
    model = apps.get_model(label)
    names = {field.name: field for field in model._meta.get_fields()}
    assert set(FIELDS[label].split()) <= set(names)
    for name in FIELDS[label].split():
        assert names[name].null == ((label, name) in NULLABLE), name


@pytest.mark.parametrize("label", STATUSES)
def test_the_statuses_are_the_seeds(label):
    assert apps.get_model(label).Status.values == STATUSES[label]


def test_a_message_says_whether_it_was_read(listing, alice, bob):
    talk = Conversation.between(listing, alice.pk, bob.pk)
    message = talk.post(bob.pk, "Здравствуйте!")
    talk.refresh_from_db()
    assert not message.is_read_in(talk)
    talk.read_up_to(alice.pk, message.pk)
    talk.refresh_from_db()
    assert message.is_read_in(talk)


def test_frames_carry_the_seeds_models(listing, bob, client_of):
    flow.create(listing.pk, bob, "Здравствуйте!")
    events = {event["type"]: event for event in client_of(bob).get("/live/events/?after=0").json()["events"]}
    assert {*FIELDS["chat.Message"].split(), "is_read"} <= set(events["message.new"]["message"])
    assert set(FIELDS["transactions.PurchaseRequest"].split()) <= set(events["deal.changed"]["deal"])
    assert events["deal.changed"]["deal"]["price"] == "12490.00"


@contextmanager
def refused(*errors):
    with pytest.raises(errors or IntegrityError), transaction.atomic():
        yield


@pytest.fixture
def ask(listing, alice):
    """Writes a request straight into the table."""

    def write(buyer, **fields):
        fields = {"listing": listing, "seller": alice, "title": listing.title, "price": listing.price, **fields}
        return PurchaseRequest.objects.create(buyer=buyer, **fields)

    return write


@pytest.fixture
def done(ask, bob):
    return ask(bob, status="completed", completed_at=timezone.now())


TAKEN = [{"status": "accepted"}, {"status": "completed", "completed_at": timezone.now()}]


@pytest.mark.parametrize("first", TAKEN, ids=["accepted", "completed"])
@pytest.mark.parametrize("second", TAKEN, ids=["accepted", "completed"])
def test_one_taken_request_a_listing(first, second, ask, bob, charlie):
    ask(bob, **first)
    with refused():
        ask(charlie, **second)
    waiting = ask(charlie)
    with refused():
        PurchaseRequest.objects.filter(pk=waiting.pk).update(**second)


@pytest.mark.parametrize("first", ["pending", "accepted"])
@pytest.mark.parametrize("second", ["pending", "accepted"])
def test_one_open_request_a_buyer_and_listing(first, second, ask, bob):
    ask(bob, status=first)
    with refused():
        ask(bob, status=second)


def test_closed_requests_are_as_many_as_there_were(ask, bob, charlie):
    for status in ("rejected", "cancelled", "rejected", "pending"):
        ask(bob, status=status)
    ask(charlie, status="accepted")


def test_nobody_buys_from_themselves(ask, alice):
    with refused():
        ask(alice)


def test_completed_is_when_there_is_a_time(ask, bob):
    with refused():
        ask(bob, status="completed")
    with refused():
        ask(bob, status="pending", completed_at=timezone.now())


def test_no_other_status(ask, bob, listing):
    with refused():
        ask(bob, status="paid")
    with refused():
        Listing.objects.filter(pk=listing.pk).update(status="lost")


# PostgreSQL's column refuses a tenth digit before any check does.
@pytest.mark.parametrize("price", ["0", "-0.01", "-5", "10000000", "99999999.99"])
def test_a_price_is_above_zero_and_in_reach(price, listing, ask, bob):
    with refused(IntegrityError, DataError):
        Listing.objects.filter(pk=listing.pk).update(price=Decimal(price))
    if Decimal(price) <= 0:
        with refused():
            ask(bob, price=Decimal(price))


@pytest.mark.parametrize("price", ["0.01", "9999999.99"])
def test_the_ends_of_the_prices_are_prices(price, listing):
    Listing.objects.filter(pk=listing.pk).update(price=Decimal(price))
    assert Listing.objects.get().price == Decimal(price)


@pytest.mark.parametrize("rating", [0, 6, -1, 100])
def test_a_rating_is_one_to_five(rating, done, alice, bob):
    with refused(IntegrityError, DataError):
        Review.objects.create(purchase_request=done, reviewer=bob, reviewed_user=alice, rating=rating)


def test_one_review_a_deal_and_reviewer_about_somebody_else(done, alice, bob):
    with refused():
        Review.objects.create(purchase_request=done, reviewer=bob, reviewed_user=bob, rating=5)
    Review.objects.create(purchase_request=done, reviewer=bob, reviewed_user=alice, rating=5)
    Review.objects.create(purchase_request=done, reviewer=alice, reviewed_user=bob, rating=5)
    with refused():
        Review.objects.create(purchase_request=done, reviewer=bob, reviewed_user=alice, rating=4)


def test_the_history_is_only_added_to(listing, bob):
    flow.create(listing.pk, bob)
    line = DealStep.objects.get()
    with refused(DatabaseError):
        DealStep.objects.update(to_status="completed")
    with refused(DatabaseError):
        DealStep.objects.filter(pk=line.pk)._raw_delete(using="default")
    assert DealStep.objects.get().to_status == "pending"


def test_one_talk_a_pair_and_listing_and_the_lower_id_first(listing, alice, bob):
    low, high = sorted((alice, bob), key=lambda user: user.pk)
    with refused():
        Conversation.objects.create(participant1=high, participant2=low, listing=listing)
    with refused():
        Conversation.objects.create(participant1=low, participant2=low, listing=listing)
    for about in (listing, None):
        Conversation.objects.create(participant1=low, participant2=high, listing=about)
        with refused():
            Conversation.objects.create(participant1=low, participant2=high, listing=about)


def test_one_message_a_sender_and_ref(listing, alice, bob):
    talk = Conversation.between(listing, alice.pk, bob.pk)
    Message.objects.create(conversation=talk, sender=bob, content="Раз", ref="r")
    Message.objects.create(conversation=talk, sender=alice, content="Раз", ref="r")
    with refused():
        Message.objects.create(conversation=talk, sender=bob, content="Два", ref="r")


@pytest.mark.parametrize(
    ("name", "email"), [("ALICE", "other@example.com"), ("other", "Alice@Example.com"), ("аlice", "x@example.com")]
)
def test_names_and_addresses_are_unique_whatever_their_case(name, email, alice):
    with refused():
        CustomUser.objects.create_user(name, email, "correct-horse-9")


def test_what_others_stand_on_is_not_erased(listing, alice, bob):
    flow.create(listing.pk, bob)
    for row in (listing, alice, bob, listing.game):
        with refused(IntegrityError):
            row.delete()
