"""Writes the played market down, in the order of time everywhere, as if it had happened."""

from collections.abc import Iterable
from datetime import datetime

from apps.accounts.models import CustomUser, Presence
from apps.chat.models import Conversation, Message
from apps.notifications.models import Bell as Pointer
from apps.notifications.models import Notification
from apps.transactions.models import DealStep, PurchaseRequest

from .play import Bell, Deal, Talk

BATCH = 500


def save_deals(deals: Iterable[Deal], steps: Iterable[DealStep]) -> list[PurchaseRequest]:
    """Deals with their history; the listings are saved already."""
    rows = sorted((deal.row for deal in deals), key=lambda row: row.created_at)
    PurchaseRequest.objects.bulk_create(rows, batch_size=BATCH)
    DealStep.objects.bulk_create(sorted(steps, key=lambda step: step.created_at), batch_size=BATCH)
    return rows


def save_talks(talks: Iterable[Talk]) -> None:
    """Conversations with their messages, last message and read pointers."""
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
    messages.sort(key=lambda message: message.created_at)
    said: dict[int, list[Message]] = {}
    for message in Message.objects.bulk_create(messages, batch_size=BATCH):
        said.setdefault(message.conversation_id, []).append(message)
    for talk, conversation in zip(talks, conversations, strict=True):
        _read(talk, conversation, said[conversation.pk])
    Conversation.objects.bulk_update(conversations, ["last_message_id", "read1", "read2"], batch_size=BATCH)


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
    conversation.read1, conversation.read2 = (_pointer(messages, pk, unread[pk]) for pk in conversation.participants)


def _pointer(messages, reader_id, unread):
    """Up to the first unread text of the other side, but never before the reader's own last one: who writes has read."""
    heard = [message.pk for message in messages if message.kind == Message.Kind.TEXT and message.sender_id != reader_id]
    own = [message.pk for message in messages if message.kind == Message.Kind.TEXT and message.sender_id == reader_id]
    if not heard or not unread:
        return messages[-1].pk
    before = [message.pk for message in messages if message.pk < heard[-min(unread, len(heard))]]
    return max([0, *before[-1:], *own[-1:]])


def save_presence(talks: Iterable[Talk], traders: Iterable[CustomUser]) -> None:
    """Everybody was last here when they last said or did something."""
    seen = {trader.pk: trader.date_joined for trader in traders}
    for talk in talks:
        for at, sender, _content, _kind in talk.lines:
            seen[sender.pk] = max(seen[sender.pk], at)
    Presence.objects.bulk_create(Presence(user_id=pk, seen_at=at) for pk, at in seen.items())


def save_bells(bells: Iterable[Bell], traders: Iterable[CustomUser], read_before: datetime) -> None:
    """What everybody was told; what is older than `read_before` has been read."""
    rung = Notification.objects.bulk_create([bell.ring() for bell in sorted(bells, key=lambda bell: bell.at)], batch_size=BATCH)
    pointers = {trader.pk: 0 for trader in traders}
    for notification in rung:
        if notification.created_at < read_before:
            pointers[notification.user_id] = notification.pk
    Pointer.objects.bulk_create(Pointer(user_id=pk, pointer=pointer) for pk, pointer in pointers.items())
