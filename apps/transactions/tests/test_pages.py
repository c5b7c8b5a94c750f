"""The deal's pages, one after the other: who gets in, what a look changes (nothing), what a POST does, what is shown."""

import gc
import weakref

import pytest
from django.urls import reverse

from apps.chat.models import Conversation
from apps.listings.models import Listing
from apps.live.models import Event
from apps.transactions import invariants
from apps.transactions.models import DealStep, PurchaseRequest, Review

from .conftest import PATHS

pytestmark = pytest.mark.django_db

STEPS = {"accept": "alice", "reject": "alice", "complete": "alice", "cancel": "bob"}
BEFORE = {"accept": "pending", "reject": "pending", "complete": "accepted", "cancel": "pending"}


def page(name, pk):
    return reverse(f"transactions:{name}", args=[pk])


def counts():
    return [model.objects.count() for model in (PurchaseRequest, DealStep, Review, Event, Conversation)]


@pytest.fixture
def someone(alice, bob, charlie, client_of):
    people = {"alice": alice, "bob": bob, "charlie": charlie}
    return lambda name: client_of(people[name])


def test_guests_go_to_the_login(client, deal):
    pk = deal("completed").pk
    for name in ("create", "detail", "review", *STEPS):
        url = page(name, pk)
        for answer in (client.get(url), *([] if name == "detail" else [client.post(url)])):
            assert answer.status_code == 302
            assert answer.headers["Location"] == f"{reverse('accounts:login')}?next={url}"


@pytest.mark.parametrize("name", ["detail", "review", *STEPS])
def test_a_stranger_and_staff_are_refused(name, deal, charlie, someone):
    charlie.is_staff = charlie.is_superuser = True
    charlie.save()
    request = deal("completed")
    before = counts()
    stranger = someone("charlie")
    assert stranger.get(page(name, request.pk)).status_code == 403
    if name != "detail":
        assert stranger.post(page(name, request.pk), {"rating": 5}).status_code == 403
    assert counts() == before


@pytest.mark.parametrize("name", ["create", "detail", "review", *STEPS])
def test_what_is_not_there_is_404(name, someone):
    for pk in (10**6, 10**30):
        assert someone("bob").get(page(name, pk)).status_code == 404
        if name != "detail":
            assert someone("bob").post(page(name, pk), {"rating": 5}).status_code == 404


def test_other_methods_are_405(deal, someone):
    assert someone("bob").post(page("detail", deal().pk)).status_code == 405
    assert someone("bob").put(page("cancel", deal().pk)).status_code == 405


@pytest.mark.parametrize("step", STEPS)
def test_a_step_asks_first_and_acts_on_post(step, deal, someone):
    request = deal(BEFORE[step])
    actor = someone(STEPS[step])
    before = counts()
    asked = actor.get(page(step, request.pk))
    assert asked.status_code == actor.head(page(step, request.pk)).status_code == 200
    assert "csrfmiddlewaretoken" in asked.content.decode()
    assert counts() == before
    wrong = someone("bob" if STEPS[step] == "alice" else "alice")
    assert wrong.get(page(step, request.pk)).status_code == wrong.post(page(step, request.pk)).status_code == 403
    assert counts() == before
    done = actor.post(page(step, request.pk))
    assert (done.status_code, done.headers["Location"]) == (302, page("detail", request.pk))
    after = counts()
    assert after != before
    assert actor.post(page(step, request.pk)).status_code == 302, "twice is once"
    assert actor.get(page(step, request.pk)).status_code == 302
    assert counts() == after


def test_a_step_that_came_too_late_shows_the_deal_as_it_is(deal, someone):
    request = deal("cancelled")
    for answer in (someone("alice").post(page("accept", request.pk)), someone("alice").get(page("accept", request.pk))):
        assert answer.status_code == 400
        assert f'data-deal="{request.pk}" data-deal-status="cancelled"' in answer.content.decode()
        assert "Заявка уже отменена" in answer.content.decode()


def test_only_on_an_active_listing_can_be_accepted(deal, charlie, someone):
    late = deal(buyer=charlie)
    deal("accepted")
    answer = someone("alice").post(page("accept", late.pk))
    assert answer.status_code == 400
    assert "занят другой сделкой" in answer.content.decode()


