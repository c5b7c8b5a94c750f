"""Putting on sale, and who may at all."""

from decimal import Decimal

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client

from apps.listings.models import Listing

from .pictures import picture, upload
from .places import address, files

CREATE = "/listing/create/"


@pytest.fixture
def fields(game):
    return {"game": game.pk, "title": "Меч +15", "description": "Точился честно.\r\nВ Гиране.", "price": "12 490,50"}


def with_picture(fields):
    return fields | {"image": picture()}


def test_a_trader_puts_a_thing_on_sale(alice, client_of, fields, tmp_path):
    answer = client_of(alice).post(CREATE, with_picture(fields))
    listing = Listing.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/listing/{listing.pk}/")
    assert (listing.seller, listing.status, listing.price) == (alice, "active", Decimal("12490.50"))
    assert listing.description == "Точился честно.\nВ Гиране."
    assert len(files(tmp_path)) == 3
    page = client_of(alice).get(answer["Location"])
    assert listing.photo.large in page.text
    assert Client().get(listing.photo.card).status_code == 200


@pytest.mark.parametrize("page", ["create", "edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guest_goes_to_login(listing, page, method):
    route = CREATE if page == "create" else address(listing, page)
    answer = getattr(Client(), method)(route)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={route}")


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_refused(listing, bob, client_of, edited, page, method):
    assert getattr(client_of(bob), method)(address(listing, page), edited).status_code == 403
    assert getattr(client_of(bob), method)(f"/listing/9{listing.pk}/{page}/", edited).status_code == 404
    listing.refresh_from_db()
    assert listing.title == "Меч рассвета"


def test_looking_changes_nothing(listing, alice, client_of):
    someone = client_of(alice)
    before = Listing.objects.values().get()
    for route in (CREATE, address(listing, "edit"), address(listing, "delete"), listing.get_absolute_url()):
        assert someone.get(route).status_code == 200
        assert someone.head(route).status_code == 200
    assert Listing.objects.values().get() == before


def test_the_game_is_chosen_from_a_list_of_ids(alice, client_of, game):
    assert f'<option value="{game.pk}">Lineage 2</option>' in client_of(alice).get(CREATE).text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            ("price", value)
            for value in (
                "0",
                "-1",
                "NaN",
                "Infinity",
                "1e400",
                "1e3",
                "10000000",
                "9" * 40,
                "1.234",
                "1,2,3",
                "abc",
                "",
                " ",
                "٣x",
            )
        ],
        *[("title", value) for value in ("", "   ", "\u200b\u200d", "\u3164", "а" * 201, "a\0b", "a\x07b")],
        *[("description", value) for value in ("", "\n \n", "\u2060", "а" * 5001, "a\0b", "\x1b[31m")],
        *[("game", value) for value in ("", "0", "99999", "x", "9" * 30)],
        *[("image", value) for value in ("", "нет")],
    ],
)
def test_what_is_wrong_is_said_beside_its_field(alice, client_of, fields, name, value, tmp_path):
    answer = client_of(alice).post(CREATE, with_picture(fields) | {name: value})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in answer.text
    assert "Точился честно." in answer.text or name == "description"
    assert not Listing.objects.exists()
    assert not files(tmp_path)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1,5", "1.50"),
        ("1.5", "1.50"),
        ("1 234 567", "1234567"),
        ("9\u00a0999\u00a0999,99 ₽", "9999999.99"),
        ("0,01", "0.01"),
        ("007", "7"),
    ],
)
def test_prices_are_taken_as_people_write_them(alice, client_of, fields, written, kept):
    assert client_of(alice).post(CREATE, with_picture(fields) | {"price": written}).status_code == 302
    assert Listing.objects.get().price == Decimal(kept)


def test_a_title_is_kept_composed_and_bounds_are_allowed(alice, client_of, fields):
    client_of(alice).post(CREATE, with_picture(fields) | {"title": " " + "й" * 200, "description": "д" * 5000})
    assert Listing.objects.get().title == "й" * 200


def test_fields_that_the_form_does_not_list_are_ignored(alice, bob, client_of, fields):
    extra = {"seller": bob.pk, "status": "sold", "id": 77, "created_at": "2020-01-01", "hidden_at": "2020-01-01"}
    client_of(alice).post(CREATE, with_picture(fields) | extra)
    listing = Listing.objects.get()
    assert (listing.seller, listing.status, listing.hidden_at) == (alice, "active", None)
    assert listing.pk != 77


@pytest.mark.parametrize("content", [b"<svg/>", b"GIF89a", b"", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_a_form_error(alice, client_of, fields, content):
    answer = client_of(alice).post(CREATE, fields | {"image": upload(content)})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["image"]


def test_a_storage_that_is_away_is_a_form_error_and_no_row(alice, client_of, fields, monkeypatch):
    def away(*args):
        raise OSError

    monkeypatch.setattr(FileSystemStorage, "_save", away)
    answer = client_of(alice).post(CREATE, with_picture(fields))
    assert answer.status_code == 400
    assert "хранилище не отвечает" in answer.text
    assert not Listing.objects.exists()


def test_the_eleventh_listing_of_an_hour_is_too_many(alice, bob, client_of, fields):
    someone = client_of(alice)
    assert [someone.post(CREATE, with_picture(fields)).status_code for _ in range(10)] == [302] * 10
    refused = someone.post(CREATE, with_picture(fields))
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert client_of(bob).post(CREATE, with_picture(fields)).status_code == 302


def test_the_fifty_first_listing_on_sale_is_too_many(alice, client_of, fields, settings, game):
    settings.RATE_LIMITS = False
    settings.ACTIVE_LISTINGS = 2
    someone = client_of(alice)
    assert [someone.post(CREATE, with_picture(fields)).status_code for _ in range(3)] == [302, 302, 429]
    Listing.objects.filter(pk=Listing.objects.first().pk).update(status="sold")
    assert someone.post(CREATE, with_picture(fields)).status_code == 302


@pytest.mark.parametrize("page", ["create", "edit", "delete"])
def test_a_post_without_the_token_is_refused(listing, alice, page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(CREATE if page == "create" else address(listing, page)).status_code == 403
