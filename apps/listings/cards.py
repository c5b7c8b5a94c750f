"""What the card of a listing shows, and nothing else: cards of equal values are drawn once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts import presence

from .photos import Photo

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7) // MINUTE


class Named(NamedTuple):
    name: str


class Shown(NamedTuple):
    avatar: str
    rating: Decimal


class Seller(NamedTuple):
    pk: int
    username: str
    profile: Shown
    online: bool


class Card(NamedTuple):
    """Named as in a listing, which a template may be given as well."""

    pk: int
    title: str
    price: Decimal
    image: str
    status: str
    created_at: datetime
    game: Named
    seller: Seller

    @property
    def photo(self) -> Photo:
        return Photo(self.image)

    @property
    def age(self) -> int:
        return age(self.created_at)

    def get_absolute_url(self) -> str:
        return reverse("listings:detail", args=[self.pk])


FIELDS = ("pk", "title", "price", "image", "status", "created_at", "game__name")
SELLER = ("seller_id", "seller__username", "seller__profile__avatar", "seller__profile__rating")


def of(listings: QuerySet) -> list[Card]:
    """In their order. One query."""
    return made(rows(listings))


def rows(listings: QuerySet) -> QuerySet:
    """What made() makes cards of."""
    return listings.values_list(*FIELDS, *SELLER, presence.online("seller__presence__seen_at"))


def made(rows: Iterable[tuple]) -> list[Card]:
    return [_card(*row) for row in rows]


def _card(pk, title, price, image, status, created_at, game, seller_id, username, avatar, rating, online) -> Card:
    seller = Seller(seller_id, username, Shown(avatar, rating), bool(online))
    return Card(pk, title, price, image, status, created_at, Named(game), seller)


def ages(cards: Iterable[Card]) -> tuple[int, ...]:
    now = timezone.now()
    return tuple([age(card.created_at, now) for card in cards])


def age(moment: datetime, now: datetime | None = None) -> int:
    """Changes whenever the words for it may: minutes of a week, and after that the year in which it is looked at."""
    now = now or timezone.now()
    minutes = (now - moment) // MINUTE
    return minutes if minutes <= WEEK else now.year
