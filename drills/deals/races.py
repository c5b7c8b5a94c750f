"""Two hands on one hot listing at the same moment: every ordered pair of actions, and two who sell to each other."""

from collections import Counter
from functools import partial
from itertools import product

from apps.accounts import limits
from apps.accounts.models import CustomUser
from apps.listings.models import Listing
from apps.transactions import flow, reviews
from apps.transactions.models import PurchaseRequest

from .hands import Hands
from .stall import offer

REFUSED = (
    *(flow.LostRace, flow.Forbidden, reviews.Refused, reviews.Forbidden),
    *(Listing.DoesNotExist, PurchaseRequest.DoesNotExist),
    limits.TooMany,  # of listings on sale
)
ACTIONS = ["accept", "accept other", "reject", "complete", "cancel", "ask", "sell by hand", "delete"]
# Pairs of which one must lose, by the state in which they begin.
RIVALS = {
    "pending": [
        {"accept", "accept other"},
        {"accept", "sell by hand"},
        {"accept", "delete"},
        {"reject", "cancel"},
    ],
    "accepted": [{"complete", "cancel"}, {"complete", "reject"}, {"reject", "cancel"}],
}


class Hot:
    """One listing of the seller's, asked for by two; a third is about to ask."""

    def __init__(self, people: list[CustomUser], status: str):
        self.seller, self.buyer, second, self.third = people
        self.listing = offer(self.seller)
        self.mine = flow.create(self.listing.pk, self.buyer)
        self.other = flow.create(self.listing.pk, second)
        if status == "accepted":
            flow.advance(self.mine.pk, "accept", self.seller)

    def act(self, name: str) -> bool:
        """True when it was done or held already, False when it was refused in words."""
        acts = {
            "accept": lambda: flow.advance(self.mine.pk, "accept", self.seller),
            "accept other": lambda: flow.advance(self.other.pk, "accept", self.seller),
            "reject": lambda: flow.advance(self.mine.pk, "reject", self.seller),
            "complete": lambda: flow.advance(self.mine.pk, "complete", self.seller),
            "cancel": lambda: flow.advance(self.mine.pk, "cancel", self.buyer),
            "ask": lambda: flow.create(self.listing.pk, self.third, "И я хочу"),
            "sell by hand": lambda: flow.set_status(self.listing.pk, "sold", self.seller),
            "delete": lambda: flow.withdraw(self.listing.pk, self.seller),
        }
        try:
            acts[name]()
        except REFUSED:
            return False
        return True


def pairs(two: Hands, people: list[CustomUser], times: int) -> tuple[int, list[str]]:
    """All ordered pairs, `times` each, begun half from pending and half from accepted; how many races, and what was wrong."""
    races, wrong = 0, []
    for turn, (first, second) in product(range(times), product(ACTIONS, repeat=2)):
        status = list(RIVALS)[turn % 2]
        wrong += race(two, people, status, first, second)
        races += 1
    return races, wrong


def race(two: Hands, people: list[CustomUser], status: str, first: str, second: str) -> list[str]:
    hot = Hot(people, status)
    done = two.together([partial(hot.act, first), partial(hot.act, second)])
    rivals = {first, second} in RIVALS[status]
    if not set(done) <= {True, False} or (rivals and sorted(done) != [False, True]):
        return [f"{first} and {second} from {status}, listing {hot.listing.pk}: {done}"]
    return []


def each_other(two: Hands, people: list[CustomUser], rounds: int) -> list[str]:
    """A sells to B while B sells to A: both complete at once, `rounds` times; what surfaced."""
    wrong = []
    one, other = people[:2]
    for _round in range(rounds):
        sold = [flow.create(offer(seller).pk, buyer) for seller, buyer in ((one, other), (other, one))]
        for request in sold:
            flow.advance(request.pk, "accept", request.seller)
        done = two.together([partial(flow.advance, request.pk, "complete", request.seller) for request in sold])
        if [getattr(request, "status", request) for request in done] != ["completed", "completed"]:
            wrong.append(str(done))
    return wrong


def deadlocks(met: Counter) -> int:
    return met["40P01"]
