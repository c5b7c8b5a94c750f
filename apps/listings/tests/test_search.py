"""Parameters of the list: each alone, together, and nonsense."""

import pytest
from django.test import Client

from apps.listings import guess, search
from apps.listings.models import Game, Listing


@pytest.fixture
def offer(alice, game):
    def offer(title, description="Без описания", price="100", **fields):
        return Listing.objects.create(
            **{"seller": alice, "game": game, "title": title, "description": description, "price": price} | fields
        )

    return offer


def titles(**params):
    return [listing.title for listing in search.find(params).page]


@pytest.mark.parametrize("asked", ["меч", "МЕЧ", "мечи", "Мечами", "мечу ", "меч!", "«меч»", "МеЧей"])
def test_every_form_of_a_word_finds_every_other(offer, asked):
    offer("Двуручный меч +8")
    offer("Щит")
    assert titles(search=asked) == ["Двуручный меч +8"]


def test_yo_is_ye(offer):
    offer("Чёрная жемчужина")
    assert titles(search="черная") == titles(search="ЧЁРНУЮ") == ["Чёрная жемчужина"]


@pytest.mark.parametrize("asked", ["AK-47", "ak 47", "47", "азимов", "50 000", "StatTrak", "x40", "v1.20.1", "knives_ak"])
def test_latin_words_and_numbers_are_found_however_written(offer, asked):
    offer("AK-47 | Азимов (StatTrak™), x40, 50 000 монет, v1.20.1", "Knives_AK, две штуки")
    assert len(titles(search=asked)) == 1


def test_all_words_must_occur_in_title_and_description_together(offer):
    both = offer("Меч рассвета", "Сервер Авангард, передам в Гиране")
    offer("Меч заката", "Сервер Эльмор")
    assert titles(search="меч авангард") == titles(search="Гиране рассвету") == [both.title]
    assert titles(search="меч авангард эльмор") == []


def test_titles_come_before_descriptions_and_newer_before_older(offer):
    offer("Щит", "К нему есть меч, меч, меч и ещё раз меч")
    offer("Старый меч")
    offer("Новый меч")
    offer("Лук", "Меняю на меч")
    assert titles(search="меч") == ["Новый меч", "Старый меч", "Лук", "Щит"]


def test_an_explicit_order_is_kept_in_a_search(offer):
    offer("Щит", "и меч", price="1")
    offer("Меч", price="2")
    assert titles(search="меч", sort="price") == ["Щит", "Меч"]


@pytest.mark.parametrize(
    "asked", ["%", "_", "м%ч", "*", '"', "'", "меч OR щит", "меч*", "-щит", "щит AND", "title:меч", "\\", "!!", "(", "меч\0щит"]
)
def test_nothing_in_a_search_is_a_wildcard_or_an_operator(offer, asked):
    offer("Меч")
    offer("Щит")
    assert titles(search=asked) in ([], ["Меч"] if asked == "меч*" else ["Щит"] if asked in ("-щит", "щит AND") else [])


def test_words_are_followed_when_a_listing_is_edited_or_erased(offer):
    listing = offer("Меч")
    listing.change(title="Щит", description="Крепкий", price="5")
    assert titles(search="меч") == []
    assert titles(search="щит крепкий") == ["Щит"]
    listing.delete()
    assert titles(search="щит") == []


def test_what_was_written_past_save_is_found_after_reindexing(alice, game):
    Listing.objects.bulk_create([Listing(seller=alice, game=game, title="Кольцо", description="-", price=1)])
    search.reindex()
    assert titles(search="кольца") == ["Кольцо"]


@pytest.mark.parametrize("typo", ["кермабит", "керамбтт", "карамбит", "керамбт", "кермабиты градиент", "rthfv,bn", "rthfvbn"])
def test_typos_are_forgiven(offer, typo):
    offer("Керамбит | Градиент")
    offer("Щит")
    result = search.find({"search": typo})
    assert [listing.title for listing in result.page] == ["Керамбит | Градиент"]
    assert result.guessed.startswith("керамбит")
    assert not search.find({"search": "керамбит"}).guessed


