"""The list of a trader's talks: which, in what order, and what a row of it says."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.http import QueryDict

from apps.accounts import names, presence
from apps.accounts.models import CustomUser
from apps.listings import cards
from apps.listings.photos import Photo
from apps.live.compiled import Compiled, Given

from . import lines
from .models import Conversation

AT_ONCE = 50
MOST = 500


class Item(NamedTuple):
    title: str
    image: str

    @property
    def photo(self) -> Photo:
        return Photo(self.image)


class Row(NamedTuple):
    """What a row of the list shows, and nothing else: rows of equal values are drawn once."""

    pk: int
    unread: int
    item: Item
    other: cards.Seller
    last: lines.Line | None
    updated_at: datetime
    age: int


class Rows(NamedTuple):
    """`more` is how many to ask for to see further ones, None where these are all."""

    rows: tuple[Row, ...]
    more: int | None


class Choice(NamedTuple):
    """What of the list is shown: a tab, words to look for, how many rows."""

    show: str = ""
    words: str = ""
    shown: int = AT_ONCE

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        """From the address; values that mean nothing are passed over."""
        show = query.get("show", "")
        shown = query.get("shown", "")
        return cls(
            show if show in TABS else "",
            query.get("search", "").replace("\x00", "").strip()[:100],
            min(max(int(shown), AT_ONCE), MOST) if shown.isdecimal() and len(shown) < 6 else AT_ONCE,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.show or self.words)


TABS = {
    "new": lambda user: Q(unread__gt=0),
    "buying": lambda user: ~Q(listing__seller=user),
    "selling": lambda user: Q(listing__seller=user),
}


def rows(user, choice: Choice) -> Rows:
    """Newest first; to be asked in a snapshot. Two queries, however many talks: in one the planner would look for longer
    than both run."""
    me = user.pk  # a request's user is looked up at each asking
    found = [_Talk(*row) for row in _TALKS.all(choice, user=me)]
    shown = found[: choice.shown]
    people = {row[0]: _person(*row) for row in _PEOPLE.all(choice, user=me)} if found else {}
    more = choice.shown + AT_ONCE if len(found) > len(shown) and choice.shown < MOST else None
    return Rows(tuple(_row(talk, me, people) for talk in shown), more)


class _Talk(NamedTuple):
    pk: int
    unread: int
    updated_at: datetime
    title: str | None
    image: str | None
    participant1: int
    participant2: int
    read1: int
    read2: int
    message: int | None
    sender: int | None
    kind: str | None
    content: str | None


def _chosen(choice: Choice) -> QuerySet:
    user = Given("user")
    talks = Conversation.objects.of(user).with_unread(user)
    if choice.show:
        talks = talks.filter(TABS[choice.show](user))
    if choice.words:
        talks = talks.filter(_about(user, choice.words))
    return talks.order_by("-updated_at", "-pk")


def _talks(choice: Choice) -> QuerySet:
    last = FilteredRelation("messages", condition=Q(messages__pk=F("last_message_id")))
    columns = ("listing__title", "listing__image", "participant1_id", "participant2_id", "read1", "read2")
    message = ("last__pk", "last__sender_id", "last__kind", "last__content")
    found = _chosen(choice).annotate(last=last)
    return found.values_list("pk", "unread", "updated_at", *columns, *message)[: choice.shown + 1]


def _people(choice: Choice) -> QuerySet:
    """The other sides of the same talks: not by their ids, each of which would be a value to hand over."""
    other = Case(When(participant1=Given("user"), then=F("participant2")), default=F("participant1"))
    others = CustomUser.objects.filter(pk__in=_chosen(choice).values_list(other)[: choice.shown + 1])
    return others.values_list("pk", "username", "profile__avatar", "profile__rating", presence.online("presence__seen_at"))


_TALKS = Compiled(_talks)
_PEOPLE = Compiled(_people)


def _person(pk, username, avatar, rating, online) -> cards.Seller:
    return cards.Seller(pk, username, cards.Shown(avatar, rating), bool(online))


def _row(talk: _Talk, user_id: int, people: dict[int, cards.Seller]) -> Row:
    is_first = talk.participant1 == user_id
    last = None
    if talk.message:
        own = talk.sender == user_id
        others_pointer = talk.read2 if own == is_first else talk.read1
        said = lines.Said(talk.message, talk.content)
        last = lines.line(own, others_pointer >= talk.message, talk.kind, said)
    other = people[talk.participant2 if is_first else talk.participant1]
    return Row(
        talk.pk, talk.unread, Item(talk.title or "", talk.image or ""), other, last, talk.updated_at, cards.age(talk.updated_at)
    )


def _about(user, words: str) -> Q:
    """By the other's name or the item's title; SQLite folds the case of ASCII only, hence the spellings."""
    key = names.key(words)
    named = (Q(participant1__username_key__contains=key) & ~Q(participant1=user)) | (
        Q(participant2__username_key__contains=key) & ~Q(participant2=user)
    )
    titled = Q()
    for spelling in {words, words.lower(), words.capitalize()}:
        titled |= Q(listing__title__icontains=spelling)
    return (named | titled) if key else titled
