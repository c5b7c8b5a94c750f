import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.listings.models import Listing
from apps.transactions import flow

PAGES = ["/accounts/my-listings/", "/accounts/my-purchases/", "/accounts/my-sales/"]
STEPS = {
    "pending": [],
    "accepted": ["accept"],
    "completed": ["accept", "complete"],
    "rejected": ["reject"],
    "cancelled": ["cancel"],
}


@pytest.fixture(autouse=True)
def _free(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def deals(alice, bob, game):
    """One of Bob's requests to Alice in each status."""

    def make(statuses=STEPS):
        made = {}
        for status in statuses:
            thing = Listing.objects.create(seller=alice, game=game, title=f"Вещь {status}", description="Да.", price="100.50")
            made[status] = flow.create(thing.pk, bob)
            for step in STEPS[status]:
                flow.advance(made[status].pk, step, bob if step == "cancel" else alice)
        return made

    return make


def statuses(client, path, **params):
    return re.findall(r'data-deal-status="(\w+)"', client.get(path, params).content.decode())


@pytest.mark.parametrize("path", PAGES)
class TestEvery:
    def test_a_guest_goes_to_login(self, client, db, path):
        assert client.get(path).url == f"/accounts/login/?next={path}"

    def test_empty_and_odd_parameters(self, alice, client_of, path):
        client = client_of(alice)
        for params in ({}, {"status": "sold"}, {"status": "\x00"}, {"page": "-1"}, {"page": "1e9"}, {"page": "9" * 5000}):
            assert client.get(path, params).status_code == 200
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405

    def test_queries_do_not_grow(self, alice, bob, client_of, deals, path):
        client = client_of(bob if "purchases" in path else alice)
        deals(["pending"])
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(path)
        for _ in range(4):
            deals()
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) == len(few)


def test_sales_show_what_waits_first(alice, bob, charlie, client_of, deals):
    deals()
    assert statuses(client_of(alice), PAGES[2])[:2] == ["pending", "accepted"]
    assert sorted(statuses(client_of(alice), PAGES[2])) == sorted(STEPS)
    assert statuses(client_of(bob), PAGES[2]) == statuses(client_of(charlie), PAGES[2]) == []


def test_purchases_show_what_was_accepted_first(alice, bob, client_of, deals):
    deals()
    assert statuses(client_of(bob), PAGES[1])[:2] == ["accepted", "pending"]
    assert statuses(client_of(alice), PAGES[1]) == []


@pytest.mark.parametrize("status", STEPS)
def test_deals_are_filtered_by_state(alice, bob, client_of, deals, status):
    deals()
    assert statuses(client_of(alice), PAGES[2], status=status) == [status]
    assert statuses(client_of(bob), PAGES[1], status=status) == [status]
    assert len(statuses(client_of(bob), PAGES[1], status="nonsense")) == 5


def test_totals_and_buttons(alice, bob, client_of, deals):
    made = deals()
    page = client_of(alice).get(PAGES[2]).content.decode()
    assert "<dt>Продано на</dt><dd>100,50\u00a0₽</dd>" in page
    for status, step in [("pending", "accept"), ("pending", "reject"), ("accepted", "complete")]:
        assert f"/transactions/purchase-request/{made[status].pk}/{step}/" in page
    assert f"/transactions/review/{made['completed'].pk}/create/" in page
    assert "/accept/" not in client_of(bob).get(PAGES[1]).content.decode()


def test_my_listings(alice, bob, client_of, deals):
    made = deals()
    hidden = Listing.objects.create(seller=alice, game=made["pending"].listing.game, title="Скрытая", description="Да.", price=1)
    flow.withdraw(made["rejected"].listing_id, alice)
    Listing.objects.filter(pk=hidden.pk).update(hidden_at="2026-01-01T00:00:00Z")
    page = client_of(alice).get(PAGES[0]).content.decode()
    assert re.findall(r'data-listing-status="(\w+)"', page) == ["active", "reserved", "active", "sold"]
    assert "1 заявка<" in page
    assert "Скрытая" not in page
    sold = client_of(alice).get(PAGES[0], {"status": "sold"}).content.decode()
    assert re.findall(r'data-listing-status="(\w+)"', sold) == ["sold"]
    assert "data-listing-status" not in client_of(bob).get(PAGES[0]).content.decode()


def test_pages_of_24(alice, client_of, game):
    for n in range(26):
        Listing.objects.create(seller=alice, game=game, title=f"Вещь {n}", description="Да.", price=1)
    client = client_of(alice)
    assert client.get(PAGES[0]).content.decode().count("data-listing=") == 24
    assert client.get(PAGES[0], {"page": "999"}).content.decode().count("data-listing=") == 2
