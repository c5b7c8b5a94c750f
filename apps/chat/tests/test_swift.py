"""The swift way of post_many() against the reference: the same rows, whatever comes in one batch."""

import random

import pytest
from django.db import IntegrityError, connection

from apps.chat import swift
from apps.chat.drafts import Draft, Reading, Refusal
from apps.chat.models import Conversation, Message
from apps.live.models import Event, Inbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has the reference only"),
]


def batches(talks, people, seed):
    """Batches of any authors in any talks; some repeat a ref, some write where they may not, some are read in between."""
    choice = random.Random(seed)
    for number in range(12):
        drafts = []
        for place in range(choice.randint(1, 6)):
            ref = f"{number}-{place}" if choice.random() < 0.8 else f"{number - 1}-{place}"
            drafts.append(
                Draft(choice.choice(talks), choice.choice(people), f"слово {ref}", ref if choice.random() < 0.9 else None)
            )
        yield drafts, (choice.choice(talks), choice.random() < 0.4)


def story(talks, people, seed):
    """What is in the tables after it, told without ids that differ."""
    first = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    heads = dict(Inbox.objects.values_list("user_id", "head"))
    answers = []
    for drafts, (talk_id, reads) in batches(talks, people, seed):
        for answer in Conversation.post_each(drafts):
            refused = isinstance(answer, Refusal)
            answers.append(answer.code if refused else (answer.content, answer.is_read, answer.sender_username))
        if reads:
            talk = Conversation.objects.get(pk=talk_id)
            Conversation.read_many([Reading(talk_id, talk.participant1_id, 10**12), Reading(talk_id, people[2], 10**12)])
    written = list(Message.objects.filter(pk__gt=first).order_by("conversation_id", "pk"))
    names = {message.pk: (message.conversation_id, place) for place, message in enumerate(written)}
    logs = [
        (
            event.user_id,
            event.seq - heads[event.user_id],
            event.type,
            names[event.about] if event.about else {**event.data, "message": names[event.data["message"]]},
        )
        for event in Event.objects.order_by("user_id", "seq")
        if event.seq > heads[event.user_id]
    ]
    talks = [
        (talk.pk, names.get(talk.last_message_id), names.get(talk.read1), names.get(talk.read2))
        for talk in Conversation.objects.order_by("pk")
    ]
    kept = [(message.sender_id, message.kind, message.content, message.ref) for message in written]
    return answers, kept, sorted(map(str, logs)), talks


def cleared():
    Message.objects.all().delete()
    Conversation.objects.update(read1=0, read2=0, last_message_id=0)


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_write_the_same(seed, listing, alice, bob, charlie, monkeypatch):
    people = [alice.pk, bob.pk, charlie.pk]
    talks = [Conversation.between(listing, *pair).pk for pair in ((alice.pk, bob.pk), (bob.pk, charlie.pk))]
    if seed % 3 == 2:
        charlie.is_active = False
        charlie.save()
    swiftly = story(talks, people, seed)
    cleared()
    monkeypatch.setattr(swift, "fits", lambda drafts: False)
    assert story(talks, people, seed) == swiftly


def test_what_can_not_be_told_is_not_written(listing, alice, bob):
    talk = Conversation.between(listing, alice.pk, bob.pk)
    Inbox.objects.filter(user=bob).delete()
    with pytest.raises(IntegrityError):
        swift.write([Draft(talk.pk, alice.pk, "раз", "1")], [])
    assert not Message.objects.exists()
    assert not Event.objects.exists()


def test_a_draft_that_is_refused_leaves_no_hole(listing, alice, bob, charlie):
    talk = Conversation.between(listing, alice.pk, bob.pk)
    batch = swift.write(
        [Draft(talk.pk, charlie.pk, "раз", "1"), Draft(10**9, alice.pk, "два", "2"), Draft(talk.pk, alice.pk, "три", "3")], []
    )
    said = batch.answers
    assert [each and each.content for each in said] == [None, None, "три"]
    assert [(each.user_id, each.seq, each.row) for each in batch.news] == [(alice.pk, 1, said[2]), (bob.pk, 1, said[2])]
