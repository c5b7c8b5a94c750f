"""How many queries a page costs: written down, small, and the same however much there is."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import CustomUser, Profile
from apps.chat.models import Conversation, Message
from apps.listings.models import Listing
from apps.live.models import Inbox
from apps.transactions import flow

pytestmark = pytest.mark.usefixtures("often")

# Of each page's queries three come with the frame: the session, its user, the head with the counters of the header.


@pytest.fixture
def cost(client_of):
    """The queries of one look; the second, because the first may have something to read."""

    def count(user, path):
        client = client_of(user)
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len([each for each in queries if not each["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))])

    return count


@pytest.fixture
def crowd(db):
    """`crowd(n)`: so many traders more."""

    def come(n):
        before = CustomUser.objects.count()
        names = [f"trader{number}" for number in range(before, before + n)]
        users = CustomUser.objects.bulk_create(
            CustomUser(username=name, username_key=name, email=f"{name}@example.com", email_key=f"{name}@example.com")
            for name in names
        )
        Profile.objects.bulk_create(Profile(user=user) for user in users)
        Inbox.objects.bulk_create(Inbox(user=user) for user in users)
        return users

    return come


@pytest.fixture
def offer(game, crowd):
    """`offer(n)`: so many listings more, each of somebody else."""

    def come(n):
        return Listing.objects.bulk_create(
            Listing(seller=seller, game=game, title=f"Меч {seller.pk}", description="Точился честно.", price="100.00")
            for seller in crowd(n)
        )

    return come


def fill(talk, texts, author, other):
    """A history of texts by turns, the last one by the other side and not read."""
    said = Message.objects.bulk_create(
        Message(conversation=talk, sender=(author, other)[number % 2], content=f"{number}") for number in range(texts)
    )
    Conversation.objects.filter(pk=talk.pk).update(last_message_id=said[-1].pk)


def constant(costs, limit):
    assert all(one == other for one, other in pairwise(costs)), costs
    assert costs[0] <= limit, costs


@pytest.mark.parametrize("query", ["", "?search=меч", "?game={game}&sort=price&min_price=1", "?page=2"])
def test_the_list(query, offer, cost, bob, game):
    costs = []
    for more in (30, 170):
        offer(more)
        costs.append(cost(bob, "/" + query.format(game=game.pk)))
    # SQLite is asked for matching titles first, and for the others where there is room.
    constant(costs, 8 if "search" in query and connection.vendor == "sqlite" else 7)


def test_a_games_list(offer, cost, bob, game):
    costs = []
    for more in (10, 190):
        offer(more)
        costs.append(cost(bob, f"/game/{game.slug}/"))
    constant(costs, 6)


def test_a_listing(listing, crowd, cost, bob, alice, game):
    costs = []
    for more in (5, 30):
        Listing.objects.bulk_create(
            Listing(seller=alice, game=game, title=f"Меч {number}", description="-", price="5.00") for number in range(more)
        )
        for buyer in crowd(more):
            flow.create(listing.pk, buyer, "Здравствуйте!")
        costs.append(cost(bob, f"/listing/{listing.pk}/"))
    constant(costs, 6)


def test_the_talks(offer, cost, bob):
    costs = []
    for more in (5, 45):
        for listing in offer(more):
            fill(Conversation.between(listing, bob.pk, listing.seller_id), 3, bob, listing.seller)
        costs.append(cost(bob, "/chat/"))
    constant(costs, 5)


def test_a_talk(listing, cost, alice, bob):
    deal = flow.create(listing.pk, bob, "Здравствуйте!")
    talk = Conversation.objects.get(listing=deal.listing)
    costs = []
    for more in (50, 950):
        fill(talk, more, bob, alice)
        costs.append(cost(bob, f"/chat/conversation/{talk.pk}/"))
    constant(costs, 8)


@pytest.mark.parametrize("side", ["alice", "bob"])
def test_a_deal(side, listing, crowd, cost, bob, alice):
    deal = flow.create(listing.pk, bob, "Здравствуйте!")
    costs = []
    for more in (5, 30):
        for buyer in crowd(more):
            flow.create(listing.pk, buyer, "И мне.")
        costs.append(cost({"alice": alice, "bob": bob}[side], f"/transactions/purchase-request/{deal.pk}/"))
    constant(costs, 5)


@pytest.mark.parametrize("page", ["/accounts/my-purchases/", "/notifications/", "/accounts/profile/bob/"])
def test_a_traders_own_pages(page, offer, cost, bob):
    costs = []
    for more in (5, 45):
        for listing in offer(more):
            deal = flow.create(listing.pk, bob)
            flow.advance(deal.pk, "accept", listing.seller)
        costs.append(cost(bob, page))
    constant(costs, 10)


def test_a_sellers_own_pages(listing, crowd, cost, alice):
    costs = {"/accounts/my-sales/": [], "/accounts/my-listings/": []}
    for more in (5, 45):
        for buyer in crowd(more):
            flow.create(listing.pk, buyer)
        for page, of_page in costs.items():
            of_page.append(cost(alice, page))
    for of_page in costs.values():
        constant(of_page, 6)


def test_a_growing_cost_would_be_noticed():
    with pytest.raises(AssertionError):
        constant([8, 9], 13)
    with pytest.raises(AssertionError):
        constant([14] * 2, 13)
