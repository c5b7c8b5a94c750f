"""What a moderator does with listings."""

import pytest
from django.urls import reverse

from apps.listings.models import Listing
from apps.transactions import flow
from apps.transactions.models import PurchaseRequest

LIST = reverse("admin:listings_listing_changelist")


@pytest.fixture
def moderator(charlie, client_of):
    charlie.is_staff = charlie.is_superuser = True
    charlie.save()
    return client_of(charlie)


def hide(client, listing):
    return client.post(LIST, {"action": "hide", "_selected_action": [listing.pk]}, follow=True)


def test_a_moderator_finds_a_listing(moderator, listing):
    assert "Меч рассвета" in moderator.get(LIST, {"q": "рассвета"}).text
    assert moderator.get(reverse("admin:listings_listing_change", args=[listing.pk])).status_code == 200


def test_hiding_rejects_who_waits(moderator, listing, bob):
    flow.create(listing.pk, bob)
    assert hide(moderator, listing).status_code == 200
    assert Listing.objects.get().hidden_at
    assert PurchaseRequest.objects.get().status == "rejected"


def test_hiding_waits_for_an_accepted_deal(moderator, listing, alice, bob):
    flow.advance(flow.create(listing.pk, bob).pk, "accept", alice)
    assert str(flow.DEAL_GOES_ON) in hide(moderator, listing).text
    assert Listing.objects.get().hidden_at is None


def test_nothing_is_edited_or_erased_there(moderator, listing):
    change, delete = (reverse(f"admin:listings_listing_{page}", args=[listing.pk]) for page in ("change", "delete"))
    assert moderator.post(change, {"title": "Другое"}).status_code == 403
    assert moderator.post(delete, {"post": "yes"}).status_code == 403
    assert moderator.get(reverse("admin:listings_listing_add")).status_code == 403
    assert Listing.objects.get().title == "Меч рассвета"
