"""What a talk shows of its listing, and nothing else: pieces of equal values are drawn once."""

from decimal import Decimal
from typing import NamedTuple

from apps.listings.models import Listing
from apps.listings.photos import Photo


class Item(NamedTuple):
    pk: int
    title: str
    price: Decimal
    image: str
    status: str
    hidden: bool
    own: bool

    @property
    def photo(self) -> Photo:
        return Photo(self.image)


def of(listing: Listing, reader: int) -> Item:
    hidden, own = listing.hidden_at is not None, listing.seller_id == reader
    return Item(listing.pk, listing.title, listing.price, listing.image, listing.status, hidden, own)