@pytest.mark.parametrize("asked", ["vtx", "VTX", "vtxb", "мечь", "vtx hfccdtnf", "меч hfccdtnf", "ckflrbq"])
def test_keys_of_the_other_layout_are_read_as_they_were_meant(offer, asked):
    offer("Меч рассвета", "Сладкий эликсир")
    offer("Щит")
    assert titles(search=asked) == ["Меч рассвета"]


def test_russian_letters_may_be_latin_ones(offer):
    offer("Magic staff")
    assert titles(search="ьфпшс") == ["Magic staff"]


def test_words_that_are_there_are_not_guessed_at(offer):
    offer("VTX 3000")
    offer("Меч")
    assert titles(search="vtx") == ["VTX 3000"]


@pytest.mark.parametrize("asked", ["магия", "дракон", "лучи", "лужа", "керамбит алмаз", "12349"])
def test_other_words_are_not_typos(offer, asked):
    for title in ("Магма", "Драккар", "Лука", "Лук", "Керамбит", "12345"):
        offer(title)
    assert titles(search=asked) == []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("меч", "меч", 0), ("меч", "", 3), ("кермабит", "керамбит", 1), ("щитт", "щит", 1), ("магия", "магма", 2)],
)
def test_distance_counts_slips(one, other, apart):
    assert guess.distance(one, other) == guess.distance(other, one) == guess.distance(one, other, apart) == apart
    assert apart == 0 or guess.distance(one, other, apart - 1) >= apart


def test_small_words_are_passed_over(offer):
    offer("Меч воина")
    assert titles(search="меч для воина") == ["Меч воина"]
    assert titles(search="для") == []


@pytest.mark.parametrize(
    ("written", "read"), [("1500", "1500"), ("1 500,50", "1500.50"), ("1\u00a0500.5 ₽", "1500.5"), ("0", "0")]
)
def test_prices_are_read_as_people_write_them(written, read):
    assert search.price_of(written) == pytest.approx(search.Decimal(read))


def test_filters_combine(offer, game):
    other = Game.objects.create(name="Dota 2", slug="dota-2")
    offer("Меч дешёвый", price="10")
    offer("Меч средний", price="100,5".replace(",", "."))
    offer("Меч дорогой", price="1000")
    offer("Меч другой игры", price="100", game=other)
    asked = {"search": "меч", "game": str(game.pk), "min_price": "10,01", "max_price": "1 000", "sort": "price"}
    assert titles(**asked) == ["Меч средний", "Меч дорогой"]
    assert titles(**asked | {"max_price": "999,99"}) == ["Меч средний"]
    assert titles(sort="-price")[0] == "Меч дорогой"
    assert titles(sort="created_at")[0] == "Меч дешёвый"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("game", value) for value in ("x", "0", "-1", "9" * 30, "١", "1.5")],
        *[(name, value) for name in ("min_price", "max_price") for value in ("NaN", "1e400", "∞", "-5", "abc", "1.234", "--1")],
        *[("sort", value) for value in ("title", "?", "-", "price;", "seller__password")],
        ("search", "а" * 101),
    ],
)
def test_a_bad_value_is_named_and_ignored(offer, name, value):
    offer("Меч")
    result = search.find({name: value})
    assert [listing.title for listing in result.page] == ["Меч"]
    assert len(result.problems) == 1
    assert result.values[name] == ""


def test_only_what_is_on_sale_is_listed(offer, charlie):
    offer("Активное")
    for status in ("reserved", "sold", "cancelled"):
        offer(status, status=status)
    offer("Скрытое", hidden_at="2026-01-01T00:00:00Z")
    offer("Чужое", seller=charlie)
    charlie.is_active = False
    charlie.save()
    assert titles() == ["Активное"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [("2", 2), ("3", 3), ("4", 3), ("1e9", 1), ("999999999", 3), ("9" * 400, 3), ("-1", 1), ("0", 1), ("abc", 1), ("", 1)],
)
def test_a_page_beyond_the_end_is_the_last_and_no_number_the_first(offer, settings, asked, number):
    settings.PAGE_SIZE = 2
    made = [offer(f"Меч {n}").pk for n in range(5)][::-1]
    page = search.find({"page": asked}).page
    assert page.number == number
    assert [card.pk for card in page] == made[number * 2 - 2 : number * 2]


