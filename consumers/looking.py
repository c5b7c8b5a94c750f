"""What a worker asks the database for all its sockets at once, and what a tab is told of whom it watches."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Q

from apps.accounts import presence, sessions
from apps.chat.models import Conversation
from apps.listings.models import Listing
from apps.live import feed
from apps.transactions.models import PurchaseRequest

from . import frames

SLICE = 1_000  # ids in one query


class Question(NamedTuple):
    users: frozenset[int] = frozenset()  # whose heads
    suspects: frozenset[int] = frozenset()  # whose accounts
    sessions: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    listings: frozenset[int] = frozenset()
    present: frozenset[int] = frozenset()  # who is to be noted as online

    @classmethod
    def of(cls, sockets: list, present: Iterable[int], *, only_sessions=False, only_watched=False) -> "Question":
        users = frozenset(socket.user_id for socket in sockets)
        watched = {} if only_sessions else _watched(sockets)
        if only_watched:
            return cls(**watched)
        keys = frozenset(socket.session_key for socket in sockets)
        return cls(users=users, suspects=users, sessions=keys, present=frozenset(present), **watched)


class Sight(NamedTuple):
    """A listing as those see it who have a page of it; `only`: these users, None: everybody."""

    status: str
    title: str
    only: frozenset[int] | None = None

    def of(self, user_id: int) -> tuple[str, str]:
        """Withdrawn, erased and never there look alike to whoever is not concerned."""
        return (self.status, self.title) if self.only is None or user_id in self.only else GONE


GONE = (Listing.Status.CANCELLED.value, "")


class Answer(NamedTuple):
    heads: dict[int, int]
    accounts: dict[int, tuple[bool, str]]
    sessions: set[str]
    people: dict[int, presence.Seen]
    listings: dict[int, Sight]


def look(question: Question) -> Answer:
    """Runs in a thread; a few queries for each thousand ids."""
    for part in _slices(question.present):
        presence.touch(part)
    return Answer(
        heads=_merged(feed.heads, question.users),
        accounts=_merged(sessions.accounts, question.suspects),
        sessions=set().union(*map(sessions.living, _slices(question.sessions))),
        people=_merged(presence.of, question.people),
        listings=_merged(_listings, question.listings),
    )


def show(socket, seen: Answer) -> None:
    """Tell a tab what changed of the people and listings that it watches."""
    for user_id in socket.users & seen.people.keys():
        person = seen.people[user_id]
        # While somebody is online "last seen" moves all the time: only coming and going is news.
        socket.tell(("user", user_id), person.online, frames.presence(user_id, person.online, person.last_seen))
    for listing_id in socket.listings & seen.listings.keys():
        status, title = seen.listings[listing_id].of(socket.user_id)
        socket.tell(("listing", listing_id), (status, title), frames.listing_changed(listing_id, status, title))


def _watched(sockets: list) -> dict[str, frozenset[int]]:
    return {
        "people": frozenset().union(*(socket.users for socket in sockets)),
        "listings": frozenset().union(*(socket.listings for socket in sockets)),
    }


def _listings(ids: list[int]) -> dict[int, Sight]:
    """As Listing.objects.visible_to() has it for one user, here for all that watch."""
    seen = {pk: Sight(*GONE, only=frozenset()) for pk in ids}
    concerned: dict[int, set[int]] = {}
    rows = Listing.objects.filter(pk__in=ids).values_list("pk", "status", "title", "seller", "hidden_at", "seller__is_active")
    for pk, status, title, seller_id, hidden_at, sells in rows:
        seen[pk] = Sight(status, title)
        if hidden_at or not sells or status == Listing.Status.CANCELLED:
            concerned[pk] = {seller_id}
    if concerned:
        for pk, *users in _involved(concerned):
            concerned[pk].update(users)
    return seen | {pk: seen[pk]._replace(only=frozenset(users)) for pk, users in concerned.items()}


def _involved(ids: Iterable[int]) -> Iterable[tuple[int, ...]]:
    """Listings, each with users who deal or talk about it."""
    about = Q(listing__in=list(ids))
    yield from PurchaseRequest.objects.filter(about).values_list("listing", "buyer")
    yield from Conversation.objects.filter(about).values_list("listing", "participant1", "participant2")


def _merged(ask: Callable[[list], dict], ids: Iterable) -> dict:
    merged: dict = {}
    for part in _slices(ids):
        merged |= ask(part)
    return merged


def _slices(ids: Iterable) -> list[list]:
    ordered = sorted(ids)
    return [ordered[at : at + SLICE] for at in range(0, len(ordered), SLICE)]
