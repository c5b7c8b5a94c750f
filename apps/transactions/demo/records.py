"""Writes the played market down: deals, their history and their talks, in the order of time."""

from collections.abc import Iterable

from apps.chat.models import Conversation, Message
from apps.transactions.models import DealStep, PurchaseRequest

from .play import Deal, Talk

BATCH = 500


def save_deals(deals: Iterable[Deal], steps: Iterable[DealStep]) -> list[DealStep]:
    """The listings are saved already. Returns the history, oldest first."""
    rows = sorted((deal.row for deal in deals), key=lambda row: row.created_at)
    PurchaseRequest.objects.bulk_create(rows, batch_size=BATCH)
    return DealStep.objects.bulk_create(sorted(steps, key=lambda step: step.created_at), batch_size=BATCH)


def save_talks(talks: Iterable[Talk]) -> dict[tuple[int, int], Conversation]:
    """Conversations with their messages, last message and read pointers; by listing and buyer."""
    talks = [talk for talk in talks if talk.lines]
    for talk in talks:
        talk.lines.sort(key=lambda line: line[0])
    talks.sort(key=lambda talk: talk.lines[0][0])
    conversations = Conversation.objects.bulk_create([_conversation(talk) for talk in talks], batch_size=BATCH)
    messages = [
        Message(conversation=conversation, sender=sender, kind=kind, content=content, created_at=at)
        for talk, conversation in zip(talks, conversations, strict=True)
        for at, sender, content, kind in talk.lines
    ]
    # Numbered in the order of time everywhere, as if they had been sent.
    messages.sort(key=lambda message: message.created_at)
    said: dict[int, list[Message]] = {}
    for message in Message.objects.bulk_create(messages, batch_size=BATCH):
        said.setdefault(message.conversation_id, []).append(message)
    for talk, conversation in zip(talks, conversations, strict=True):
        _read(talk, conversation, said[conversation.pk])
    Conversation.objects.bulk_update(conversations, ["last_message_id", "updated_at", "read1", "read2"], batch_size=BATCH)
    return {(talk.listing.pk, talk.buyer.pk): conversation for talk, conversation in zip(talks, conversations, strict=True)}


def _conversation(talk):
    lower, upper = sorted((talk.buyer.pk, talk.listing.seller.pk))
    return Conversation(
        participant1_id=lower,
        participant2_id=upper,
        listing=talk.listing,
        created_at=talk.lines[0][0],
        updated_at=talk.lines[-1][0],
    )


def _read(talk, conversation, messages):
    conversation.last_message_id = messages[-1].pk
    unread = {talk.buyer.pk: talk.unread_by_buyer, talk.listing.seller.pk: talk.unread_by_seller}
    conversation.read1 = _pointer(messages, conversation.participant1_id, unread)
    conversation.read2 = _pointer(messages, conversation.participant2_id, unread)


def _pointer(messages, reader_id, unread):
    heard = [message for message in messages if message.kind == Message.Kind.TEXT and message.sender_id != reader_id]
    if not heard or not unread[reader_id]:
        return messages[-1].pk
    first_unread = heard[-min(unread[reader_id], len(heard))]
    return max((message.pk for message in messages if message.pk < first_unread.pk), default=0)
