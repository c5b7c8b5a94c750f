"""A3, L1: every limit and one more, counted by two workers together while Redis is away; and nobody is locked out by others."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts import letters
from apps.accounts.models import Hits
from apps.chat.models import Conversation
from apps.listings import pace
from apps.listings.models import Game, Listing
from apps.listings.tests.pictures import picture
from apps.transactions.models import PurchaseRequest, Review

from .raw import form, request

LOGIN, REGISTER, RESET = "/accounts/login/", "/accounts/register/", "/accounts/password-reset/"
HOUR = 60 * 60
PASSWORD = "correct-horse-9"


def refused(answer):
    status, headers, _text = answer
    assert status == 429, status
    assert 0 < int(headers["retry-after"]) <= HOUR


@pytest.mark.cluster
class TestAcrossWorkers:
    def test_thirty_wrong_passwords(self, two_without_redis, alice):
        type(alice).objects.update(password=make_password(PASSWORD, hasher="argon2"))  # the workers know no other
        answers = [form(next(two_without_redis), LOGIN, "username=alice&password=no") for _ in range(30)]
        assert [status for status, *_ in answers] == [400] * 5 + [429] * 25
        for worker in (next(two_without_redis), next(two_without_redis)):
            refused(form(worker, LOGIN, f"username=alice&password={PASSWORD}"))
            assert form(worker, LOGIN, f"username=alice&password={PASSWORD}", address="127.0.0.2")[0] == 302

    def test_twenty_wrong_passwords_of_one_address(self, two_without_redis):
        tries = [form(next(two_without_redis), LOGIN, f"username=nobody{n}&password=no", "127.0.0.3") for n in range(21)]
        assert [status for status, *_ in tries] == [400] * 20 + [429]

    def test_five_registrations(self, two_without_redis):
        tries = [form(next(two_without_redis), REGISTER, "username=x", "127.0.0.4") for _ in range(6)]
        assert [status for status, *_ in tries] == [400] * 5 + [429]
        refused(tries[-1])

    def test_three_resets(self, two_without_redis, alice):
        tries = [form(next(two_without_redis), RESET, "email=alice@example.com", f"127.0.0.{n}") for n in range(5, 9)]
        assert [status for status, *_ in tries] == [302] * 3 + [429]
        refused(tries[-1])

    def test_sixty_searches(self, two_without_redis):
        tries = [request(next(two_without_redis), "/?search=a", address="127.0.0.9") for _ in range(61)]
        assert [status for status, *_ in tries] == [200] * 60 + [429]
        refused(tries[-1])
        # However unevenly the balancer spreads them.
        first, other = next(two_without_redis), next(two_without_redis)
        assert [request(first, "/?search=a", address="127.0.0.10")[0] for _ in range(60)] == [200] * 60
        refused(request(other, "/?search=a", address="127.0.0.10"))

    def test_what_counts_rows(self, two_without_redis, alice, bob, charlie, listing, cookie_of):
        """The last that is allowed on one worker, the next on the other."""
        cookie = cookie_of(bob)

        def last_and_next(paths, body):
            path, one_more = paths
            assert form(next(two_without_redis), path, body, Cookie=cookie)[0] == 302, path
            refused(form(next(two_without_redis), one_more, body, Cookie=cookie))

        def things(n):
            return [Listing(seller=alice, game=listing.game, title=f"Щит {i}", description="Да", price=1) for i in range(n)]

        offered = Listing.objects.bulk_create(things(25))
        PurchaseRequest.objects.bulk_create(deal(thing, bob, alice) for thing in offered[:19])
        last_and_next((f"/transactions/purchase-request/{thing.pk}/create/" for thing in offered[19:21]), "message=")

        done = PurchaseRequest.objects.filter(buyer=bob).order_by("pk")
        done.update(status="completed", completed_at=timezone.now())
        deals = list(done)
        Review.objects.bulk_create(
            Review(purchase_request=each, reviewer=bob, reviewed_user=alice, rating=5) for each in deals[:9]
        )
        last_and_next((f"/transactions/review/{each.pk}/create/" for each in deals[9:11]), "rating=5")

        # One began with the request.
        Conversation.objects.bulk_create(
            Conversation(participant1=alice, participant2=bob, listing=thing) for thing in offered[:18]
        )
        last_and_next((f"/chat/start/{thing.pk}/" for thing in offered[20:22]), "yes=1")


def deal(thing, buyer, seller):
    kept = {"title": thing.title, "price": thing.price}
    return PurchaseRequest(listing=thing, buyer=buyer, seller=seller, message="", **kept)


def offer(client, game):
    fields = {"game": game.pk, "title": "Щит", "description": "Да", "price": 1, "image": picture(64, 64)}
    return client.post("/listing/create/", fields).status_code


def test_deleting_makes_no_room_for_another_listing(alice, game, client_of):
    client = client_of(alice)
    for _ in range(settings.RATES["listing"][0]):
        assert offer(client, game) == 302
        assert client.post(f"/listing/{alice.listings.get().pk}/delete/").status_code == 302
    assert not alice.listings.exists()
    assert offer(client, game) == 429


def test_fifty_on_sale_and_then_one_less(alice, game, client_of, settings):
    settings.RATES = {**settings.RATES, "listing": (1_000, HOUR)}
    made = [Listing(seller=alice, game=game, title="Щит", description="Да", price=1) for _ in range(settings.ACTIVE_LISTINGS)]
    kept = Listing.objects.bulk_create(made)
    client = client_of(alice)
    assert offer(client, game) == 429
    assert client.post(f"/listing/{kept[0].pk}/delete/").status_code == 302
    assert offer(client, game) == 302


def test_nothing_comes_back_beside_fifty_on_sale(alice, listing, client_of, settings):
    settings.ACTIVE_LISTINGS = 1
    edit = f"/listing/{listing.pk}/edit/"
    client, fields = client_of(alice), {"title": "Щит", "description": "Да", "price": 1}
    assert client.post(edit, fields | {"status": "reserved"}).status_code == 302
    other = Listing.objects.create(seller=alice, game=listing.game, title="Лук", description="Да", price=1)
    assert client.post(edit, fields | {"status": "active"}).status_code == 429
    assert client.post(f"/listing/{other.pk}/delete/").status_code == 302
    assert client.post(edit, fields | {"status": "active"}).status_code == 302


# Nobody is locked out


def test_no_limit_is_longer_than_an_hour():
    assert max(seconds for _allowed, seconds in settings.RATES.values()) <= HOUR


@pytest.mark.django_db
def test_an_address_that_was_stopped_goes_on_within_the_hour(client, game):
    paths = {
        LOGIN: lambda: client.post(LOGIN, {"username": "nobody", "password": "no"}).status_code,
        REGISTER: lambda: client.post(REGISTER, {}).status_code,
        "/": lambda: client.get("/", {"search": "меч"}).status_code,
    }
    pace.forget()
    for name, ask in paths.items():
        begun = timezone.now()
        with time_machine.travel(begun, tick=False):
            while ask() != 429:
                pass
        with time_machine.travel(begun + timedelta(seconds=HOUR + 1), tick=False):
            assert ask() in {200, 400}, name


@pytest.mark.django_db
def test_a_persistent_searcher_is_let_go_on_after_the_time_that_was_told(client):
    pace.forget()
    with time_machine.travel("2026-01-01T12:00:40Z", tick=False) as clock:
        while (answer := client.get("/", {"search": "меч"})).status_code == 200:
            pass
        clock.shift(int(answer["Retry-After"]))
        assert client.get("/", {"search": "меч"}).status_code == 200


def exhaust(alice):
    """Whoever shares the address has used up all of its limits."""
    stranger = Client()
    for n in range(21):
        stranger.post(LOGIN, {"username": f"nobody{n}", "password": "no"})
    for _ in range(6):
        stranger.post(REGISTER, {})
    while stranger.get("/", {"search": "меч"}).status_code == 200:
        pass
    assert stranger.post(LOGIN, {"username": "alice", "password": PASSWORD}).status_code == 429
    assert stranger.post(REGISTER, {}).status_code == 429


def test_an_addresss_limits_never_stop_who_is_logged_in(alice, game, client_of):
    client = client_of(alice)
    pace.forget()
    exhaust(alice)
    for path in ("/", "/?search=меч", "/chat/", "/accounts/my-sales/", "/accounts/profile-edit/"):
        assert client.get(path).status_code == 200, path
    assert offer(client, game) == 302
    new = {"old_password": PASSWORD, "new_password1": "other-donkey-7", "new_password2": "other-donkey-7"}
    assert client.post("/accounts/password-change/", {**new, "old_password": "no"}).status_code == 400
    assert client.post("/accounts/password-change/", new).status_code == 302


def test_who_asks_for_anothers_resets_keeps_the_owner_out_of_nothing(alice, client):
    """The limit stops further letters, and those that were sent are the owner's and good."""
    mail.outbox.clear()
    while client.post(RESET, {"email": "alice@example.com"}).status_code == 302:
        pass
    letters.queue.submit(lambda: None).result()
    assert len(mail.outbox) == 3
    for letter in reversed(mail.outbox):
        link = re.search(r"/accounts/password-reset/\S+", letter.body)[0]
        assert client.get(link).status_code == 200
    new = {"new_password1": "other-donkey-7", "new_password2": "other-donkey-7"}
    assert client.post(link, new).status_code == 302
    assert client.post(LOGIN, {"username": "alice", "password": "other-donkey-7"}).status_code == 302


def test_a_name_that_is_a_number_is_nobodys_account(alice, client):
    for _ in range(6):
        client.post(LOGIN, {"username": str(alice.pk), "password": "no"})
    assert client.post(LOGIN, {"username": "alice", "password": PASSWORD}).status_code == 302


def test_looking_now_and_then_writes_nothing(alice, client, client_of):
    pace.forget()
    for visitor in (client, client_of(alice)):
        for _ in range(10):
            assert visitor.get("/", {"search": "меч"}).status_code == 200
    assert not Hits.objects.exists()
    pace.forget()


def test_of_a_crowd_of_searches_only_the_allowed_are_answered(db, client, settings):
    settings.RATES = {**settings.RATES, "search": (6, 60)}
    pace.forget()
    codes = [client.get("/", {"search": "меч"}, headers={"X-Fragment": "results"}).status_code for _ in range(8)]
    assert codes == [200] * 6 + [429] * 2
    assert Game.objects.count() == 0
    pace.forget()
