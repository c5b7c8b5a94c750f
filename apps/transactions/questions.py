"""What a panel asks the database about a deal: no column that it does not show."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, Least

from apps.accounts import presence
from apps.chat.models import Conversation
from apps.listings import cards
from apps.live.compiled import Compiled, Given

from .models import DealStep, PurchaseRequest, Review

REQUEST = tuple(column.attname for column in PurchaseRequest._meta.concrete_fields)
ITEM = ("title", "price", "status", "hidden_at")
PERSON = ("username", *(f"profile__{name}" for name in ("avatar", "rating", "phone", "telegram", "discord")))


class Taken(NamedTuple):
    """A step of a deal's history."""

    step: str
    actor_id: int
    from_status: str
    to_status: str
    listing_status: str
    created_at: datetime


class Waiting(NamedTuple):
    """Another request for the same item."""

    pk: int
    buyer: cards.Seller


def through(path: str, columns: tuple[str, ...]) -> list[str]:
    return [f"{path}__{column}" for column in columns]


def _whole() -> QuerySet:
    """With what the deal's own page says besides: where the two talk, and who of them is here now."""
    talk = Conversation.objects.filter(
        participant1=Least(OuterRef("buyer"), OuterRef("seller")),
        participant2=Greatest(OuterRef("buyer"), OuterRef("seller")),
        listing=OuterRef("listing"),
    )
    rows = PurchaseRequest.objects.select_related("listing", "buyer__profile", "seller__profile")
    shown = (*REQUEST, *through("listing", ITEM), *through("buyer", PERSON), *through("seller", PERSON))
    return rows.only(*shown).annotate(
        conversation_id=Subquery(talk.values("pk")),
        buyer_online=presence.online("buyer__presence__seen_at"),
        seller_online=presence.online("seller__presence__seen_at"),
    )


def _newest() -> QuerySet:
    requests = PurchaseRequest.objects.between(Given("one"), Given("other"))
    return requests.filter(listing=Given("listing")).order_by("-pk")[:1]


def _waiting() -> QuerySet:
    others = PurchaseRequest.objects.pending().filter(listing=Given("listing")).exclude(pk=Given("deal")).order_by("pk")
    buyer = ("buyer_id", "buyer__username", "buyer__profile__avatar", "buyer__profile__rating")
    return others.values_list("pk", *buyer, presence.online("buyer__presence__seen_at"))


WHOLE = Compiled(lambda: _whole().filter(pk=Given("deal")))
NEWEST = Compiled(_newest)
WAITING = Compiled(_waiting)
STEPS = Compiled(lambda: DealStep.objects.filter(request=Given("deal")).values_list(*Taken._fields))
REVIEWS = Compiled(lambda: Review.objects.filter(purchase_request=Given("deal")).select_related("reviewer").order_by("pk"))


def waiting(listing_id: int, but: int) -> tuple[Waiting, ...]:
    """The requests that wait for this item, but for one; the oldest first."""
    return tuple(_made(*row) for row in WAITING.all(listing=listing_id, deal=but))


def _made(pk, buyer_id, username, avatar, rating, online) -> Waiting:
    return Waiting(pk, cards.Seller(buyer_id, username, cards.Shown(avatar, rating), bool(online)))
