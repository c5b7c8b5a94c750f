"""The list, a game's list and a listing's page."""

import random
import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from apps.accounts import presence
from apps.accounts.models import Presence
from apps.chat.models import Conversation
from apps.listings import cards
from apps.listings.models import Game, Listing
from apps.transactions import flow
from lootlink.templatetags import lootlink as tags

ROUTES = ["/", "/game/lineage-2/"]


def tag(page, name):
    return re.findall(rf'{name}="([^"]*)"', page.text)


@pytest.mark.parametrize("route", ROUTES)
def test_a_guest_sees_what_is_on_sale(route, listing):
    page = Client().get(route)
    assert page.status_code == 200
    assert tag(page, "data-listing") == [str(listing.pk)]
    assert tag(page, "data-listing-status") == ["active"]
    assert "12\u00a0490\u00a0₽" in page.text
    assert "data-user" not in page.text


def test_an_empty_site_says_so(db):
    page = Client().get("/")
    assert page.status_code == 200
    assert "Ваше объявление будет первым" in page.text


def test_a_game_lists_its_own_under_its_own_head(listing, alice):
    other = Game.objects.create(name="Dota 2", slug="dota-2")
    Listing.objects.create(seller=alice, game=other, title="Аркана", description="-", price=1)
    page = Client().get("/game/dota-2/", {"game": listing.game_id})
    assert "Аркана" in page.text
    assert "Меч рассвета" not in page.text
    assert re.search(r"<h1[^>]*>Dota 2</h1>", page.text)
    assert Client().get("/game/none/").status_code == 404


def test_filters_are_shown_back_in_the_form(listing):
    asked = {"game": listing.game_id, "min_price": "1 000,50", "max_price": "20000", "search": 'меч "<b>', "sort": "price"}
    page = Client().get("/", asked)
    assert f'name="game" value="{listing.game_id}"' in page.text
    assert 'value="1 000,50"' in page.text
    assert 'value="20000"' in page.text
    assert 'value="меч &quot;&lt;b&gt;"' in page.text
    assert '<option value="price" selected>' in page.text


def test_a_bad_value_is_named_on_the_page(listing):
    page = Client().get("/", {"min_price": "<b>дорого"})
    assert page.status_code == 200
    assert "Цена «&lt;b&gt;дорого» не похожа на число" in page.text
    assert tag(page, "data-listing")


def test_only_the_pieces_are_answered_to_a_script(listing, client_of, bob):
    piece = client_of(bob).get("/", headers={"X-Fragment": "chips results"})
    assert tag(piece, "data-region") == ["chips", "results"]
    assert "<html" not in piece.text
    assert piece["X-Live-Head"] == "0"


def test_pages_keep_the_filters(alice, game, settings):
    settings.PAGE_SIZE = 2
    for n in range(5):
        Listing.objects.create(seller=alice, game=game, title=f"Меч {n}", description="-", price=n + 1)
    page = Client().get("/", {"search": "меч", "sort": "price", "page": "2"})
    assert re.findall(r"Меч \d", page.text) == ["Меч 2", "Меч 3"]
    assert "search=%D0%BC%D0%B5%D1%87&amp;sort=price&amp;page=3" in page.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
@pytest.mark.parametrize("route", [*ROUTES, "/listing/1/"])
def test_other_methods_are_refused(listing, route, method):
    assert getattr(Client(), method)(route).status_code == 405


def test_odd_addresses_never_fail(listing, client_of, bob, settings):
    settings.RATE_LIMITS = False
    choice = random.Random(5)
    odd = [
        "",
        "\0",
        "NaN",
        "1e400",
        "∞",
        "-1",
        "9" * 300,
        "%",
        "' OR 1=1--",
        "а" * 10_000,
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "(",
        '"',
        "*",
        "меч",
        "\u202e",
        "é́",
    ]
    names = ["game", "min_price", "max_price", "search", "sort", "page", "x"]
    someone = client_of(bob)
    for _ in range(150):
        params = {name: choice.choice(odd) for name in choice.sample(names, choice.randint(1, 5))}
        assert someone.get(choice.choice(ROUTES), params).status_code == 200
    for query in ("%00", "search=%ff%fe", "page[]=1", "&&&=", "search=%ED%A0%80"):
        assert someone.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_a_listing_that_is_not_there_is_404(db, pk):
    assert Client().get(f"/listing/{pk}/").status_code == 404


def test_the_list_costs_the_same_with_ten_and_a_hundred(
    alice, bob, game, client_of, django_assert_max_num_queries, django_user_model
):
    someone = client_of(bob)

    def cost():
        with django_assert_max_num_queries(20) as queries:
            assert someone.get("/", {"search": "меч"}).status_code == 200
        return len(queries)

    def fill(amount, start):
        for n in range(start, start + amount):
            seller = django_user_model.objects.create_user(f"seller{n}", f"s{n}@example.com") if n % 3 else alice
            Listing.objects.create(seller=seller, game=game, title=f"Меч {n}", description="-", price=5)

    fill(10, 0)
    few = cost()
    fill(90, 10)
    assert cost() == few