def test_a_page_of_no_results_shows_no_listings(offer):
    offer("Меч")
    page = Client().get("/", {"search": "дирижабль", "page": "7"})
    assert page.status_code == 200
    assert "data-listing=" not in page.text


def test_the_sixty_first_search_of_a_minute_is_too_many(db, offer):
    guest = Client()
    assert [guest.get("/", {"search": "меч"}).status_code for _ in range(60)] == [200] * 60
    refused = guest.get("/", {"search": "меч"})
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert guest.get("/").status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.9").get("/", {"search": "меч"}).status_code == 200


def counted():
    return {game.name: game.total for game in Game.stocks()}


def test_games_are_counted_by_what_is_on_sale(offer, game, bob):
    other = Game.objects.create(name="Dota 2", slug="dota-2")
    sword, shield = offer("Меч"), offer("Щит", game=other, seller=bob)
    Listing.objects.bulk_create([Listing(seller=bob, game=game, title="Лук", description="-", price=1) for _ in range(3)])
    assert counted() == {"Lineage 2": 4, "Dota 2": 1}
    sword.change(title="Острый меч")
    sword.reserve()
    assert counted() == {"Lineage 2": 3, "Dota 2": 1}
    sword.release()
    Listing.objects.filter(seller=bob, game=game).update(hidden_at="2026-01-01T00:00:00Z")
    assert counted() == {"Lineage 2": 1, "Dota 2": 1}
    sword.delete()
    bob.is_active = False
    bob.save()
    assert counted() == {}
    bob.is_active = True
    bob.save()
    assert counted() == {"Dota 2": 1}
    shield.delete()
    assert counted() == {}


def test_what_is_added_up_stays_the_same(offer):
    for n in range(150):
        listing = offer(f"Меч {n}")
        if n % 3:
            listing.withdraw("cancelled")
    assert counted() == {"Lineage 2": 50}
    assert Game.objects.get().tallies.count() < 200


def test_more_matches_than_are_looked_at(offer, alice, game, monkeypatch):
    monkeypatch.setattr(search, "MOST", 5)
    offer("Старый меч", price="1")
    made = [offer("Щит", f"Меч {n}", price=f"{n + 10}").pk for n in range(7)]
    first = search.find({"search": "меч"})
    assert [listing.title for listing in first.page] == ["Старый меч", *["Щит"] * 4]
    assert (first.total, first.capped) == (5, True)
    cheapest = search.find({"search": "меч", "sort": "price"})
    assert [card.pk for card in cheapest.page] == made[2:]
    page = Client().get("/", {"search": "меч", "sort": "price"}).text
    assert "Больше 5 объявлений" in page
    assert "По порядку показаны 5 самых новых" in page
    assert not search.find({"search": "старый меч"}).capped


@pytest.mark.parametrize("newest", [1, 4_095, 16_384, 65_535, 65_536, 77_824, 126_975, 126_976, 131_071, 200_000])
def test_old_listings_are_found_behind_any_number_of_new_ones(offer, newest):
    places = sorted({1, 2, 4_095, 4_096, 16_383, 61_440, 65_535, 65_536, 69_632, 131_072, newest} & set(range(newest + 1)))
    for pk in places:
        offer("Меч", pk=pk)
    assert [card.pk for card in search.find({"search": "меч"}).page] == places[::-1]


def test_a_range_of_prices_is_counted_as_far_as_pages_are_turned(offer, monkeypatch):
    monkeypatch.setattr(search, "COUNTED", 3)
    for n in range(5):
        offer("Меч", price=f"{n + 1}")
    assert (search.find({"max_price": "9"}).total, search.find({"max_price": "9"}).capped) == (3, True)
    assert (search.find({"max_price": "3"}).total, search.find({"max_price": "3"}).capped) == (3, False)
    assert "Больше 3 объявлений" in Client().get("/", {"max_price": "9"}).text


def test_the_last_pages_are_read_from_the_end(offer, settings):
    settings.PAGE_SIZE = 2
    made = [offer(f"Меч {n}").pk for n in range(7)][::-1]
    pages = [[card.pk for card in search.find({"page": str(n)}).page] for n in (1, 2, 3, 4)]
    assert pages == [made[0:2], made[2:4], made[4:6], made[6:]]
