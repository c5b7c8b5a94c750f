import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection

from apps.chat import swift
from apps.chat.drafts import Blocked, Draft, Forbidden, Invalid, Reading, RefReused, Refusal, clean
from apps.chat.models import Conversation, Message
from apps.live.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


WAYS = ["reference", "swift"] if connection.vendor == "postgresql" else ["reference"]


@pytest.fixture(autouse=True, params=WAYS)
def way(request, monkeypatch):
    """Through the ORM, and in one statement where the database knows how: the same promises."""
    if request.param == "reference":
        monkeypatch.setattr(swift, "fits", lambda drafts: False)
    return request.param


@pytest.fixture
def talk(listing, alice, bob):
    return Conversation.between(listing, bob.pk, alice.pk)


def events(user):
    return [(event.type, event.about, event.data) for event in Event.objects.filter(user=user).order_by("seq")]


def test_a_message_is_told_to_both_and_read_by_its_author(talk, alice, bob, charlie):
    said = talk.post(bob.pk, "Ещё продаёте?", "r1")
    talk.refresh_from_db()
    assert talk.last_message_id == said.pk
    assert talk.read_of(bob.pk) == said.pk
    assert talk.read_of(alice.pk) == 0
    assert events(alice) == events(bob) == [("message.new", said.pk, None)]
    assert events(charlie) == []
    assert not Message.objects.get().is_read_in(talk)
    assert not said.is_read


def test_the_same_ref_is_the_same_message(talk, bob):
    first = talk.post(bob.pk, "Ещё продаёте?", "r1")
    again = talk.post(bob.pk, "Ещё продаёте?", "r1")
    assert again.pk == first.pk
    assert Message.objects.count() == 1
    assert len(events(bob)) == 1


def test_a_ref_with_other_words_or_in_another_talk_is_refused(talk, listing, alice, bob, charlie):
    talk.post(bob.pk, "Ещё продаёте?", "r1")
    with pytest.raises(RefReused):
        talk.post(bob.pk, "А сейчас?", "r1")
    listing.pk, listing._state.adding = None, True
    listing.save()
    with pytest.raises(RefReused):
        Conversation.between(listing, bob.pk, alice.pk).post(bob.pk, "Ещё продаёте?", "r1")
    assert talk.post(alice.pk, "Да", "r1"), "each author has refs of their own"
    assert Message.objects.count() == 2


def test_a_stranger_and_an_absent_talk_look_alike(talk, charlie):
    answers = Conversation.post_each([Draft(talk.pk, charlie.pk, "Пустите", "r1"), Draft(10**9, charlie.pk, "Пустите", "r2")])
    assert [type(answer) for answer in answers] == [Forbidden, Forbidden]
    assert Message.objects.count() == 0


@pytest.mark.parametrize("banned", ["alice", "bob"])
def test_nobody_writes_to_or_from_a_banned_account(talk, bob, request, banned):
    user = request.getfixturevalue(banned)
    user.is_active = False
    user.save()
    with pytest.raises(Blocked):
        talk.post(bob.pk, "Ещё продаёте?")
    assert Message.objects.count() == 0


def test_a_batch_answers_each_draft_in_order(talk, alice, bob, charlie):
    answers = Conversation.post_each(
        [
            Draft(talk.pk, bob.pk, "раз", "1"),
            Draft(talk.pk, charlie.pk, "чужой", "2"),
            Draft(talk.pk, alice.pk, "два", "1"),
            Draft(talk.pk, bob.pk, "раз", "1"),
            Draft(talk.pk, bob.pk, "три", "3"),
        ]
    )
    assert [getattr(answer, "content", None) for answer in answers] == ["раз", None, "два", "раз", "три"]
    assert answers[0] is answers[3]
    assert [about for type, about, _data in events(alice) if type == "message.new"] == [
        answers[0].pk,
        answers[2].pk,
        answers[4].pk,
    ]


def test_writing_reads_what_the_other_side_wrote(talk, alice, bob):
    talk.post(bob.pk, "раз")
    talk.post(bob.pk, "два")
    said = talk.post(alice.pk, "Да")
    read = {"conversation": talk.pk, "reader": alice.pk, "message": said.pk, "count": 2, "unread": 0}
    assert events(alice) == events(bob)
    assert events(bob)[2:] == [("message.new", said.pk, None), ("message.read", None, read)]


def test_within_a_batch_too_writing_reads(talk, alice, bob):
    answers = Conversation.post_each(
        [Draft(talk.pk, alice.pk, "раз"), Draft(talk.pk, bob.pk, "два"), Draft(talk.pk, alice.pk, "три")]
    )
    reads = [data for type, _about, data in events(alice) if type == "message.read"]
    assert sorted((read["reader"], read["message"], read["count"], read["unread"]) for read in reads) == sorted(
        [(bob.pk, answers[1].pk, 1, 1), (alice.pk, answers[2].pk, 1, 0)]
    )


def test_the_pointer_only_grows_and_never_passes_the_newest(talk, alice, bob):
    first, second = talk.post(bob.pk, "раз"), talk.post(bob.pk, "два")
    assert talk.read_up_to(alice.pk, first.pk) == 1
    assert talk.read_up_to(alice.pk, 10**12) == 0
    assert talk.read_up_to(alice.pk, first.pk) == 0
    talk.refresh_from_db()
    assert talk.read_of(alice.pk) == second.pk
    reads = [data for type, _about, data in events(bob) if type == "message.read"]
    assert [(read["message"], read["count"], read["unread"]) for read in reads] == [(first.pk, 1, 1), (second.pk, 1, 0)]