def test_the_page_of_a_listing_costs_the_same_with_many_others(
    listing, alice, bob, game, client_of, django_assert_max_num_queries
):
    someone = client_of(bob)

    def cost():
        with django_assert_max_num_queries(25) as queries:
            someone.get(listing.get_absolute_url())
        return len(queries)

    Listing.objects.create(seller=alice, game=game, title="Щит", description="-", price=5)
    few = cost()
    for n in range(20):
        Listing.objects.create(seller=alice, game=game, title=f"Меч {n}", description="-", price=5)
    assert cost() == few


def buttons(page):
    return {
        word
        for word in ("Хочу купить", "Написать", "Войти, чтобы купить", "Изменить", "К вашей сделке")
        if f"{word}</a>" in page.text
    }


def test_the_main_button_depends_on_who_looks(listing, alice, bob, charlie, client_of):
    address = listing.get_absolute_url()
    assert buttons(Client().get(address)) == {"Войти, чтобы купить"}
    assert buttons(client_of(alice).get(address)) == {"Изменить"}
    assert buttons(client_of(charlie).get(address)) == {"Хочу купить", "Написать"}
    flow.create(listing.pk, bob, "Беру")
    assert buttons(client_of(bob).get(address)) == {"К вашей сделке"}


@pytest.mark.parametrize("status", ["reserved", "sold"])
def test_reserved_and_sold_are_shown_without_a_button(listing, bob, client_of, status):
    Listing.objects.update(status=status)
    for visitor in (Client(), client_of(bob)):
        page = visitor.get(listing.get_absolute_url())
        assert page.status_code == 200
        assert tag(page, "data-listing-status") == [status]
        assert buttons(page) == set()
        assert "/create/" not in page.text.partition("<main")[2].partition("</main")[0]


def test_cancelled_is_there_only_for_the_seller_and_who_asked_or_talked(listing, alice, bob, charlie, client_of):
    address = listing.get_absolute_url()
    flow.create(listing.pk, bob)
    flow.set_status(listing.pk, "cancelled", alice)
    assert [visitor.get(address).status_code for visitor in (Client(), client_of(charlie))] == [404, 404]
    assert [client_of(user).get(address).status_code for user in (alice, bob)] == [200, 200]
    Conversation.between(listing, charlie.pk, alice.pk)
    assert client_of(charlie).get(address).status_code == 200


def test_hidden_is_there_for_nobody(listing, alice, bob, client_of):
    flow.create(listing.pk, bob)
    flow.withdraw(listing.pk, alice)
    assert [visitor.get(listing.get_absolute_url()).status_code for visitor in (Client(), client_of(alice), client_of(bob))] == [
        404
    ] * 3


def test_a_banned_seller_sells_nothing(listing, alice, bob, client_of):
    alice.is_active = False
    alice.save()
    assert Client().get(listing.get_absolute_url()).status_code == 404
    assert "data-listing=" not in Client().get("/").text


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "javascript:alert(1)"]
)
def test_what_traders_write_is_always_text(listing, payload):
    Listing.objects.update(title=payload, description=payload)
    for route in ("/", listing.get_absolute_url()):
        text = Client().get(route).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text


def test_a_link_in_a_description_is_followed_by_nobody_who_counts(listing):
    Listing.objects.update(description="Скриншот: https://example.com/a, и ftp://example.com")
    text = Client().get(listing.get_absolute_url()).text
    assert re.search(r'<a href="/leave/\?to=https%3A%2F%2Fexample.com%2Fa[^"]+" rel="ugc nofollow noopener noreferrer"', text)
    assert 'href="ftp:' not in text


def test_a_card_changes_the_moment_anything_on_it_does(listing, alice, settings):
    def shown():
        return re.search(r"<article.*?</article>", Client().get("/").text, re.DOTALL).group()

    assert shown() == shown()
    drawn = {shown()}
    for change in (
        lambda: listing.change(title="Меч заката"),
        lambda: listing.change(price="5.00"),
        lambda: listing.change(image="listings/other"),
        lambda: Listing.objects.update(created_at="2026-01-01T00:00:00Z"),
        lambda: Game.objects.update(name="Lineage 3"),
        lambda: type(alice).objects.update(username="alisa"),
        lambda: type(alice.profile).objects.update(rating="4.50"),
        lambda: type(alice.profile).objects.update(avatar="avatars/other"),
        lambda: presence.touch([alice.pk]),
    ):
        change()
        assert shown() not in drawn
        drawn.add(shown())
    Presence.objects.update(seen_at=Now() - timedelta(seconds=settings.ONLINE_FOR + 1))
    assert "data-online" not in shown()


def test_a_condition_reads_as_prices_do(listing):
    page = Client().get("/", {"min_price": "50000", "max_price": "1000,5", "search": "никогда"})
    assert "от 50\u00a0000 ₽" in page.text
    assert "до 1\u00a0000,50 ₽" in page.text


@pytest.mark.parametrize("ago", [0, 59, 60, 3 * 60, 26 * 60, 7 * 24 * 60 - 1, 7 * 24 * 60, 400 * 24 * 60])
def test_a_card_says_how_old_it_is_now(listing, monkeypatch, ago):
    [card] = cards.of(Listing.objects.all())
    seen = {}
    for minutes in (ago - 1, ago, ago + 1):
        now = card.created_at + timedelta(minutes=max(0, minutes), seconds=1)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        assert seen.setdefault(card.age, tags.times(card.created_at)) == tags.times(card.created_at)
