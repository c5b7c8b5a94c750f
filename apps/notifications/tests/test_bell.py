"""The bell: its list changes nothing, POST reads all, sentences come from kinds.py."""

import pytest
from django.urls import reverse
from django.utils import translation

from apps.live import feed
from apps.live.models import Event
from apps.notifications import kinds
from apps.notifications.models import Bell, Notification
from apps.notifications.notify import notify

pytestmark = pytest.mark.django_db

WORDS = {"who": "bob", "title": "Меч <b>рассвета</b> 100%", "rating": 5}


@pytest.fixture
def ring(alice):
    def rung(user=alice, kind="request", about=1):
        with feed.change():
            return notify(user.pk, kind, about, **WORDS)

    return rung


def page():
    return reverse("notifications:list")


def log(user):
    return [(event.type, event.about, event.data) for event in Event.objects.filter(user=user).order_by("seq")]


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_kind_says_something_and_leads_somewhere(kind, language, ring):
    notification = ring(kind=kind)
    with translation.override(language):
        assert str(WORDS["title" if kind != "review" else "who"]) in kinds.text(notification)
    assert kinds.url(notification) == reverse("transactions:detail", args=[1])
    assert kinds.icon(notification)


def test_a_kind_that_nobody_knows_or_a_word_that_lacks_is_an_error(alice):
    with feed.change():
        with pytest.raises(KeyError):
            notify(alice.pk, "gossip", 1, **WORDS)
        with pytest.raises(KeyError):
            notify(alice.pk, "request", 1, who="bob")


def test_outside_of_a_change_nothing_is_noted(alice):
    with pytest.raises(feed.NotInChange):
        notify(alice.pk, "request", 1, **WORDS)


def test_the_list_shows_ones_own_and_changes_nothing(ring, alice, bob, client_of):
    mine, his = ring(), ring(bob)
    before = log(alice)
    shown = client_of(alice).get(page())
    assert shown.status_code == client_of(alice).head(page()).status_code == 200
    text = shown.content.decode()
    assert f'data-notification="{mine.pk}"' in text
    assert f'data-notification="{his.pk}"' not in text
    assert 'data-notifications-unread="1"' in text
    assert "Меч &lt;b&gt;рассвета" in text
    assert log(alice) == before
    assert Notification.objects.of(alice).unread().count() == 1


def test_post_reads_all_once(ring, alice, bob, client_of):
    ring(), ring(bob)
    newest = ring()
    client = client_of(alice)
    assert client.post(page()).status_code == 302
    assert Notification.objects.of(alice).unread().count() == 0
    assert all(notification.is_read for notification in Notification.objects.of(alice))
    assert log(alice)[2:] == [("notification.read", None, {"notification": newest.pk, "unread": 0})]
    assert client.post(page()).status_code == 302
    assert len(log(alice)) == 3
    assert Notification.objects.of(bob).unread().count() == 1


def test_guests_go_to_the_login(client):
    for answer in (client.get(page()), client.post(page())):
        assert answer.headers["Location"] == f"{reverse('accounts:login')}?next={page()}"


def test_an_empty_bell(alice, client_of):
    assert client_of(alice).get(page()).status_code == client_of(alice).get(page() + "?page=x").status_code == 200
    assert client_of(alice).post(page()).status_code == 302
    assert log(alice) == []


def test_the_pointer_only_grows_and_never_passes_the_newest(ring, alice, bob):
    first, second = ring(), ring()
    foreign = ring(bob)
    Bell.read_up_to(alice.pk, first.pk)
    assert log(alice)[2:] == [("notification.read", None, {"notification": first.pk, "unread": 1})]
    Bell.read_up_to(alice.pk, first.pk - 1)
    Bell.read_up_to(alice.pk, first.pk)
    assert len(log(alice)) == 3
    Bell.read_up_to(alice.pk, 2**62)
    assert Bell.objects.get(pk=alice.pk).pointer == second.pk < foreign.pk
    third = ring()
    assert [(row.pk, row.is_read) for row in Notification.objects.of(alice)] == [
        (third.pk, False),
        (second.pk, True),
        (first.pk, True),
    ]


def test_pages_and_queries(ring, alice, client_of, django_assert_num_queries, django_assert_max_num_queries):
    ring()
    client = client_of(alice)
    with django_assert_max_num_queries(12) as few:
        client.get(page())
    for _again in range(30):
        ring()
    with django_assert_num_queries(len(few)):
        first = client.get(page()).content.decode()
    assert first.count("data-notification=") == 24
    assert client.get(page() + "?page=9").content.decode().count("data-notification=") == 7


def test_the_list_alone_for_a_script(ring, alice, client_of):
    ring()
    piece = client_of(alice).get(page(), headers={"X-Fragment": "notifications"})
    assert b"<html" not in piece.content
    assert b'data-region="notifications"' in piece.content
    assert piece.headers["X-Live-Head"] == "1"


def test_the_newest_for_the_panel_under_the_bell(ring, alice, client_of):
    for _ in range(9):
        ring()
    piece = client_of(alice).get(page(), headers={"X-Fragment": "bell"}).content.decode()
    assert "<html" not in piece
    assert piece.count("data-notification=") == 8
    assert 'data-refresh="notification.new notification.read"' in piece
    both = client_of(alice).get(page(), headers={"X-Fragment": "sales-waiting bell"}).content.decode()
    assert "data-sales-waiting" in both
    assert both.partition('data-region="bell"')[2].partition("bell__all")[0].count("data-notification=") == 8


def test_other_pages_have_an_empty_panel(ring, alice, client_of):
    ring()
    home = client_of(alice).get("/").content.decode()
    assert 'data-region="bell"' in home
    assert "data-notification=" not in home
