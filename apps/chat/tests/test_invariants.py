"""Each check finds its own damage, and nothing where there is none."""

import pytest
from django.core.management import call_command
from django.db.models import F

from apps.chat import invariants
from apps.chat.models import Conversation, Message
from apps.live.models import Event, Inbox

pytestmark = pytest.mark.django_db


def found():
    return [violation for check in invariants.CHECKS for violation in check()]


@pytest.fixture
def talk(listing, alice, bob):
    """Three texts, all read by both."""
    talk = Conversation.between(listing, alice.pk, bob.pk)
    for author in (bob, alice, bob):
        newest = talk.post(author.pk, "Привет")
    talk.read_up_to(alice.pk, newest.pk)
    talk.refresh_from_db()
    assert found() == []
    return talk


DAMAGE = {
    "logs_are_dense": lambda talk, stranger: Event.objects.filter(seq=2).first().delete(),
    "pointers_are_within": lambda talk, stranger: Conversation.objects.update(read1=F("last_message_id") + 1),
    "only_the_two_write": lambda talk, stranger: Message.objects.filter(pk=talk.last_message_id).update(sender=stranger),
    "told_once_and_to_the_two": lambda talk, stranger: Event.objects.create(
        user=stranger, seq=1, type="message.new", about=talk.last_message_id
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(name, talk, charlie):
    DAMAGE[name](talk, charlie)
    assert list(getattr(invariants, name)())


def test_every_check_is_tried():
    assert {check.__name__ for check in invariants.CHECKS} == set(DAMAGE)


@pytest.mark.parametrize("head", [1, 10])
def test_a_head_elsewhere_than_at_the_last_event_is_found(talk, head):
    Inbox.objects.filter(pk=talk.participant1_id).update(head=head)
    assert len(list(invariants.logs_are_dense())) == 1


def test_a_lost_message_is_found(talk):
    Message.objects.filter(pk=talk.last_message_id).delete()
    assert list(invariants.pointers_are_within())
    assert list(invariants.told_once_and_to_the_two())


def test_a_doubled_event_is_found(talk):
    head = Inbox.objects.get(pk=talk.participant1_id).head
    Event.objects.create(user_id=talk.participant1_id, seq=head + 1, type="message.new", about=talk.last_message_id)
    assert [each for each in invariants.told_once_and_to_the_two() if "2 times" in each]


def test_the_gap_of_a_restore_and_pruned_events_are_none(talk, bob):
    call_command("skip_heads", verbosity=0)
    assert found() == []
    talk.post(bob.pk, "После")
    Event.objects.filter(seq__lte=2).delete()
    call_command("skip_heads", verbosity=0)
    talk.post(bob.pk, "И ещё")
    assert found() == []
