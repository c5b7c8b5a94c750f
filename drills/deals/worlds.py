"""Small worlds, all of them: one listing, two buyers, two requests at most; and every action met at every statement of another.

The first part walks breadth-first through the product itself, taking each action back by its savepoint. The second lets one
action run to its k-th statement, then another one until it is done or waits for a lock, then the first one on: for every
reachable state, every ordered pair of actions and every k, the commit counted as a statement. One switch there and back.
"""

import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import product
from random import Random
from typing import NamedTuple

from apps.accounts.models import CustomUser
from apps.listings.models import Listing
from apps.transactions import flow, invariants, reviews
from apps.transactions.models import PurchaseRequest
from tests.market import undone

from .races import REFUSED
from .stall import offer
from .stepping import Stepped


class World:
    """A listing of the seller's after `path`, a sequence of names of actions; as many requests at most as `size`."""

    def __init__(self, people: list[CustomUser], size: int, path: tuple[str, ...] = ()):
        self.size = size
        self.seller, self.buyers = people[0], dict(zip(("b", "c"), people[1:3], strict=True))
        self.listing = offer(self.seller)
        for name in path:
            self.act(name)

    def actions(self) -> list[str]:
        """Everything that anybody may try here; a third request is out of this world."""
        rows = self.requests()
        asking = [f"ask {name}" for name in self.buyers] if len(rows) < self.size else []
        steps = [f"{step} {number}" for number in range(len(rows)) for step in ("accept", "reject", "complete", "cancel")]
        done = [number for number, row in enumerate(rows) if row.status == "completed"]
        words = [f"review {number} {side}" for number in done for side in ("seller", "buyer")]
        return [*asking, *steps, *words, *(f"by hand {status}" for status in Listing.Status.values), "delete"]

    def requests(self) -> list[PurchaseRequest]:
        return list(PurchaseRequest.objects.filter(listing_id=self.listing.pk).order_by("pk"))

    def act(self, name: str) -> bool:
        return self.prepared(name)()

    def prepared(self, name: str):
        """The action as a call; what it needs to know of the rows is read now."""
        verb, *rest = name.split()
        if verb == "ask":
            call = partial(flow.create, self.listing.pk, self.buyers[rest[0]])
        elif verb == "by":
            call = partial(flow.set_status, self.listing.pk, rest[1], self.seller)
        elif verb == "delete":
            call = partial(flow.withdraw, self.listing.pk, self.seller)
        else:
            request = self.requests()[int(rest[0])]
            if verb == "review":
                reviewer = self.seller if rest[1] == "seller" else request.buyer
                call = partial(reviews.create, request.pk, reviewer, 4)
            else:
                call = partial(flow.advance, request.pk, verb, request.buyer if verb == "cancel" else self.seller)
        return partial(_taken, call)

    def state(self) -> tuple:
        """What tells one world from another; numbers, times and names don't."""
        listing = Listing.objects.filter(pk=self.listing.pk).values_list("status", "hidden_at").first()
        rows = self.requests()
        # The buyers are alike: who asked first is the first one.
        buyers = list(dict.fromkeys(row.buyer_id for row in rows))
        rows = [(buyers.index(row.buyer_id), row.status, *self._reviewed(row)) for row in rows]
        return (listing and (listing[0], listing[1] is not None), *rows)

    def _reviewed(self, row):
        sides = row.reviews.values_list("reviewer_id", flat=True) if row.status == "completed" else ()
        return sorted(side == self.seller.pk for side in sides)


def _taken(call) -> bool:
    try:
        call()
    except REFUSED:
        return False
    return True


class Walk(NamedTuple):
    """`paths` leads to each state that can be reached, by the fewest actions."""

    paths: dict[tuple, tuple[str, ...]]
    taken: int
    wrong: list[str]


def breadth_first(people: list[CustomUser], size: int) -> Walk:
    """Every action in every state that can be reached; each state is checked once, whole."""
    paths, wrong, taken = {}, [], 0
    waiting = deque([()])
    while waiting:
        path = waiting.popleft()
        with undone():
            world = World(people, size, path)
            here = world.state()
            if path and here in paths:
                continue
            paths[here] = path
            wrong += [f"after {path}: {violation}" for violation in invariants.violations()]
            for name in world.actions():
                taken += 1
                with undone():
                    world.act(name)
                    if world.state() not in paths:
                        waiting.append((*path, name))
    return Walk(paths, taken, wrong)


class Meeting(NamedTuple):
    path: tuple[str, ...]
    first: str
    second: str


def meetings(people: list[CustomUser], size: int, walk: Walk, seed: int) -> list[Meeting]:
    """Every ordered pair of the actions that change something, in every state, shuffled."""
    found = []
    for path in walk.paths.values():
        with undone():
            world = World(people, size, path)
            names = [name for name in world.actions() if _changes(world, name)]
        found += [Meeting(path, *pair) for pair in product(names, repeat=2)]
    Random(seed).shuffle(found)  # noqa: S311
    return found


def _changes(world, name) -> bool:
    before = world.state()
    with undone():
        return world.act(name) and world.state() != before


class Stepping(NamedTuple):
    """`left` are the pairs that the time did not reach."""

    meetings: int
    runs: int
    waited: int
    left: int
    wrong: list[str]


def step_through(people: list[CustomUser], found: list[Meeting], seconds: float, check_every: int = 100) -> Stepping:
    """Each meeting at each statement, until the time is up; the rows are checked as a whole every so often."""
    until = time.monotonic() + seconds
    runs = waited = done = 0
    wrong: list[str] = []
    with Stepped() as first, Stepped() as second:
        for meeting in found:
            if time.monotonic() > until or wrong:
                break
            for waits, errors in _at_every_statement(people, meeting, first, second):
                runs, waited = runs + 1, waited + waits
                wrong += [f"{meeting}: {error}" for error in errors]
                if runs % check_every == 0:
                    wrong += invariants.violations()
            done += 1
    wrong += invariants.violations()
    return Stepping(done, runs, waited, len(found) - done, wrong)


def _at_every_statement(people, meeting, first, second) -> Iterator[tuple[bool, list]]:
    """Whether the second one had to wait, and the errors that either ended with."""
    statements = 1
    while True:
        world = World(people, len(people), meeting.path)
        calls = world.prepared(meeting.first), world.prepared(meeting.second)
        first.begin(calls[0], statements)
        first.wait()
        finished = first.done
        second.begin(calls[1])
        waits = not second.wait()
        first.go_on()
        ends = first.result(), second.result()
        yield waits, [end for end in ends if not isinstance(end, bool)]
        if finished:
            return
        statements += 1
