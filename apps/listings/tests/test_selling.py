"""Putting on sale, editing, deleting."""

from decimal import Decimal

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client

from apps.listings.models import Game, Listing
from apps.transactions import flow
from apps.transactions.models import PurchaseRequest

from .pictures import picture, upload

CREATE = "/listing/create/"


@pytest.fixture
def fields(game):
    return {"game": game.pk, "title": "Меч +15", "description": "Точился честно.\r\nВ Гиране.", "price": "12 490,50"}


@pytest.fixture
def edited():
    return {"title": "Щит", "description": "Крепкий", "price": "5", "status": "active"}


def with_picture(fields):
    return fields | {"image": picture()}


def address(listing, page):
    return f"/listing/{listing.pk}/{page}/"


def files(folder):
    return list((folder / "listings").glob("*")) if (folder / "listings").exists() else []


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


def test_the_seller_edits(listing, alice, client_of, edited, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(alice).post(address(listing, "edit"), edited | {"image": picture()})
    assert (answer.status_code, answer["Location"]) == (302, f"/listing/{listing.pk}/")
    before, listing = listing, Listing.objects.get()
    assert (listing.title, listing.description, listing.price) == ("Щит", "Крепкий", 5)
    assert listing.image
    assert listing.updated_at > before.updated_at


def test_an_edit_keeps_the_picture_game_and_seller(listing, alice, bob, client_of, edited):
    image = client_of(alice).post(address(listing, "edit"), edited | {"image": picture()}) and Listing.objects.get().image
    other = Game.objects.create(name="Dota 2", slug="dota-2")
    client_of(alice).post(address(listing, "edit"), edited | {"game": other.pk, "seller": bob.pk})
    listing = Listing.objects.get()
    assert (listing.image, listing.game.name, listing.seller) == (image, "Lineage 2", alice)


@pytest.mark.django_db(transaction=True)
def test_a_replaced_picture_goes_unless_a_request_has_kept_it(listing, alice, bob, client_of, edited):
    someone, route = client_of(alice), address(listing, "edit")

    def replaced():
        someone.post(route, edited | {"image": picture()})
        return Listing.objects.get().image

    def there(name):
        return default_storage.exists(f"{name}-card.webp")

    first = replaced()
    assert there(first)
    second = replaced()
    assert not there(first)
    flow.create(listing.pk, bob)
    third = replaced()
    assert there(second)
    assert there(third)


def test_an_invalid_edit_is_shown_again(listing, alice, client_of, edited):
    answer = client_of(alice).post(address(listing, "edit"), edited | {"price": "даром", "title": "Новое имя"})
    assert answer.status_code == 400
    assert 'value="Новое имя"' in answer.text
    assert 'value="даром"' in answer.text
    assert Listing.objects.get().title == "Меч рассвета"


@pytest.mark.parametrize("status", ["reserved", "sold", "cancelled"])
def test_the_status_is_set_by_hand_and_back(listing, alice, client_of, edited, status):
    someone, route = client_of(alice), address(listing, "edit")
    assert someone.post(route, edited | {"status": status}).status_code == 302
    assert Listing.objects.get().status == status
    assert someone.post(route, edited | {"status": "active"}).status_code == 302
    assert Listing.objects.get().status == "active"


def test_an_edit_without_a_status_keeps_it(listing, alice, client_of, edited):
    Listing.objects.update(status="reserved")
    del edited["status"]
    assert client_of(alice).post(address(listing, "edit"), edited).status_code == 302
    assert Listing.objects.get().status == "reserved"
    assert client_of(alice).post(address(listing, "edit"), edited | {"status": "free"}).status_code == 400


@pytest.mark.parametrize("status", ["sold", "cancelled"])
def test_taking_it_off_sale_rejects_who_waits(listing, alice, bob, client_of, edited, status):
    flow.create(listing.pk, bob)
    client_of(alice).post(address(listing, "edit"), edited | {"status": status})
    assert PurchaseRequest.objects.get().status == "rejected"


def test_while_a_request_is_accepted_the_status_is_the_deals(listing, alice, bob, client_of, edited):
    flow.advance(flow.create(listing.pk, bob).pk, "accept", alice)
    someone, route = client_of(alice), address(listing, "edit")
    refused = someone.post(route, edited | {"status": "sold", "image": picture()})
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["status"]
    listing.refresh_from_db()
    assert (listing.status, listing.title) == ("reserved", "Меч рассвета")
    assert someone.post(route, edited | {"status": "reserved"}).status_code == 302
    assert Listing.objects.get().title == "Щит"


def test_a_refused_edit_leaves_no_file(listing, alice, bob, client_of, edited, tmp_path):
    flow.advance(flow.create(listing.pk, bob).pk, "accept", alice)
    client_of(alice).post(address(listing, "edit"), edited | {"status": "sold", "image": picture()})
    assert not files(tmp_path)


def test_sold_by_a_deal_is_sold_for_ever(listing, alice, bob, client_of, edited):
    request = flow.create(listing.pk, bob)
    flow.advance(request.pk, "accept", alice)
    flow.advance(request.pk, "complete", alice)
    assert client_of(alice).post(address(listing, "edit"), edited | {"status": "active"}).status_code == 400
    assert Listing.objects.get().status == "sold"


def test_deleting_asks_and_then_erases_what_nobody_asked_about(listing, alice, client_of):
    someone, route = client_of(alice), address(listing, "delete")
    assert "Удалить объявление?" in someone.get(route).text
    answer = someone.post(route)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/my-listings/")
    assert not Listing.objects.exists()


def test_a_listing_with_a_deal_is_hidden_and_twice_is_once(listing, alice, bob, client_of):
    flow.create(listing.pk, bob)
    someone, route = client_of(alice), address(listing, "delete")
    assert someone.post(route).status_code == 302
    assert someone.post(route).status_code == 302
    assert Listing.objects.get().hidden_at
    assert PurchaseRequest.objects.get().status == "rejected"
    assert [someone.get(address(listing, page)).status_code for page in ("delete", "edit")] == [404, 404]
    assert client_of(bob).post(route).status_code == 404


def test_deleting_is_refused_while_a_request_is_accepted(listing, alice, bob, client_of):
    flow.advance(flow.create(listing.pk, bob).pk, "accept", alice)
    answer = client_of(alice).post(address(listing, "delete"))
    assert answer.status_code == 400
    assert "Заявка принята" in answer.text
    assert Listing.objects.get().hidden_at is None


@pytest.mark.parametrize("page", ["create", "edit", "delete"])
def test_a_post_without_the_token_is_refused(listing, alice, page):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(CREATE if page == "create" else address(listing, page)).status_code == 403


def test_the_price_is_shown_as_people_write_it(listing, alice, client_of):
    assert 'value="12\u00a0490"' in client_of(alice).get(address(listing, "edit")).text
    Listing.objects.update(price="1234567.50")
    assert 'value="1\u00a0234\u00a0567,50"' in client_of(alice).get(address(listing, "edit")).text
