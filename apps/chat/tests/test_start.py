"""/chat/start/<listing>/: get or create, at the person's own step only."""

import pytest
from django.utils import timezone

from apps.chat.models import Conversation
from apps.listings.models import Listing

pytestmark = pytest.mark.django_db(transaction=True)

OWN = [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
NOT_OWN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"},
    {"Purpose": "prefetch"},
]


def address(listing):
    return f"/chat/start/{listing.pk}/"


def test_a_guest_goes_to_login(client, listing):
    assert client.get(address(listing)).headers["Location"] == f"/accounts/login/?next={address(listing)}"
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("headers", OWN)
def test_the_persons_own_step_opens_the_talk_at_once(client_of, listing, bob, headers):
    for _ in range(2):
        response = client_of(bob).get(address(listing), headers=headers)
        assert response.status_code == 302
        assert response.headers["Location"] == f"/chat/conversation/{Conversation.objects.get().pk}/"


@pytest.mark.parametrize("headers", NOT_OWN)
def test_anything_else_is_asked_first(client_of, listing, bob, headers):
    response = client_of(bob).get(address(listing), headers=headers)
    assert response.status_code == 200
    assert f'method="post" action="{address(listing)}"' in response.content.decode()
    assert not Conversation.objects.exists()
    assert client_of(bob).post(address(listing), headers=headers).status_code == 302
    assert Conversation.objects.get().participants == tuple(sorted((listing.seller_id, bob.pk)))


def test_head_makes_nothing(client_of, listing, bob):
    assert client_of(bob).head(address(listing)).status_code == 302
    assert not Conversation.objects.exists()


def test_the_owner_gets_403(client_of, listing, alice):
    assert client_of(alice).get(address(listing)).status_code == 403
    assert client_of(alice).post(address(listing)).status_code == 403


def test_a_hidden_listing_is_404_but_its_talk_is_still_found(client_of, listing, talk, alice, bob, charlie):
    Listing.objects.update(hidden_at=timezone.now())
    for stranger in alice, charlie:
        assert client_of(stranger).get(address(listing)).status_code == 404
    assert client_of(bob).get(address(listing)).headers["Location"] == f"/chat/conversation/{talk.pk}/"
    assert client_of(bob).get("/chat/start/999/").status_code == 404


def test_a_cancelled_listing_is_there_only_for_who_talked(client_of, listing, talk, bob, charlie):
    Listing.objects.update(status="cancelled")
    assert client_of(charlie).get(address(listing)).status_code == 404
    assert client_of(bob).get(address(listing)).headers["Location"] == f"/chat/conversation/{talk.pk}/"


def test_twenty_talks_an_hour(client_of, alice, bob, game):
    client = client_of(bob)
    listings = [
        Listing.objects.create(seller=alice, game=game, title=f"Щит {n}", description="Целый.", price="100") for n in range(21)
    ]
    for listing in listings[:20]:
        assert client.get(address(listing)).status_code == 302
    refused = client.get(address(listings[20]))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 3_500
    assert client.get(address(listings[0])).status_code == 302
    assert Conversation.objects.count() == 20


def test_csrf_is_asked_of_the_confirmation(listing, bob, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(bob)
    assert client.post(address(listing)).status_code == 403


def test_a_listing_that_is_erased_at_that_moment_is_not_there(client_of, listing, bob, monkeypatch):
    between = Conversation.between

    def erased_first(of, *sides):
        Listing.objects.get(pk=of.pk).delete()
        return between(of, *sides)

    monkeypatch.setattr(Conversation, "between", erased_first)
    assert client_of(bob).get(address(listing)).status_code == 404