@pytest.mark.parametrize("status", PATHS)
def test_each_side_sees_only_its_own_legal_buttons(status, deal, someone):
    request = deal(status)
    legal = {
        ("pending", "alice"): {"accept", "reject"},
        ("accepted", "alice"): {"complete", "reject"},
        ("pending", "bob"): {"cancel"},
        ("accepted", "bob"): {"cancel"},
    }
    for name in ("alice", "bob"):
        shown = someone(name).get(page("detail", request.pk)).content.decode()
        assert f'data-deal="{request.pk}" data-deal-status="{status}"' in shown
        assert {step for step in STEPS if page(step, request.pk) in shown} == legal.get((status, name), set())
        assert (page("review", request.pk) in shown) == (status == "completed")
        talk = Conversation.objects.get(listing=request.listing)
        assert reverse("chat:conversation", args=[talk.pk]) in shown


def test_the_panel_alone_for_a_script(deal, someone):
    request = deal()
    piece = someone("bob").get(page("detail", request.pk), headers={"X-Fragment": "deal"})
    assert b"<html" not in piece.content
    assert f'data-deal="{request.pk}"' in piece.content.decode()
    assert piece.headers["X-Live-Head"] == str(Event.objects.filter(user=request.buyer).count())


def test_the_panel_alone_says_what_it_knows_also_when_a_step_came_too_late(deal, someone):
    request = deal("cancelled")
    for script in ({}, {"X-Fragment": "deal"}):
        late = someone("alice").post(page("accept", request.pk), headers=script)
        assert late.status_code == 400
        assert (b"<html" in late.content) == (not script)
        assert late.headers["X-Live-Head"] == str(Event.objects.filter(user=request.seller).count())


@pytest.mark.parametrize("status", PATHS)
def test_contacts_are_shown_to_the_other_side_once_agreed(status, deal, alice, bob, someone):
    for user in (alice, bob):
        user.profile.phone, user.profile.telegram, user.profile.discord = (
            f"+7916000000{user.pk}",
            f"tg_{user.username}",
            "dis.cord",
        )
        user.profile.save()
    request = deal(status)
    for name, other in (("alice", bob), ("bob", alice)):
        shown = someone(name).get(page("detail", request.pk)).content.decode()
        assert (f"@tg_{other.username}" in shown) == (status in {"accepted", "completed"})
        assert (other.profile.phone in shown) == (status in {"accepted", "completed"})
        assert other.email not in shown


def test_the_deal_stays_readable_when_the_listing_is_gone(deal, alice, someone):
    request = deal("rejected")
    assert someone("alice").post(reverse("listings:delete", args=[request.listing_id])).status_code == 302
    for name in ("alice", "bob"):
        shown = someone(name).get(page("detail", request.pk))
        assert shown.status_code == 200
        assert reverse("listings:detail", args=[request.listing_id]) not in shown.content.decode()


def test_a_changed_listing_is_told_of_before_accepting(deal, someone):
    request = deal()
    Listing.objects.filter(pk=request.listing_id).update(price="15000.00", title="Меч заката")
    shown = someone("alice").get(page("accept", request.pk)).content.decode()
    assert "12\u00a0490\u00a0₽" in shown
    assert "15\u00a0000\u00a0₽" in shown
    assert "Меч заката" in shown


def test_asking(listing, bob, someone):
    buyer = someone("bob")
    before = counts()
    assert buyer.get(page("create", listing.pk)).status_code == buyer.head(page("create", listing.pk)).status_code == 200
    assert counts() == before
    asked = {"message": "Беру", "seller": bob.pk, "buyer": listing.seller_id, "price": "1", "status": "completed", "title": "—"}
    answer = buyer.post(page("create", listing.pk), asked)
    request = PurchaseRequest.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page("detail", request.pk))
    assert (request.buyer, request.seller, request.status, request.message) == (bob, listing.seller, "pending", "Беру")
    assert (str(request.price), request.title) == ("12490.00", "Меч рассвета")
    after = counts()
    for answer in (buyer.post(page("create", listing.pk), {"message": "Ещё"}), buyer.get(page("create", listing.pk))):
        assert (answer.status_code, answer.headers["Location"]) == (302, page("detail", request.pk))
    assert counts() == after


