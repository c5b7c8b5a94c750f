"""A long talk: its pages, and what they cost."""

import pytest

from apps.chat.models import Conversation, Message

from .pages import messages

pytestmark = pytest.mark.django_db


def fill(talk, author, count):
    made = Message.objects.bulk_create(Message(conversation=talk, sender=author, content=f"слово {n}") for n in range(count))
    Conversation.objects.filter(pk=talk.pk).update(last_message_id=made[-1].pk, read1=made[-1].pk, read2=made[-1].pk)
    return [message.pk for message in made]


def get(client, talk, **query):
    return client.get(f"/chat/conversation/{talk.pk}/", query)


def ids(response):
    return [line["id"] for line in messages(response)]


@pytest.mark.django_db(transaction=True)
def test_history_is_walked_by_links(client_of, talk, alice, bob):
    written = fill(talk, bob, 120)
    client = client_of(alice)
    latest = get(client, talk)
    assert ids(latest) == written[70:]
    assert f'href="?before={written[70]}"' in latest.content.decode()
    older = get(client, talk, before=written[70])
    assert ids(older) == written[20:70]
    assert " data-past" in older.content.decode()
    oldest = get(client, talk, before=written[20])
    assert ids(oldest) == written[:20]
    assert "data-older hidden" in oldest.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_script_gets_only_the_lines(client_of, talk, alice, bob):
    written = fill(talk, bob, 60)
    response = client_of(alice).get(f"/chat/conversation/{talk.pk}/?before={written[10]}", headers={"X-Fragment": "messages"})
    assert ids(response) == written[:10]
    assert b"data-conversations" not in response.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["abc", "-1", "0", "", "9" * 40, "²", "\x00", "1 OR 1=1"])
def test_an_odd_before_shows_the_latest(client_of, talk, alice, bob, before):
    written = fill(talk, bob, 3)
    response = get(client_of(alice), talk, before=before)
    assert response.status_code == 200
    assert ids(response) == written


def test_a_page_costs_the_same_however_much_was_said(client_of, talk, alice, bob, game, django_assert_num_queries, queries_of):
    client = client_of(alice)
    fill(talk, bob, 2)
    few = queries_of(lambda: get(client, talk))
    fill(talk, bob, 1_000)
    many_talks(alice, bob, game, 49)
    with django_assert_num_queries(few):
        get(client, talk)


def test_the_list_costs_the_same_however_many_talks(client_of, talk, alice, bob, game, django_assert_num_queries, queries_of):
    client = client_of(alice)
    fill(talk, bob, 2)
    few = queries_of(lambda: client.get("/chat/"))
    many_talks(alice, bob, game, 49)
    with django_assert_num_queries(few):
        client.get("/chat/")


def many_talks(alice, bob, game, count):
    listing = alice.listings.get()
    for n in range(count):
        listing.pk, listing.title = None, f"Щит {n}"
        listing._state.adding = True
        listing.save()
        fill(Conversation.between(listing, alice.pk, bob.pk), bob, 3)
