"""What is offered for the beginning of a search."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.listings import suggest
from apps.listings.models import Game, Listing


@pytest.fixture
def stock(alice, game):
    """On sale, the newest last."""
    for title in ("Меч рассвета", "Мешок золота", "Щит", "Меч заката +15", "Меч рассвета"):
        Listing.objects.create(seller=alice, game=game, title=title, description="Мелочь", price=5)
    Game.objects.create(name="Counter-Strike 2", slug="cs2")


def items(text):
    return [card.title for card in suggest.for_beginning(text).items]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ме", ["Меч рассвета", "Меч заката +15", "Мешок золота"]),
        ("МЕЧ", ["Меч рассвета", "Меч заката +15"]),
        ("vtx", ["Меч рассвета", "Меч заката +15"]),
        ("меч зак", ["Меч заката +15"]),
        ("меч 15", ["Меч заката +15"]),
        ("золота мешо", ["Мешок золота"]),
        ("мелочь", []),
        ("ь", []),
        ("м", []),
        ("", []),
        ("щит меч", []),
        ("меч*", ["Меч рассвета", "Меч заката +15"]),
        ("%", []),
        ("м\0", []),
        ("м" * 101, []),
    ],
)
def test_items_are_offered_by_their_titles_newest_first_and_each_title_once(stock, typed, offered):
    assert items(typed) == offered


@pytest.mark.parametrize("typed", ["cou", "strike", "counter str", "CS", "2"])
def test_games_are_offered_by_any_word_of_their_names(stock, typed):
    found = [slug for slug, _name in suggest.for_beginning(typed).games]
    assert found == (["cs2"] if typed not in ("CS", "2") else [])


def test_what_is_not_on_sale_is_not_offered(stock, alice):
    Listing.objects.filter(title__startswith="Меч").update(status="sold")
    assert items("ме") == ["Мешок золота"]
    alice.is_active = False
    alice.save()
    assert items("ме") == []


def test_the_list_is_a_piece_of_html_that_changes_nothing(stock):
    page = Client().get("/suggest/", {"q": "рассв"})
    assert page.status_code == 200
    assert re.findall(r'<a [^>]*href="([^"]*)"', page.text) == [Listing.objects.order_by("-pk")[0].get_absolute_url()]
    assert 'role="option"' in page.text
    assert 'role="listbox"' not in Client().get("/suggest/", {"q": "дирижабль"}).text


def test_what_sellers_wrote_stays_text(alice, game):
    Listing.objects.create(seller=alice, game=game, title="<b>Рубин", description="-", price=5)
    assert "&lt;b&gt;Рубин" in Client().get("/suggest/", {"q": "рубин"}).text


def test_few_queries_however_much_there_is(stock, alice, game):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            Client().get("/suggest/", {"q": "ме"})
        return len(queries)

    before = cost()
    for n in range(40):
        Listing.objects.create(seller=alice, game=game, title=f"Медведь {n}", description="-", price=5)
    assert cost() == before <= 8


def test_too_many_are_refused(stock, settings):
    settings.RATES = {**settings.RATES, "suggest": (5, 60)}
    guest = Client()
    assert [guest.get("/suggest/", {"q": "ме"}).status_code for _ in range(6)] == [200] * 5 + [429]
    assert guest.get("/", {"search": "меч"}).status_code == 200
