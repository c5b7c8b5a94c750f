"""What there is for the beginning of a search, as one types: games by their names, items by their titles."""

from typing import NamedTuple

from . import cards, keyboard, picked, vocabulary, words
from .matching import newest
from .models import Game, Listing

LENGTHS = (2, 100)  # characters that are looked for
GAMES, ITEMS = 3, 6
ENDINGS = 8  # words that the last one may become
SAME = 4  # listings may have one title


class Found(NamedTuple):
    games: list[tuple[str, str]]  # (slug, name)
    items: list[cards.Card]

    def __bool__(self):
        return bool(self.games or self.items)


def for_beginning(text: str) -> Found:
    """Read as typed with the other layout where nothing begins so."""
    text = text.replace("\0", " ").strip()
    if not LENGTHS[0] <= len(text) <= LENGTHS[1]:
        return Found([], [])
    # There are few; SQLite folds no case.
    games = [(slug, name, words.words(name)) for slug, name in Game.objects.values_list("slug", "name")]
    return _found(words.words(text), games) or _found(words.words(keyboard.switched(text)), games)


def _found(typed: list[str], games: list[tuple[str, str, list[str]]]) -> Found:
    if not typed:
        return Found([], [])
    named = [(slug, name) for slug, name, parts in games if _begin(parts, typed)]
    return Found(named[:GAMES], _items(typed))


def _begin(parts: list[str], typed: list[str]) -> bool:
    return all(any(part.startswith(word) for part in parts) for word in typed)


def _items(typed: list[str]) -> list[cards.Card]:
    """The newest whose titles have every word, the last of which is not typed to its end yet."""
    *whole, last = typed
    ends = vocabulary.beginning_with(last, ENDINGS) if len(last) >= LENGTHS[0] else []
    if not ends and last.isalpha():
        return []
    ids = newest(Listing.objects.public(), [*whole, ends or [last]], in_title=True, most=ITEMS * SAME)
    by_title: dict[str, cards.Card] = {}
    for card in picked.in_order(ids):
        by_title.setdefault(card.title, card)
    return list(by_title.values())[:ITEMS]
