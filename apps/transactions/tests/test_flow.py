"""The transition table, walked: who may do what, from where, what follows and who is told."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.accounts.models import Profile
from apps.chat.models import Conversation, Message
from apps.listings.models import Listing
from apps.live import feed
from apps.live.models import Event
from apps.transactions import flow, invariants
from apps.transactions.models import DealStep, PurchaseRequest

from .conftest import PATHS

pytestmark = pytest.mark.django_db

STEPS = ["accept", "reject", "complete", "cancel"]
# (step, from): (to, listing, told to the side that did not act). What is not here must be refused.
LEGAL = {
    ("accept", "pending"): ("accepted", "reserved", "accepted"),
    ("reject", "pending"): ("rejected", "active", "rejected"),
    ("reject", "accepted"): ("rejected", "active", "refused"),
    ("complete", "accepted"): ("completed", "sold", "completed"),
    ("cancel", "pending"): ("cancelled", "active", "cancelled"),
    ("cancel", "accepted"): ("cancelled", "active", "stepped_back"),
}
ARRIVES = {"accept": "accepted", "reject": "rejected", "complete": "completed", "cancel": "cancelled"}


@pytest.fixture(autouse=True)
def _nothing_is_violated(db):
    yield
    assert list(invariants.violations()) == []


def head(user):
    return feed.head(user.pk)


@pytest.mark.parametrize("before", PATHS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_from_each_status(step, before, deal, listing, alice, bob, told):
    request = deal(before)
    actor, other = (bob, alice) if step == "cancel" else (alice, bob)
    heads, lines = (head(alice), head(bob)), DealStep.objects.count()
    was = Listing.objects.get(pk=listing.pk).status
    legal = LEGAL.get((step, before))
    if legal is None and before != ARRIVES[step]:
        with pytest.raises(flow.LostRace) as refusal:
            flow.advance(request.pk, step, actor)
        assert str(refusal.value)
    else:
        flow.advance(request.pk, step, actor)
    request.refresh_from_db()
    listing.refresh_from_db()
    if legal is None:
        assert (request.status, listing.status, DealStep.objects.count()) == (before, was, lines)
        assert heads == (head(alice), head(bob)), "nothing happened, so nobody hears of it"
        return
    to, listing_status, kind = legal
    assert (request.status, listing.status) == (to, listing_status)
    line = DealStep.objects.get(pk__gt=lines and DealStep.objects.order_by("-pk")[1].pk)
    assert (line.step, line.from_status, line.to_status, line.listing_status) == (step, before, to, listing_status)
    assert (line.actor_id, line.created_at) == (actor.pk, request.updated_at)
    assert (request.completed_at == line.created_at) if to == "completed" else request.completed_at is None
    message = Message.objects.get(kind="deal", content=step, pk__in=Event.objects.filter(type="message.new").values("about"))
    shared = [("message.new", message.pk, None), ("deal.changed", step, None)]
    assert told(actor, heads[0 if actor == alice else 1]) == shared
    assert told(other, heads[0 if other == alice else 1]) == [*shared, ("notification.new", kind, request.pk)]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", PATHS)
def test_nobody_else_may_take_a_step(step, before, deal, alice, bob, charlie):
    request = deal(before)
    wrong = alice if step == "cancel" else bob
    for who in (wrong, charlie):
        with pytest.raises(flow.Forbidden):
            flow.advance(request.pk, step, who)
    request.refresh_from_db()
    assert request.status == before


def test_a_request_keeps_what_the_buyer_saw_and_opens_the_talk(listing, alice, bob, charlie, told):
    request = flow.create(listing.pk, bob, "Готов забрать сегодня.")
    Listing.objects.filter(pk=listing.pk).update(title="Другой меч", price="1.00")
    request = PurchaseRequest.objects.get(pk=request.pk)
    assert (request.title, str(request.price), request.seller_id) == ("Меч рассвета", "12490.00", alice.pk)
    talk = Conversation.objects.get(listing=listing)
    line, text = talk.messages.order_by("pk")
    assert (line.kind, line.content, line.sender_id) == ("deal", "create", bob.pk)
    assert (text.kind, text.content, text.sender_id) == ("text", "Готов забрать сегодня.", bob.pk)
    shared = [("message.new", line.pk, None), ("message.new", text.pk, None), ("deal.changed", "create", None)]
    assert told(bob) == shared
    assert told(alice) == [*shared, ("notification.new", "request", request.pk)]
    assert told(charlie) == []


def test_a_second_request_leads_to_the_open_one(listing, bob, alice, deal):
    first = deal()
    heads = head(alice), head(bob)
    assert flow.create(listing.pk, bob, "Ещё раз").pk == first.pk
    flow.advance(first.pk, "accept", alice)
    after = head(alice), head(bob)
    assert flow.create(listing.pk, bob).pk == first.pk, "also while the listing is reserved for this buyer"
    assert heads != after == (head(alice), head(bob))
    assert Message.objects.filter(kind="text").count() == 0


def test_after_a_refusal_one_may_ask_again(deal):
    first = deal("rejected")
    again = deal()
    assert again.pk != first.pk
    assert again.status == "pending"


def test_the_owner_can_not_ask(listing, alice):
    with pytest.raises(flow.Forbidden):
        flow.create(listing.pk, alice)


@pytest.mark.parametrize("status", ["reserved", "sold", "cancelled"])
def test_only_an_active_listing_takes_requests(status, listing, bob):
    Listing.objects.filter(pk=listing.pk).update(status=status)
    with pytest.raises(flow.LostRace):
        flow.create(listing.pk, bob)


def test_a_banned_trader_neither_asks_nor_is_asked(listing, alice, bob):
    bob.is_active = False
    bob.save()
    with pytest.raises(flow.Forbidden):
        flow.create(listing.pk, bob)
    bob.is_active, alice.is_active = True, False
    bob.save()
    alice.save()
    with pytest.raises(Listing.DoesNotExist):
        flow.create(listing.pk, bob)


def test_the_others_wait_while_one_is_accepted_and_are_told(deal, alice, bob, charlie, dana, listing, told):
    mine, waiting, gone = deal(), deal(buyer=charlie), deal("cancelled", buyer=dana)
    heads = head(charlie), head(dana)
    flow.advance(mine.pk, "accept", alice)
    assert told(charlie, heads[0]) == [("deal.changed", "accept", waiting.pk), ("notification.new", "busy", waiting.pk)]
    with pytest.raises(flow.LostRace):
        flow.advance(waiting.pk, "accept", alice)
    middle = head(charlie)
    flow.advance(mine.pk, "cancel", bob)
    assert told(charlie, middle) == [("deal.changed", "cancel", waiting.pk), ("notification.new", "free", waiting.pk)]
    assert flow.advance(waiting.pk, "accept", alice).status == "accepted"
    assert head(dana) == heads[1], "a request that is over hears nothing"
    gone.refresh_from_db()
    assert gone.status == "cancelled"


def test_rejecting_a_pending_one_is_nobody_elses_business(deal, alice, charlie):
    mine, _waiting = deal(), deal(buyer=charlie)
    before = head(charlie)
    flow.advance(mine.pk, "reject", alice)
    assert head(charlie) == before


def test_completion_rejects_the_others_and_tells_each_once(deal, alice, charlie, dana, told):
    one, two, mine = deal(buyer=charlie), deal(buyer=dana), deal("accepted")
    heads = head(alice), head(charlie), head(dana)
    flow.advance(mine.pk, "complete", alice)
    for user, own, before in ((charlie, one, heads[1]), (dana, two, heads[2])):
        own.refresh_from_db()
        assert own.status == "rejected"
        message = Message.objects.get(conversation__listing=own.listing_id, content="reject", conversation__participant2=user)
        assert told(user, before) == [
            ("message.new", message.pk, None),
            ("deal.changed", "reject", None),
            ("notification.new", "sold", own.pk),
        ]
    changed = [entry for entry in told(alice, heads[0]) if entry[0] == "deal.changed"]
    assert changed == [("deal.changed", "complete", None), ("deal.changed", "reject", None), ("deal.changed", "reject", None)]


def test_counters_move_once(deal, alice, bob):
    request = deal("completed")
    flow.advance(request.pk, "complete", alice)
    assert Profile.objects.get(user=alice).total_sales == 1
    assert Profile.objects.get(user=bob).total_purchases == 1
    assert Profile.objects.filter(total_sales=0, total_purchases=0).count() == 0


@pytest.mark.parametrize(("status", "kind"), [("sold", "sold"), ("cancelled", "withdrawn")])
def test_closing_by_hand_rejects_the_pending(status, kind, deal, alice, bob, listing, told):
    request = deal()
    before = head(bob)
    flow.set_status(listing.pk, status, alice)
    request.refresh_from_db()
    listing.refresh_from_db()
    assert (request.status, listing.status) == ("rejected", status)
    assert [entry[:2] for entry in told(bob, before)][1:] == [("deal.changed", "reject"), ("notification.new", kind)]
    after = head(bob), head(alice)
    flow.set_status(listing.pk, status, alice)
    assert after == (head(bob), head(alice))


def test_reserving_by_hand_keeps_the_pending_waiting(deal, alice, bob, listing, told):
    request = deal()
    before = head(bob)
    flow.set_status(listing.pk, "reserved", alice)
    flow.set_status(listing.pk, "active", alice)
    request.refresh_from_db()
    assert request.status == "pending"
    assert told(bob, before) == [("notification.new", "busy", request.pk), ("notification.new", "free", request.pk)]


@pytest.mark.parametrize("status", ["active", "sold", "cancelled"])
def test_an_accepted_deal_alone_decides(status, deal, alice, listing):
    deal("accepted")
    with pytest.raises(flow.LostRace):
        flow.set_status(listing.pk, status, alice)
    with pytest.raises(flow.LostRace):
        flow.withdraw(listing.pk, alice)


@pytest.mark.parametrize("status", ["active", "reserved", "cancelled"])
def test_sold_by_a_deal_is_for_ever(status, deal, alice, listing):
    deal("completed")
    with pytest.raises(flow.LostRace):
        flow.set_status(listing.pk, status, alice)


def test_a_stranger_sets_no_status_and_deletes_nothing(listing, bob):
    for act in (lambda: flow.set_status(listing.pk, "sold", bob), lambda: flow.withdraw(listing.pk, bob)):
        with pytest.raises(flow.Forbidden):
            act()


def test_a_listing_with_deals_is_hidden_and_one_without_is_erased(deal, alice, bob, listing, another, told):
    request, before = deal(), head(bob)
    flow.withdraw(listing.pk, alice)
    flow.withdraw(listing.pk, alice)
    listing.refresh_from_db()
    request.refresh_from_db()
    assert listing.hidden_at
    assert request.status == "rejected"
    assert [entry[:2] for entry in told(bob, before)][1:] == [("deal.changed", "reject"), ("notification.new", "withdrawn")]
    with pytest.raises(Listing.DoesNotExist):
        flow.create(listing.pk, bob)
    spare = another()
    flow.withdraw(spare.pk, alice)
    assert not Listing.objects.filter(pk=spare.pk).exists()


def test_a_moderator_withdraws_in_the_sellers_name(deal, alice, bob, charlie, listing):
    deal()
    charlie.is_staff = True
    charlie.save()
    flow.withdraw(listing.pk, charlie)
    line = DealStep.objects.order_by("-pk").first()
    assert (line.step, line.actor_id) == ("reject", charlie.pk)
    assert Message.objects.order_by("-pk").first().sender_id == alice.pk


def test_the_database_refuses_to_rewrite_the_history(deal):
    deal("accepted")
    for rewrite in (lambda: DealStep.objects.update(to_status="completed"), lambda: DealStep.objects.first().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite()
    assert DealStep.objects.count() == 2


@pytest.mark.parametrize(
    "rewrite",
    [
        {"status": "completed"},
        {"status": "gone"},
        {"buyer": F("seller")},
        {"price": 0},
        {"price": -1},
    ],
)
def test_the_constraints_stand_behind_the_rules(rewrite, deal):
    deal()
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseRequest.objects.update(**rewrite)


def test_two_taken_or_two_open_requests_are_refused_by_the_database(deal, charlie):
    one = deal("accepted")
    fields = {"listing": one.listing, "seller": one.seller, "title": "—", "price": 1}
    for rest in ({"buyer": charlie, "status": "accepted"}, {"buyer": one.buyer, "status": "pending"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PurchaseRequest.objects.create(**fields, **rest)


def test_the_sentences_of_every_status_exist():
    assert set(flow.NOW_IT_IS) == set(PurchaseRequest.Status)
    assert set(flow.NOT_ACTIVE) == set(flow.BY_HAND) == set(Listing.Status)
