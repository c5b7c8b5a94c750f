import re

import pytest
from django.test import Client

from apps.accounts import presence
from apps.listings.models import Listing
from apps.transactions import flow, reviews

SECRETS = ("+79161234567", "alice_tg", "alice.dc", "Кузнецова", "alice@example.com")


@pytest.fixture(autouse=True)
def _secrets(alice, settings):
    settings.RATE_LIMITS = False
    alice.first_name, alice.last_name = "Алиса", "Кузнецова"
    alice.save()
    alice.profile.phone, alice.profile.telegram, alice.profile.discord = SECRETS[:3]
    alice.profile.bio = "Торгую <b>мечами</b> https://example.com/a"
    alice.profile.save()


def shown(client):
    page = client.get("/accounts/profile/alice/").content.decode()
    return {secret for secret in SECRETS if secret in page}


def bought(listing, buyer, *steps):
    request = flow.create(listing.pk, buyer)
    for step in steps:
        flow.advance(request.pk, step, buyer if step == "cancel" else listing.seller)
    return request


def test_everybody_sees_what_is_public(client, alice, listing):
    page = client.get("/accounts/profile/alice/").content.decode()
    assert "Алиса" in page
    assert "на сайте с" in page
    assert "не в сети" in page
    assert listing.title in page
    assert 'data-rating="0.00" data-total-sales="0" data-total-purchases="0"' in page
    assert "&lt;b&gt;мечами&lt;/b&gt;" in page
    assert 'rel="ugc nofollow noopener noreferrer"' in page


def test_presence_is_shown(client, alice):
    presence.touch([alice.pk])
    page = client.get("/accounts/profile/alice/").content.decode()
    assert f'<span data-presence-text="{alice.pk}">в сети</span>' in page


def test_only_active_listings_are_shown(client, alice, game):
    for status in Listing.Status:
        Listing.objects.create(seller=alice, game=game, title=f"Вещь {status}", description="Да.", price=1, status=status)
    page = client.get("/accounts/profile/alice/").content.decode()
    assert re.findall(r"Вещь (\w+)", page) == ["active"]


class TestContacts:
    def test_the_owner_sees_all_but_the_address(self, alice, client_of):
        assert shown(client_of(alice)) == set(SECRETS[:4])

    def test_guests_strangers_and_staff_see_none(self, client, bob, charlie, client_of):
        charlie.is_staff = charlie.is_superuser = True
        charlie.save()
        assert shown(client) == shown(client_of(bob)) == shown(client_of(charlie)) == set()

    @pytest.mark.parametrize(
        ("steps", "seen"),
        [
            ([], set()),
            (["accept"], set(SECRETS[:3])),
            (["accept", "complete"], set(SECRETS[:3])),
            (["accept", "cancel"], set()),
            (["accept", "reject"], set()),
            (["reject"], set()),
        ],
    )
    def test_the_other_side_sees_them_while_a_deal_is_agreed(self, listing, bob, charlie, client_of, steps, seen):
        bought(listing, bob, *steps)
        assert shown(client_of(bob)) == seen
        assert shown(client_of(charlie)) == set()

    def test_a_seller_sees_the_buyers_too(self, alice, bob, game, client_of):
        things = Listing.objects.create(seller=bob, game=game, title="Щит", description="Да.", price=1)
        assert shown(client_of(bob)) == set()
        bought(things, alice, "accept")
        assert shown(client_of(bob)) == set(SECRETS[:3])


class TestNumbers:
    def test_they_follow_deals_and_reviews(self, client, listing, alice, bob):
        deal = bought(listing, bob, "accept", "complete")
        reviews.create(deal.pk, bob, 4, "Быстро и <честно>")
        page = client.get("/accounts/profile/alice/").content.decode()
        assert 'data-rating="4.00" data-total-sales="1" data-total-purchases="0"' in page
        assert "Быстро и &lt;честно&gt;" in page
        assert "1 отзыв<" in page
        assert 'data-total-purchases="1"' in client.get("/accounts/profile/bob/").content.decode()

    @pytest.mark.parametrize(("n", "words"), [(2, "2 отзыва<"), (5, "5 отзывов<"), (21, "21 отзыв<")])
    def test_right_plurals_and_pages_of_ten(self, client, alice, bob, game, n, words):
        for i in range(n):
            thing = Listing.objects.create(seller=alice, game=game, title=f"Вещь {i}", description="Да.", price=1)
            reviews.create(bought(thing, bob, "accept", "complete").pk, bob, 5, f"Отзыв номер {i};")
        page = client.get("/accounts/profile/alice/").content.decode()
        assert words in page
        assert page.count("Отзыв номер") == min(n, 10)
        last = client.get("/accounts/profile/alice/", {"page": "1000000000"}).content.decode()
        assert "Отзыв номер 0;" in last
        assert client.get("/accounts/profile/alice/", {"page": "abc"}).status_code == 200

    def test_queries_do_not_grow(self, client, alice, bob, game, django_assert_max_num_queries):
        for i in range(9):
            thing = Listing.objects.create(seller=alice, game=game, title=f"Вещь {i}", description="Да.", price=1)
            if i < 6:
                reviews.create(bought(thing, bob, "accept", "complete").pk, bob, 5, "Да")
        with django_assert_max_num_queries(6):
            client.get("/accounts/profile/alice/")


class TestAddress:
    def test_another_case_leads_to_the_real_name(self, client):
        answer = client.get("/accounts/profile/ALICE/")
        assert (answer.status_code, answer.url) == (302, "/accounts/profile/alice/")

    @pytest.mark.parametrize("name", ["nobody", "аlice", "a%00b", "x" * 500, "alice%20", "%ED%A0%80", "al'ice"])
    def test_an_unknown_name_is_404(self, client, name):
        assert client.get(f"/accounts/profile/{name}/").status_code == 404

    def test_a_banned_trader_is_404(self, client, alice):
        assert client.get("/accounts/profile/alice/").status_code == 200
        alice.is_active = False
        alice.save()
        assert client.get("/accounts/profile/alice/").status_code == 404

    def test_post_is_405(self, client):
        assert client.post("/accounts/profile/alice/").status_code == 405
        assert client.head("/accounts/profile/alice/").status_code == 200


def test_a_session_from_under_an_old_password_is_a_guests(alice, client_of):
    client = client_of(alice)
    assert "data-user" in client.get("/accounts/profile/alice/").content.decode()
    alice.set_password("other-donkey-7")
    alice.save()
    answer = client.get("/accounts/profile/alice/")
    assert answer.status_code == 200
    assert "data-user" not in answer.content.decode()
    assert Client().get("/accounts/profile/alice/").status_code == 200
