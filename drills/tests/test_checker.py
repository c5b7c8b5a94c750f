"""The judge of all drills: each kind of loss is noticed."""

import time

import pytest

from apps.chat.models import Conversation
from drills import people
from drills.checker import check
from drills.clients import Applied, Sent, Trader
from drills.row import Times


@pytest.fixture
def seen(db):
    """A tab that saw three messages of its own, each answered."""
    cast, talks = people.pairs(1)
    trader = Trader("http://127.0.0.1:1", cast[0], after=0)
    for seq in (1, 2, 3):
        sent = Sent(f"ref-{seq}", talks[0].id, f"№ {seq}")
        row = Conversation.objects.get(pk=talks[0].id).post(cast[0].id, sent.content, sent.ref)
        sent.id, sent.ok_at = row.pk, time.monotonic()
        trader.sent[sent.ref] = sent
        trader.applied.append(Applied(seq, "message.new", row.pk, sent.ok_at))
    return trader


def counts(trader):
    verdict = check([trader])
    return verdict.lost, verdict.doubled, verdict.disordered, len(verdict.strange)


def test_all_seen_once_and_in_order_is_clean(seen):
    assert check([seen]).clean


def test_an_event_that_never_came_is_lost(seen):
    seen.applied.pop()
    assert counts(seen) == (1, 0, 0, 0)


def test_an_event_that_was_applied_twice_is_doubled(seen):
    seen.applied.insert(2, seen.applied[1])
    assert counts(seen)[1] == 1


def test_events_that_changed_places_are_out_of_order(seen):
    seen.applied.reverse()
    assert counts(seen) == (0, 0, 2, 0)


def test_a_message_without_a_row_is_lost(seen):
    seen.sent["ref-4"] = Sent("ref-4", seen.sent["ref-1"].conversation, "№ 4")
    assert counts(seen) == (1, 0, 0, 0)


def test_an_answer_without_a_row_is_strange(seen):
    seen.sent["ref-3"].id += 1
    assert counts(seen) == (0, 0, 0, 1)


def test_messages_in_another_order_than_they_were_said_are_out_of_order(seen):
    seen.sent["ref-1"].content, seen.sent["ref-2"].content = seen.sent["ref-2"].content, seen.sent["ref-1"].content
    assert counts(seen)[2] == 1


def test_an_event_that_tells_of_another_message_is_strange(seen):
    seen.applied[0] = seen.applied[0]._replace(about=seen.applied[1].about)
    assert counts(seen) == (0, 0, 0, 1)


def test_what_others_say_to_each_other_is_strange(seen):
    seen.strangers.append({"id": 1})
    assert counts(seen) == (0, 0, 0, 1)


def test_times_are_of_all_that_there_were():
    assert Times.of([]) is None
    assert Times.of(number / 1000 for number in range(1, 101)) == Times(50, 99, 100)
