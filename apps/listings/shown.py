"""What the page of a listing says to everybody, and nothing else: pages of equal values are drawn once."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from apps.accounts.presence import Seen

from . import cards
from .models import Listing
from .photos import Photo


class Place(NamedTuple):
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        return reverse("listings:game", args=[self.slug])


class Author(NamedTuple):
    username: str


class Review(NamedTuple):
    reviewer: Author
    rating: int
    comment: str
    created_at: datetime


class Record(NamedTuple):
    avatar: str
    rating: Decimal
    total_sales: int


class Seller(NamedTuple):
    """`year` is this one, whose dates are said without it."""

    pk: int
    username: str
    date_joined: datetime
    profile: Record
    seen: Seen
    on_sale: int
    review_count: int
    reviews: tuple[Review, ...]
    year: int

    @property
    def seen_age(self) -> int | None:
        return self.seen.last_seen and cards.age(self.seen.last_seen)


class Item(NamedTuple):
    pk: int
    title: str
    description: str
    price: Decimal
    image: str
    status: str
    created_at: datetime
    game: Place

    @property
    def photo(self) -> Photo:
        return Photo(self.image)

    @property
    def age(self) -> int:
        return cards.age(self.created_at)

    def get_absolute_url(self) -> str:
        return reverse("listings:detail", args=[self.pk])


def item(row: Listing) -> Item:
    game = Place(row.game.name, row.game.slug)
    return Item(row.pk, row.title, row.description, row.price, row.image, row.status, row.created_at, game)


def seller(row: Listing, seen: Seen, on_sale: int, reviews: list[tuple]) -> Seller:
    """`row` with its `review_count`; `reviews` as (name of who wrote it, rating, comment, when)."""
    of, profile = row.seller, row.seller.profile
    record = Record(profile.avatar, profile.rating, profile.total_sales)
    said = tuple(Review(Author(name), *review) for name, *review in reviews)
    return Seller(of.pk, of.username, of.date_joined, record, seen, on_sale, row.review_count, said, timezone.now().year)
