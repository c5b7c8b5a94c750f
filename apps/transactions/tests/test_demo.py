"""The demo command: what it leaves behind could have happened, and what is there already it leaves alone."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import Count
from django.test import Client

from apps.accounts.models import CustomUser
from apps.chat.models import Conversation, Message
from apps.listings import photos, search
from apps.listings.demo import drawings
from apps.listings.demo.stock import plan_stock
from apps.listings.demo.traders import plan_traders
from apps.listings.models import Game, Listing
from apps.live.models import Event, Inbox
from apps.notifications import kinds
from apps.notifications.models import Bell, Notification
from apps.transactions import invariants
from apps.transactions.flow import RULES, Step
from apps.transactions.models import DealStep, PurchaseRequest, Review
from apps.transactions.reviews import average

Status = PurchaseRequest.Status


@pytest.fixture
def market(db, monkeypatch, capsys):
    """Drawn on small paper, as a test looks at no picture; still seconds, so few tests look at many things."""
    monkeypatch.setattr(drawings, "MASTER", (64, 48))
    call_command("demo")
    return capsys.readouterr().out


def test_the_market_is_full_drawn_and_searched(market, settings):
    assert "prodavec" in market
    assert "pokupatel" in market
    assert "lootlink-demo" in market
    assert Game.objects.count() >= 36
    assert CustomUser.objects.count() == 30
    on_sale = Listing.objects.public()
    assert 380 <= on_sale.count() <= 420
    assert on_sale.values("title").distinct().count() == on_sale.count()
    assert on_sale.filter(seller__username="prodavec").count() == 17
    assert {listing.status for listing in Listing.objects.all()} == {"active", "reserved", "sold", "cancelled"}
    for username in ("prodavec", "pokupatel"):
        assert Client().login(username=username, password="lootlink-demo")

    images = list(Listing.objects.values_list("image", flat=True))
    assert len(set(images)) == len(images)
    for size in photos.sizes("listings"):
        assert default_storage.exists(photos.url(images[0], size).removeprefix(settings.MEDIA_URL))
    for said in ("мечи", "МЕЧ", "мечами"):
        found = search.find({"search": said})
        assert len(found.page) > 5
        shown = Listing.objects.filter(pk__in=[card.pk for card in found.page])
    assert all("меч" in f"{listing.title} {listing.description}".lower() for listing in shown)


def test_all_of_it_could_have_happened(market):
    assert list(invariants.violations()) == []
    deals_are_legal()
    listings_are_what_their_deals_made_of_them()
    ratings_and_counts_equal_the_rows()
    talks_are_in_order_and_tell_of_their_deals()
    bells_can_be_read_out_and_the_log_begins_now()


def test_the_two_logins_have_something_to_read_and_to_answer_and_a_second_time_changes_nothing(market, capsys):
    seller, buyer = (CustomUser.objects.get(username=name) for name in ("prodavec", "pokupatel"))
    shared = Conversation.objects.of(seller) & Conversation.objects.of(buyer)
    assert {deal.status for deal in PurchaseRequest.objects.between(seller, buyer)} >= {"pending", "accepted", "completed"}
    for user in (seller, buyer):
        assert Client().login(username=user.username, password="lootlink-demo")
        assert sum(talk.unread for talk in shared.with_unread(user)) >= 2
        assert Notification.objects.of(user).unread().count() > 0
    assert PurchaseRequest.objects.waiting_for(seller).count() >= 3
    assert PurchaseRequest.objects.waiting_for(buyer).count() >= 1

    before = (Listing.objects.count(), CustomUser.objects.count(), Message.objects.count())
    call_command("demo")
    assert "already" in capsys.readouterr().out
    assert (Listing.objects.count(), CustomUser.objects.count(), Message.objects.count()) == before


def test_the_market_is_the_same_every_time():
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def planned():
        choice = Random(1)
        lots = plan_stock(plan_traders(now, choice), now, choice)
        return [(lot.listing.title, lot.listing.seller.username, lot.listing.created_at, lot.drawing) for lot in lots]

    assert planned() == planned()


def deals_are_legal():
    deals = PurchaseRequest.objects.prefetch_related("steps", "listing")
    assert {deal.status for deal in deals} == set(Status.values)
    for deal in deals:
        steps = sorted(deal.steps.all(), key=lambda step: step.pk)
        before, at = "", deal.created_at
        for step in steps:
            rule = RULES[Step(step.step)]
            assert step.from_status == before
            assert before in rule.before
            assert step.to_status == rule.after
            assert step.actor_id == getattr(deal, rule.by)
            assert step.created_at >= at
            before, at = step.to_status, step.created_at
        assert deal.status == before
        assert deal.updated_at == at
        assert deal.completed_at == (at if before == Status.COMPLETED else None)
        assert deal.created_at >= deal.listing.created_at
        assert (deal.seller_id, deal.image) == (deal.listing.seller_id, deal.listing.image)


def listings_are_what_their_deals_made_of_them():
    for listing in Listing.objects.prefetch_related("requests__steps"):
        taken = [deal.status for deal in listing.requests.all() if deal.status in PurchaseRequest.AGREED]
        by_deals = {"accepted": "reserved", "completed": "sold"}.get(taken[0]) if taken else None
        assert len(taken) <= 1
        assert listing.status == by_deals or (not taken and listing.status in {"active", "cancelled"})
        newest = max(
            (step for deal in listing.requests.all() for step in deal.steps.all()), key=lambda step: step.pk, default=None
        )
        if newest and listing.status != "cancelled":
            assert newest.listing_status == listing.status


def ratings_and_counts_equal_the_rows():
    completed = PurchaseRequest.objects.filter(status=Status.COMPLETED)
    for user in CustomUser.objects.select_related("profile"):
        assert user.profile.rating == average(user.pk)
        assert user.profile.total_sales == completed.filter(seller=user).count()
        assert user.profile.total_purchases == completed.filter(buyer=user).count()
    assert 4.8 <= CustomUser.objects.get(username="prodavec").profile.rating < 5
    for review in Review.objects.select_related("purchase_request"):
        deal = review.purchase_request
        assert {review.reviewer_id, review.reviewed_user_id} == {deal.buyer_id, deal.seller_id}
        assert review.created_at > deal.completed_at


def talks_are_in_order_and_tell_of_their_deals():
    for talk in Conversation.objects.prefetch_related("messages", "listing"):
        messages = sorted(talk.messages.all(), key=lambda message: message.pk)
        times = [message.created_at for message in messages]
        assert times == sorted(times)
        assert talk.last_message_id == messages[-1].pk
        assert (talk.created_at, talk.updated_at) == (times[0], times[-1])
        assert {message.sender_id for message in messages} <= set(talk.participants)
        assert talk.listing.seller_id in talk.participants
        own = {reader: [m.pk for m in messages if m.sender_id == reader and m.kind == "text"] for reader in talk.participants}
        for reader in talk.participants:
            assert talk.read_of(reader) >= max(own[reader], default=0)
            assert talk.read_of(reader) <= talk.last_message_id
    told = Message.objects.filter(kind="deal").values_list("conversation__listing", "sender", "content", "created_at")
    steps = DealStep.objects.values_list("request__listing", "actor", "step", "created_at")
    assert sorted(told) == sorted(steps)
    assert Conversation.objects.annotate(n=Count("messages")).filter(n__gte=60).exists()


def bells_can_be_read_out_and_the_log_begins_now():
    assert not Event.objects.exists()
    assert Inbox.objects.filter(head=0).count() == CustomUser.objects.count() == Bell.objects.count()
    deals = {deal.pk: deal for deal in PurchaseRequest.objects.all()}
    for notification in Notification.objects.all():
        assert deals[notification.about].title in kinds.text(notification) or notification.kind == "review"
        assert notification.user_id in {deals[notification.about].buyer_id, deals[notification.about].seller_id}
    assert {notification.kind for notification in Notification.objects.all()} == set(kinds.KINDS) - {"withdrawn"}
