"""The list of a trader's talks: which, in what order, and what a row of it says."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.http import QueryDict

from apps.accounts import names, presence
from apps.listings import cards
from apps.listings.photos import Photo

from . import lines
from .models import Conversation, Message

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
    last: lines.Shown | None
    updated_at: datetime

    @property
    def age(self) -> int:
        return cards.age(self.updated_at)


class Rows(NamedTuple):
    """`more` is how many to ask for to see further ones, None where these are all."""

    rows: list[Row]
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
    """Newest first. Three queries, however many talks."""
    talks = (
        Conversation.objects.of(user)
        .with_unread(user)
        .select_related("participant1__profile", "participant2__profile", "listing")
        .order_by("-updated_at", "-pk")
    )
    if choice.show:
        talks = talks.filter(TABS[choice.show](user))
    if choice.words:
        talks = talks.filter(_about(user, choice.words))
    found = list(talks[: choice.shown + 1])
    shown = found[: choice.shown]
    messages = Message.objects.in_bulk([talk.last_message_id for talk in shown])
    seen = presence.of([talk.other_id(user.pk) for talk in shown])
    more = choice.shown + AT_ONCE if len(found) > len(shown) and choice.shown < MOST else None
    return Rows([_row(talk, user, messages, seen) for talk in shown], more)


def _row(talk, user, messages, seen) -> Row:
    other = talk.participant2 if talk.participant1_id == user.pk else talk.participant1
    message = messages.get(talk.last_message_id)
    shown = cards.Shown(other.profile.avatar, other.profile.rating)
    person = cards.Seller(other.pk, other.username, shown, seen[other.pk].online)
    item = Item(talk.listing.title, talk.listing.image) if talk.listing else Item("", "")
    return Row(talk.pk, talk.unread, item, person, message and lines.line(message, talk, user).last, talk.updated_at)


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
