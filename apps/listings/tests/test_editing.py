"""Editing, setting the status by hand, deleting."""

import pytest
from django.core.files.storage import default_storage

from apps.listings.models import Game, Listing
from apps.transactions import flow
from apps.transactions.models import PurchaseRequest

from .pictures import picture
from .places import address, files


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


def test_the_price_is_shown_as_people_write_it(listing, alice, client_of):
    assert 'value="12\u00a0490"' in client_of(alice).get(address(listing, "edit")).text
    Listing.objects.update(price="1234567.50")
    assert 'value="1\u00a0234\u00a0567,50"' in client_of(alice).get(address(listing, "edit")).text
