"""/chat/: whose talks, in what order, how many unread."""

import pytest

from apps.chat.models import Conversation
from apps.listings.models import Listing

from .pages import hook, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shield(alice, game):
    return Listing.objects.create(seller=alice, game=game, title="Щит заката", description="Целый.", price="100")


def test_a_guest_goes_to_login(client):
    assert client.get("/chat/").headers["Location"] == "/accounts/login/?next=/chat/"


def test_it_takes_no_post(client_of, bob):
    assert client_of(bob).post("/chat/").status_code == 405


def test_newest_first_with_the_last_line_and_unread(client_of, talk, shield, alice, bob, charlie):
    other = Conversation.between(shield, alice.pk, charlie.pk)
    other.post(charlie.pk, "щит ещё есть?")
    talk.post(bob.pk, "раз")
    talk.post(bob.pk, "два")
    page = client_of(alice).get("/chat/")
    assert rows(page) == {talk.pk: 2, other.pk: 1}
    assert hook(page, "unread-total") == "3"
    assert "два" in page.content.decode()
    assert "щит ещё есть?" in page.content.decode()
    other.post(charlie.pk, "ау")
    assert list(rows(client_of(alice).get("/chat/"))) == [other.pk, talk.pk]


def test_looking_at_the_list_reads_nothing(client_of, talk, alice, bob):
    talk.post(bob.pk, "раз")
    for _ in range(2):
        assert rows(client_of(alice).get("/chat/")) == {talk.pk: 1}


def test_an_empty_talk_is_seen_only_by_who_opened_it(client_of, talk, alice, bob):
    assert rows(client_of(bob).get("/chat/")) == {talk.pk: 0}
    assert rows(client_of(alice).get("/chat/")) == {}


def test_a_stranger_sees_nothing_of_it(client_of, talk, bob, charlie):
    talk.post(bob.pk, "раз")
    assert rows(client_of(charlie).get("/chat/")) == {}


def test_tabs_and_search_narrow_the_list(client_of, talk, shield, alice, bob, charlie):
    other = Conversation.between(shield, alice.pk, charlie.pk)
    other.post(charlie.pk, "раз")
    talk.read_up_to(alice.pk, talk.post(bob.pk, "раз").pk)
    page = client_of(alice)
    found = {
        query: set(rows(page.get(f"/chat/?{query}")))
        for query in (
            "show=new",
            "show=selling",
            "show=buying",
            "search=щит",
            "search=Charlie",
            "search=никто",
            "show=%00&shown=-1",
        )
    }
    assert found == {
        "show=new": {other.pk},
        "show=selling": {talk.pk, other.pk},
        "show=buying": set(),
        "search=щит": {other.pk},
        "search=Charlie": {other.pk},
        "search=никто": set(),
        "show=%00&shown=-1": {talk.pk, other.pk},
    }


def test_fifty_at_once_and_more_by_a_link(client_of, alice, bob, game):
    for n in range(60):
        listing = Listing.objects.create(seller=alice, game=game, title=f"Щит {n}", description="Целый.", price="100")
        Conversation.between(listing, alice.pk, bob.pk)
    page = client_of(bob).get("/chat/")
    assert len(rows(page)) == 50
    assert 'href="?shown=100"' in page.content.decode()
    assert len(rows(client_of(bob).get("/chat/?shown=100"))) == 60