def test_many_read_at_once(talk, listing, alice, bob, charlie):
    other = Conversation.between(listing, charlie.pk, alice.pk)
    first, second = talk.post(bob.pk, "раз"), talk.post(bob.pk, "два")
    asked = other.post(charlie.pk, "три")
    highest = 2**63 - 1
    Conversation.read_many(
        [
            Reading(talk.pk, alice.pk, second.pk),
            Reading(talk.pk, alice.pk, first.pk),
            Reading(talk.pk, charlie.pk, highest),
            Reading(other.pk, alice.pk, highest),
            Reading(10**9, alice.pk, highest),
        ]
    )
    reads = [data for type, _about, data in events(alice) if type == "message.read"]
    told = [(read["conversation"], read["reader"], read["message"], read["unread"]) for read in reads]
    assert [each for each in told if each[0] == talk.pk][-1] == (talk.pk, alice.pk, second.pk, 0)
    assert [each for each in told if each[0] == other.pk] == [(other.pk, alice.pk, asked.pk, 0)]
    assert sum(read["count"] for read in reads) == 3
    before = len(events(alice))
    Conversation.read_many([Reading(talk.pk, alice.pk, first.pk), Reading(talk.pk, bob.pk, highest)])
    talk.refresh_from_db()
    assert (talk.read_of(alice.pk), talk.read_of(bob.pk)) == (second.pk, second.pk)
    assert len(events(alice)) == before


def test_reading_nothing_new_records_nothing(talk, alice, bob):
    talk.post(bob.pk, "раз")
    before = len(events(bob))
    assert talk.read_up_to(bob.pk, 10**12) == 0
    assert len(events(bob)) == before


def test_deal_lines_are_never_unread_and_read_nothing(talk, alice, bob):
    text = talk.post(bob.pk, "раз")
    line = Conversation.post_each([Draft(talk.pk, alice.pk, "accept", kind="deal")])[0]
    talk.refresh_from_db()
    assert talk.read_of(alice.pk) == 0, "accepting on the deal's page has not read the talk"
    assert line.is_read_in(talk)
    assert Conversation.objects.unread_texts(alice).count() == 1
    assert Conversation.objects.unread_texts(bob).count() == 0
    assert talk.read_up_to(alice.pk, text.pk) == 0


def test_unread_is_counted_per_talk_and_in_all(talk, alice, bob):
    for word in "раз", "два", "три":
        talk.post(bob.pk, word)
    assert Conversation.objects.unread_texts(alice).count() == 3
    assert [row.unread for row in Conversation.objects.of(alice).with_unread(alice)] == [3]
    assert [row.unread for row in Conversation.objects.of(bob).with_unread(bob)] == [0]


def test_an_empty_talk_is_seen_only_by_who_opened_it(talk, alice, bob):
    assert list(Conversation.objects.of(bob)) == [talk]
    assert list(Conversation.objects.of(alice)) == []
    talk.post(bob.pk, "Ещё продаёте?")
    assert list(Conversation.objects.of(alice)) == [talk]


@pytest.mark.parametrize("content", ["", "  \n", "\u200b\u2060", "\U000e0020", "x" * 4001, "a\0b", "a\ud800", "a\x07"])
def test_what_can_not_be_said(content):
    with pytest.raises(Invalid):
        clean(content)


def test_text_is_kept_as_it_was_meant():
    assert clean("и\u0306\r\nвторая строка") == "й\nвторая строка"
    assert clean("x" * 4000)


@pytest.mark.parametrize("same_talk", [True, False])
def test_one_ref_sent_from_many_places_at_once_is_one_message(talk, listing, alice, bob, same_talk):
    listing.pk, listing._state.adding = None, True
    listing.save()
    other = talk if same_talk else Conversation.between(listing, bob.pk, alice.pk)
    barrier, answers = threading.Barrier(8), []

    def send(where):
        barrier.wait()
        answers.extend(Conversation.post_each([Draft(where.pk, bob.pk, "Ещё продаёте?", "r1")]))
        connection.close()

    threads = [threading.Thread(target=send, args=[talk if n % 2 else other]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 1
    assert len(events(alice)) == len(events(bob)) == 1
    made = [answer for answer in answers if not isinstance(answer, Refusal)]
    assert len({answer.pk for answer in made}) == 1
    assert len(made) == (8 if same_talk else 4)


def test_many_writers_in_crossing_talks_lose_and_double_nothing(alice, bob, charlie, listing):
    listing_id = listing.pk
    talks = [Conversation.between(listing, *pair) for pair in ((alice.pk, bob.pk), (bob.pk, charlie.pk), (alice.pk, charlie.pk))]

    def write(seed):
        with closing(connection):
            for n in range(10):
                order = talks[seed % 3 :] + talks[: seed % 3]
                drafts = [Draft(t.pk, t.participants[(seed + n) % 2], f"{seed} {n}", f"{seed}-{n}-{t.pk}") for t in order]
                Conversation.post_each(drafts)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert Message.objects.filter(conversation__listing=listing_id).count() == 120
    for user in alice, bob, charlie:
        rows = list(Event.objects.filter(user=user).order_by("seq").values_list("seq", "type", "about"))
        assert [seq for seq, _type, _about in rows] == list(range(1, len(rows) + 1))
        told = [about for _seq, type, about in rows if type == "message.new"]
        assert len(told) == len(set(told)) == 80
