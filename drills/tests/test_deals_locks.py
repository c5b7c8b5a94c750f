"""Whoever decides by a row locks it first, rows of one kind in order; a change that a deadlock undid is made again."""

import re
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from apps.accounts import letters
from apps.accounts.models import Profile
from apps.chat.models import Conversation
from apps.listings import selling
from apps.listings.models import Listing
from apps.live.models import Inbox
from apps.notifications.models import Bell
from apps.transactions import flow, reviews
from apps.transactions.models import PurchaseRequest
from drills.deals import mutants
from drills.deals.stepping import Stepped

# PostgreSQL only: SQLite has one writer at a time.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.cluster]


@pytest.fixture(autouse=True)
def _as_often_as_we_like(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def accepted(alice, bob, listing):
    request = flow.create(listing.pk, bob)
    return flow.advance(request.pk, "accept", alice)


@pytest.fixture
def completed(accepted, alice):
    return flow.advance(accepted.pk, "complete", alice)


# The lock of each place: what acts, and which row another one holds meanwhile.
def a_step_and_its_listing(accepted, alice, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), Listing.objects.filter(pk=accepted.listing_id)


def a_step_and_its_request(accepted, alice, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), PurchaseRequest.objects.filter(pk=accepted.pk)


def a_completion_and_a_profile(accepted, alice, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), Profile.objects.filter(user=alice)


def a_step_and_its_talk(accepted, alice, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), Conversation.objects.all()


def a_step_and_a_bell(accepted, alice, bob, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), Bell.objects.filter(user=bob)


def a_step_and_an_inbox(accepted, alice, bob, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice), Inbox.objects.filter(user=bob)


def a_review_and_its_deal(completed, bob, **_people):
    return partial(reviews.create, completed.pk, bob, 5), PurchaseRequest.objects.filter(pk=completed.pk)


def a_review_and_a_profile(completed, alice, bob, **_people):
    return partial(reviews.create, completed.pk, bob, 5), Profile.objects.filter(user=alice)


def reading_and_its_talk(accepted, alice, bob, **_people):
    talk = Conversation.objects.get()
    said = talk.post(bob.pk, "Когда удобно?")
    return partial(talk.read_up_to, alice.pk, said.pk), Conversation.objects.all()


def an_offer_and_its_seller(accepted, alice, **_people):
    fields = {"game": accepted.listing.game, "title": "Щит", "description": "—", "price": 5}
    return partial(selling.offer, alice, Image.new("RGB", (64, 64)), **fields), Profile.objects.filter(user=alice)


def an_edit_and_its_profile(accepted, alice, **_people):
    client = Client()
    client.force_login(alice)
    return partial(client.post, "/accounts/profile-edit/", {"bio": "Мечи"}), Profile.objects.filter(user=alice)


def a_reset_and_its_account(accepted, alice, **_people):
    link = re.search(r"/accounts/password-reset/\S+", letters.reset(alice).body)[0]
    new = {"new_password1": "other-donkey-7", "new_password2": "other-donkey-7"}
    return partial(Client().post, link, new), type(alice).objects.filter(pk=alice.pk)


PLACES = {
    "apps.listings.models:locked:Listing": a_step_and_its_listing,
    "apps.transactions.flow:_locked:PurchaseRequest": a_step_and_its_request,
    "apps.transactions.flow:_count:Profile": a_completion_and_a_profile,
    "apps.transactions.reviews:create:PurchaseRequest": a_review_and_its_deal,
    "apps.transactions.reviews:create:Profile": a_review_and_a_profile,
    "apps.chat.models:__init__:Conversation": a_step_and_its_talk,
    "apps.chat.models:read_up_to:Conversation": reading_and_its_talk,
    "apps.notifications.models:_lock:Bell": a_step_and_a_bell,
    "apps.live.feed:_number:Inbox": a_step_and_an_inbox,
    "apps.listings.selling:_in_turn:Profile": an_offer_and_its_seller,
    "apps.accounts.forms.profile:save:Profile": an_edit_and_its_profile,
    "apps.accounts.views.passwords:_reset_done:CustomUser": a_reset_and_its_account,
}

IN_ORDER = {
    "apps.transactions.flow:_locked:PurchaseRequest": '"transactions_purchaserequest"."id" ASC',
    "apps.transactions.flow:_count:Profile": "1 ASC",  # the only column: user_id
    "apps.chat.models:__init__:Conversation": '"chat_conversation"."id" ASC',
    "apps.notifications.models:_lock:Bell": '"notifications_bell"."user_id" ASC',
    "apps.live.feed:_number:Inbox": "1 ASC",  # the first column: user_id
}


@pytest.mark.parametrize("place", PLACES)
def test_it_waits_for_who_holds_the_row(place, request, alice, bob):
    story = PLACES[place]
    deal = request.getfixturevalue("completed" if story.__code__.co_varnames[0] == "completed" else "accepted")
    call, rows = story(deal, alice=alice, bob=bob)
    with Stepped() as other:
        with transaction.atomic():
            table = rows.model._meta.db_table
            assert list(rows.select_for_update(no_key=True))
            other.begin(call)
            assert not other.wait(), "it did not wait"
            assert f'FROM "{table}"' in other.statement
            assert other.statement.endswith("FOR NO KEY UPDATE"), "it waits before it looks, not at its write"
            if place in IN_ORDER:
                assert f"ORDER BY {IN_ORDER[place]} FOR" in other.statement
        end = other.result()
    assert not isinstance(end, Exception), end


@pytest.mark.parametrize("model", [Conversation, Inbox])
def test_what_writes_in_one_statement_waits_before_it(model, accepted, alice, bob):
    """What the statement sees is then of after the wait."""
    talk = Conversation.objects.get()
    with Stepped() as other:
        with transaction.atomic():
            assert list(model.objects.select_for_update(no_key=True))
            other.begin(partial(talk.post, bob.pk, "Когда удобно?"))
            assert not other.wait(), "it did not wait"
            waits_at = other.asked()
            assert waits_at.startswith("SELECT")
            assert model._meta.db_table in waits_at.partition("(")[0]
            assert re.search(r"ORDER BY \w+ FOR NO KEY UPDATE\Z", waits_at)
        assert other.result().pk == talk.messages.get(content="Когда удобно?").pk


def a_create(accepted, bob, **_people):
    return partial(flow.create, accepted.listing_id, bob)


def a_step(accepted, alice, **_people):
    return partial(flow.advance, accepted.pk, "complete", alice)


def a_status(accepted, alice, bob, **_people):
    flow.advance(accepted.pk, "reject", alice)
    flow.create(accepted.listing_id, bob)
    return partial(flow.set_status, accepted.listing_id, "sold", alice)


def a_deletion(accepted, alice, bob, **_people):
    flow.advance(accepted.pk, "reject", alice)
    flow.create(accepted.listing_id, bob)
    return partial(flow.withdraw, accepted.listing_id, alice)


RETRIED = {"flow.create": a_create, "flow.advance": a_step, "flow.set_status": a_status, "flow.withdraw": a_deletion}


@pytest.mark.parametrize("change", RETRIED)
def test_a_step_that_a_deadlock_undid_is_taken_again(change, accepted, alice, bob):
    """Somebody takes the same rows the other way round."""
    call = RETRIED[change](accepted, alice=alice, bob=bob)
    requests = PurchaseRequest.objects.filter(listing=accepted.listing_id, status__in=PurchaseRequest.OPEN)
    _deadlock(call, requests, Listing.objects.filter(pk=accepted.listing_id))


def test_so_is_a_review(completed, alice, bob):
    call = partial(reviews.create, completed.pk, bob, 5)
    _deadlock(call, Profile.objects.filter(user=alice), PurchaseRequest.objects.filter(pk=completed.pk))


def _deadlock(call, later, earlier):
    with Stepped() as other:
        other.begin(partial(_give_up_after, "800ms"))
        other.result()
        with transaction.atomic():
            _give_up_after("5s")
            assert list(later.select_for_update(no_key=True))
            other.begin(call)
            assert not other.wait()
            assert list(earlier.select_for_update(no_key=True)), "the other one gave way"
        end = other.result()
    assert "40P01" in other.met, "there was a deadlock"
    assert not isinstance(end, Exception), end


def _give_up_after(patience):
    with connection.cursor() as cursor:
        cursor.execute(f"SET {'LOCAL' if connection.in_atomic_block else 'SESSION'} deadlock_timeout = '{patience}'")


def test_every_lock_and_every_on_commit_has_its_mutant():
    assert {place.rpartition(":")[0] for place in mutants.LOCKS} == mutants.calls_of("select_for_update")
    assert set(mutants.ON_COMMITS) == mutants.calls_of("on_commit")
    assert set(mutants.ORDERS) <= set(mutants.LOCKS)
    assert set(PLACES) <= set(mutants.LOCKS)
