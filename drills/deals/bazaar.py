"""Many hands at random: traders who sell to and buy from each other take any action on a few hot listings."""

import time
from collections import Counter
from functools import partial
from random import Random

from django.db import Error

from apps.accounts.models import CustomUser
from apps.listings.models import Listing
from apps.live import feed
from apps.transactions import flow, reviews
from apps.transactions.models import PurchaseRequest

from .hands import Hands, code
from .races import REFUSED
from .stall import offer

STALLS = 4
LIFE = 20  # actions on a listing, on average, until another one takes its place
WEIGHTS = {
    "ask": 30,
    "accept": 18,
    "complete": 14,
    "cancel": 12,
    "reject": 8,
    "review": 8,
    "by hand": 3,
    "edit": 4,
    "delete": 1,
}
# Where a step mostly begins, since most others are refused.
LIKELY = {
    "accept": {"pending"},
    "reject": {"pending", "accepted"},
    "complete": {"accepted"},
    "cancel": {"pending", "accepted"},
    "review": {"completed"},
}


class Bazaar:
    """`errors` are what no action may end with; `kept` is the title and price of each request when it was made."""

    def __init__(self, people: list[CustomUser], seed: int):
        self.people, self.seed = people, seed
        self.stalls = [offer(people[number % len(people)]) for number in range(STALLS)]
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.kept: dict[int, tuple] = {}

    def open(self, hands: Hands, number: int, actions: int) -> None:
        """`actions` in all, by that many hands at once."""
        for end in hands.together([partial(self.walk, each, actions // number) for each in range(number)]):
            if end is not None:
                self.errors[f"a hand stopped: {end}"] += 1

    def changed_requests(self) -> list[str]:
        """D8: what the buyer saw stays."""
        rows = PurchaseRequest.objects.in_bulk(list(self.kept))
        return [
            f"deal {pk}: asked for at {seen}, now {rows[pk].title}, {rows[pk].price}"
            for pk, seen in self.kept.items()
            if (rows[pk].title, rows[pk].price) != seen
        ]

    def walk(self, number: int, actions: int) -> None:
        chance = Random(f"{self.seed}/{number}")  # noqa: S311
        for _action in range(actions):
            [name] = chance.choices(list(WEIGHTS), WEIGHTS.values())
            started = time.perf_counter()
            try:
                self._act(name, chance)
                self.done[name] += 1
            except REFUSED:
                self.refused[name] += 1
            except Error as error:
                self.errors[f"{name}: {code(error)}"] += 1
            self.seconds.append(time.perf_counter() - started)

    def _act(self, name, chance):
        stall = chance.randrange(STALLS)
        if chance.random() < 1 / LIFE:
            self.stalls[stall] = offer(chance.choice(self.people))
        listing = self.stalls[stall]
        if name == "ask":
            request = flow.create(listing.pk, chance.choice(self.people), chance.choice(["", "Беру!"]))
            self.kept.setdefault(request.pk, (request.title, request.price))
        elif name == "by hand":
            flow.set_status(listing.pk, chance.choice(Listing.Status.values), listing.seller)
        elif name == "edit":
            with feed.change():
                Listing.objects.locked(listing.pk).change(price=chance.randrange(1, 1000), title=f"Меч {chance.random()}")
        elif name == "delete":
            flow.withdraw(listing.pk, listing.seller)
        else:
            self._step(name, listing, chance)

    def _step(self, name, listing, chance):
        requests = list(PurchaseRequest.objects.filter(listing=listing).select_related("buyer", "seller").order_by("-pk")[:6])
        if not requests:
            raise PurchaseRequest.DoesNotExist
        likely = [each for each in requests if each.status in LIKELY[name]]
        request = chance.choice(likely if likely and chance.random() < 0.8 else requests)
        if name == "review":
            reviews.create(request.pk, chance.choice([request.buyer, request.seller]), chance.randint(1, 5))
            return
        right = request.buyer if name == "cancel" else request.seller
        flow.advance(request.pk, name, right if chance.random() < 0.95 else chance.choice(self.people))
