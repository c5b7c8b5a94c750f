"""Puts the goods on sale: games, active listings of the last weeks, and what was sold over the year before."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from apps.accounts.models import CustomUser
from apps.listings.models import Game, Listing

from .descriptions import describe
from .drawings import Drawing
from .goods import Good, catalogue
from .people import BUYER, PEOPLE, SELLER
from .pictures import Album

SOLD_BEFORE = 110
# The demo seller's share of what was sold: enough for a profile with a page of reviews.
SELLERS_SHARE = 24
SELLERS_ACTIVE, BUYERS_ACTIVE = 16, 3
# Taken down by their sellers, counted from the newest.
WITHDRAWN = range(200, 400, 40)

# Goods of the demo seller that the hand-written talks are about, and how long they have been on offer.
SWORD = "Меч «Рассвет империи» +15, заточка 92%"
RING = "Кольцо Королевы муравьёв, 3 уровень"
LEGION = "Двуручный меч Тёмного легиона +8"
IN_STORIES = {SWORD: timedelta(hours=29), RING: timedelta(days=3), LEGION: timedelta(days=9)}


class Lot(NamedTuple):
    listing: Listing
    good: Good
    drawing: Drawing
    was_sold: bool


def plan_stock(traders: dict[str, CustomUser], now: datetime, choice: Random) -> list[Lot]:
    """Listings of the traders, oldest first, with the drawing of each; nothing is saved yet."""
    goods = list(_mixed(list(catalogue()), choice))
    games = {good.slug: Game(name=good.game, slug=good.slug) for good in goods}
    sellers = _Sellers(traders, choice)
    album = Album()

    def lot(good, seller, listed_at, price, was_sold):
        listing = Listing(
            seller=seller,
            game=games[good.slug],
            title=good.title,
            description=describe(good, choice),
            price=price,
            created_at=listed_at,
            updated_at=listed_at,
        )
        return Lot(listing, good, album.choose(good), was_sold)

    lots, ago = [], timedelta(0)
    for place, good in enumerate(goods):
        ago += timedelta(minutes=choice.uniform(1, 4) + place * choice.uniform(0.1, 1.1))
        if good.title in IN_STORIES:
            lots.append(lot(good, traders[SELLER], now - IN_STORIES[good.title], good.price, was_sold=False))
        else:
            lots.append(lot(good, sellers.of(good), now - ago, good.price, was_sold=False))
            if place in WITHDRAWN:
                lots[-1].listing.status = Listing.Status.CANCELLED
    repeatable = [good for good in goods if good.kind != "account" and good.price < 15_000 and good.title not in IN_STORIES]
    for place, good in enumerate(choice.sample(repeatable, SOLD_BEFORE)):
        seller = traders[SELLER] if place < SELLERS_SHARE else sellers.of(good, forget=True)
        if seller.username == SELLER:
            good = choice.choice([other for other in repeatable if other.slug in ("lineage-2", "albion")])
        listed_at = now - ago - timedelta(days=choice.uniform(1, 290))
        price = (good.price * choice.randint(88, 108) / 1000).quantize(Decimal(1)) * 10
        lots.append(lot(good, seller, listed_at, price, was_sold=True))
    lots.sort(key=lambda each: each.listing.created_at)
    return lots


def _mixed(goods: list[Good], choice: Random) -> Iterator[Good]:
    """Shuffled, so that neighbours on a page differ in game and in shape."""
    choice.shuffle(goods)
    games, shapes = deque(maxlen=3), deque(maxlen=6)
    while goods:
        place = next((i for i, good in enumerate(goods) if good.slug not in games and good.shape not in shapes), 0)
        good = goods.pop(place)
        games.append(good.slug)
        shapes.append(good.shape)
        yield good


class _Sellers:
    """Who sells what: a trader of that game, the two demo logins a set number each."""

    def __init__(self, traders, choice):
        self._choice = choice
        self._traders = traders
        self._places = {SELLER: SELLERS_ACTIVE, BUYER: BUYERS_ACTIVE}

    def of(self, good: Good, forget=False) -> CustomUser:
        names = [person.username for person in PEOPLE if good.slug in person.games]
        for name in (SELLER, BUYER):
            if name in names:
                names.remove(name)
                if not forget and self._places[name]:
                    self._places[name] -= 1
                    return self._traders[name]
        return self._traders[self._choice.choice(names)]
