"""What was probably meant by words that no listing has: slips of the finger, and keys of the other layout."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import QuerySet

from . import keyboard, vocabulary
from .matching import newest
from .models import Game
from .words import sought, stem

SHORTEST = 4  # letters of the stem: shorter ones are all alike
LONGEST_QUERY = 6  # words
TRIED = 3  # of the nearest words


def meant(listings: QuerySet, query: str, game: Game | None) -> Iterator[list[str]]:
    """What a query that finds nothing may have been meant for, the likeliest first."""
    pieces = query.split()
    if len(pieces) == 1:
        yield from _readings(query)
    elif len(pieces) <= LONGEST_QUERY:
        yield _mended(listings, pieces, game)


def _mended(listings: QuerySet, pieces: list[str], game: Game | None) -> list[str]:
    """All words, with each unknown one replaced; [] where that can't be done."""

    def known(asked: list[str]) -> bool:
        return bool(asked) and bool(newest(listings, asked, game=game, most=1))

    found = [next(filter(known, chain([sought(piece)], _readings(piece))), []) for piece in pieces]
    flat = [word for each in found for word in each]
    return flat if all(found) and flat != sought(" ".join(pieces)) else []


def _readings(piece: str) -> Iterator[list[str]]:
    switched = sought(keyboard.switched(piece))
    yield switched
    yield from _nearest(piece)
    yield from _nearest(" ".join(switched))


def _nearest(piece: str) -> list[list[str]]:
    """Words of titles that differ by a slip, the nearest first."""
    asked = sought(piece)
    if len(asked) != 1 or not asked[0].isalpha() or len(stem(asked[0])) < SHORTEST:
        return []
    [word] = asked
    allowed = 1 if len(word) < 8 else 2
    root = stem(word)
    letters, needed = set(word), set(root)
    # The stem of a misspelt word may be cut elsewhere than that of the right one. A slip brings or takes one letter at most.
    near = sorted(
        (min(distance(root, stem(each), allowed), distance(word, each, allowed)), each)
        for each in vocabulary.of_length(word, allowed + 1)
        if len(needed.difference(each)) <= allowed and len(letters.union(stem(each))) <= len(letters) + allowed
    )
    return [[each] for apart, each in near if apart <= allowed][:TRIED]


def distance(one: str, other: str, most: int = 100) -> int:
    """How many letters were added, dropped, mistaken or swapped with their neighbour; above `most` any number will do."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [], list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]