def test_what_a_banned_seller_offered_is_gone_but_not_ones_own_deal(deal, alice, charlie, someone):
    request = deal()
    alice.is_active = False
    alice.save()
    assert someone("charlie").get(page("create", request.listing_id)).status_code == 404
    assert someone("charlie").post(page("create", request.listing_id)).status_code == 404
    assert someone("bob").get(page("create", request.listing_id)).headers["Location"] == page("detail", request.pk)
    assert someone("bob").post(page("cancel", request.pk)).status_code == 302


def test_the_owner_can_not_ask(listing, someone):
    assert someone("alice").get(page("create", listing.pk)).status_code == 403
    assert someone("alice").post(page("create", listing.pk)).status_code == 403


@pytest.mark.parametrize("status", ["reserved", "sold", "cancelled"])
def test_asking_for_what_is_not_on_sale_is_400(status, listing, someone):
    Listing.objects.filter(pk=listing.pk).update(status=status)
    for answer in (someone("bob").get(page("create", listing.pk)), someone("bob").post(page("create", listing.pk))):
        assert answer.status_code == 400
        assert ("Меч рассвета" in answer.content.decode()) == (status != "cancelled")
    assert PurchaseRequest.objects.count() == 0


@pytest.mark.parametrize("message", ["а" * 4001, "\x00", "\x07 звонок", "\u200b\u200d"])
def test_a_bad_message_is_400_with_the_words_kept(message, listing, someone):
    answer = someone("bob").post(page("create", listing.pk), {"message": message})
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode()
    assert PurchaseRequest.objects.count() == 0


def test_a_message_as_long_as_a_browser_lets_it_be_is_taken(listing, someone):
    words = "\r\n".join(["строка"] * 500) + "а" * 501
    assert someone("bob").post(page("create", listing.pk), {"message": words}).status_code == 302
    assert len(PurchaseRequest.objects.get().message) == 4000


def test_only_so_many_requests_an_hour(settings, another, someone):
    settings.RATE_LIMITS = True
    settings.RATES = settings.RATES | {"request": (2, 3600)}
    buyer = someone("bob")
    assert [buyer.post(page("create", another().pk)).status_code for _listing in range(2)] == [302, 302]
    refused = buyer.post(page("create", another().pk))
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600


def test_the_page_asks_the_same_few_questions(deal, dana, charlie, someone, django_assert_max_num_queries):
    request = deal()
    seller = someone("alice")

    def asked():
        with django_assert_max_num_queries(20) as queries:
            seller.get(page("detail", request.pk))
        return len(queries)

    drawing, few = asked(), asked()
    assert few == drawing - 1, "the history is read where it is drawn"
    deal(buyer=charlie), deal(buyer=dana)
    assert [asked(), asked()] == [drawing, few]
    deal("cancelled", buyer=charlie), deal("cancelled", buyer=dana)
    assert asked() == few
    assert list(invariants.violations()) == []


def test_every_step_is_in_the_history_of_a_page_that_was_drawn_before(deal, someone):
    request = deal()
    sides = [someone("alice"), someone("bob")]
    for step, status in (("accept", "accepted"), ("complete", "completed")):
        for side in sides:
            assert f"history__row--{status}" not in side.get(page("detail", request.pk)).content.decode()
        sides[0].post(page(step, request.pk))
        for side in sides:
            assert f"history__row--{status}" in side.get(page("detail", request.pk)).content.decode()


def test_what_is_kept_of_a_drawn_deal_keeps_no_request(deal, someone):
    request = deal()
    talk = Conversation.objects.get(listing=request.listing)
    buyer = someone("bob")
    for address in (page("detail", request.pk), reverse("chat:conversation", args=[talk.pk])):
        answer = buyer.get(address)
        asked = weakref.ref(answer.wsgi_request)
        del answer
        gc.collect()
        assert asked() is None


def test_who_still_waits_is_said_in_right_russian(deal, charlie, dana, someone):
    request = deal()
    seller = someone("alice")
    assert "в очереди." not in seller.get(page("accept", request.pk)).content.decode()
    deal(buyer=charlie)
    assert "Ещё 1 заявка останется в очереди." in seller.get(page("accept", request.pk)).content.decode()
    deal(buyer=dana)
    assert "Ещё 2 заявки останутся в очереди." in seller.get(page("accept", request.pk)).content.decode()
    seller.post(page("accept", request.pk))
    assert "Ещё 2 заявки отклонятся." in seller.get(page("complete", request.pk)).content.decode()
