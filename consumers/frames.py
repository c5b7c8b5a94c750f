"""Every frame is shaped here: rows, read in bulk, to JSON. A text lives in its row only, never in the log."""

from datetime import UTC, datetime

import msgspec
from django.utils import translation

from apps.chat.models import Message
from apps.live.models import Event
from apps.notifications import kinds
from apps.notifications.models import Notification
from apps.transactions.models import DealStep, PurchaseRequest

_encoder = msgspec.json.Encoder(decimal_format="string")

# What an event of each type speaks of. A type that is not here carries all it says in its `data`.
_ROWS = {
    "message.new": Message.objects.select_related("conversation", "sender"),
    "deal.changed": DealStep.objects.select_related("request__listing"),
    "notification.new": Notification.objects.with_read(),
}


def encode(frame: dict) -> str:
    return _encoder.encode(frame).decode()


def ready(events: list[Event]) -> list[str | None]:
    """Frames for a hint, without their numbers; None for those that differ by the reader's language."""
    _load(events)
    shaped: dict[tuple, str | None] = {}  # both sides of a talk are told the same of the same row
    texts = []
    for event in events:
        speaks_of = (event.type, id(event.row), id(event.data), id(event.own))
        if speaks_of not in shaped:
            shaped[speaks_of] = None if event.type == "notification.new" else encode(_shape(event))
        texts.append(shaped[speaks_of])
    return texts


def numbered(seq: int, text: str) -> str:
    """Put its number into a ready frame: one text serves both readers, who count differently."""
    return f'{{"seq":{seq},{text[1:]}'


def log(events: list[Event], language: str) -> list[str]:
    """The frames of log rows, as one reader sees them."""
    _load(events)
    with translation.override(language):
        return [numbered(event.seq, encode(_shape(event))) for event in events]


def _load(events: list[Event]) -> None:
    """Give every event its row: one query a type, none where the rows are at hand."""
    for type, rows in _ROWS.items():
        bare = [event for event in events if event.type == type and getattr(event, "row", None) is None]
        if bare:
            found = rows.in_bulk({event.about for event in bare})
            for event in bare:
                event.row = found[event.about]
    asked = {event.data["deal"] for event in events if event.type == "deal.changed" and event.data}
    own = PurchaseRequest.objects.in_bulk(asked) if asked else {}
    for event in events:
        event.own = own.get(event.data["deal"]) if event.type == "deal.changed" and event.data else None


def _shape(event: Event) -> dict:
    match event.type:
        case "message.new":
            return {"type": event.type, "message": message(event.row)}
        case "deal.changed":
            return {"type": event.type, **_deal_changed(event.row, event.own)}
        case "notification.new":
            return {"type": event.type, "notification": notification(event.row)}
        case _:
            return {"type": event.type, **(event.data or {})}


def message(row: Message) -> dict:
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "sender": row.sender_id,
        "sender_username": row.sender_username,
        "kind": row.kind,
        "content": row.content,
        "is_read": row.is_read,
        "created_at": iso(row.created_at),
        "ref": row.ref,
    }


def _deal_changed(step: DealStep, own: PurchaseRequest | None) -> dict:
    """As the deal was after this step, whatever became of it since; `own` is the open request of another buyer."""
    deal = step.request
    shown = _deal(own, status=PurchaseRequest.Status.PENDING, at=own.created_at) if own else None
    return {
        "deal": shown or _deal(deal, status=step.to_status, at=step.created_at),
        "listing": {"id": deal.listing_id, "status": step.listing_status, "title": deal.listing.title},
        "by": step.actor_id,
    }


def _deal(row: PurchaseRequest, status: str, at: datetime) -> dict:
    return {
        "id": row.pk,
        "listing": row.listing_id,
        "buyer": row.buyer_id,
        "seller": row.seller_id,
        "status": status,
        "message": row.message,
        "title": row.title,
        "price": f"{row.price:.2f}",
        "created_at": iso(row.created_at),
        "updated_at": iso(at),
        "completed_at": iso(at) if status == PurchaseRequest.Status.COMPLETED else None,
    }


def notification(row: Notification) -> dict:
    """In the language that is active."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": str(kinds.text(row)),
        "url": kinds.url(row),
        "is_read": row.is_read,
        "created_at": iso(row.created_at),
    }


def listing_changed(id: int, status: str, title: str) -> str:
    return encode({"type": "listing.changed", "listing": {"id": id, "status": status, "title": title}})


def presence(user_id: int, online: bool, last_seen: datetime | None) -> str:
    return encode({"type": "presence", "user": user_id, "online": online, "last_seen": iso(last_seen)})


def typing(conversation_id: int, user_id: int) -> str:
    return encode({"type": "typing", "conversation": conversation_id, "user": user_id})


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, with the `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
