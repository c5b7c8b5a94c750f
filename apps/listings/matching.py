"""Words that people search for → ids of the newest listings that have all of them, in title and description taken together."""

from django.db import connection
from django.db.models import QuerySet

from . import stems, stretches
from .models import Game

MOST = 1_000  # matches that are looked at
NEWEST = ("-created_at", "-id")


def newest(
    listings: QuerySet, asked: list[str | list[str]], *, game: Game | None = None, in_title=False, most=MOST, order=NEWEST
) -> list[int]:
    """Of `listings`, which are public and of `game` if it is given, at most `most`, ordered after they are chosen. One query.

    Of words that stand in a list any one will do.
    """
    if connection.vendor == "postgresql":
        matched = stretches.matched(listings, asked, game, in_title)
    else:
        matched = stems.matched(listings, asked, in_title)
    return [pk for (pk,) in _rows("id", matched, most, order)]


def relevant(listings: QuerySet, asked: list[str], *, game: Game | None = None, most=MOST) -> list[int]:
    """As newest(), but those with all words in the title come first, however old they are. One or two queries."""
    titled, others = (_back if connection.vendor == "postgresql" else _apart)(listings, asked, game, most)
    return (titled + others)[:most]


def _back(listings: QuerySet, asked: list[str], game: Game | None, most: int) -> tuple[list[int], list[int]]:
    """A rare word is looked for all the way back only once; for a common one, titles are from where it was left."""
    found = _rows("id, titled", stretches.matched(listings, asked, game), most, NEWEST)
    titled, others = ([pk for pk, in_title in found if in_title is wanted] for wanted in (True, False))
    if others and len(found) == most:
        oldest = min(pk for pk, _in_title in found)
        older = stretches.matched(listings, asked, game, in_title=True, before=oldest)
        titled += [pk for (pk,) in _rows("id", older, len(others), NEWEST)]
    return titled, others


def _apart(listings: QuerySet, asked: list[str], game: Game | None, most: int) -> tuple[list[int], list[int]]:
    """Two looks at SQLite's index cost less than one and, for each that was found, whether it is among those of the other."""
    titled = newest(listings, asked, game=game, in_title=True, most=most)
    if len(titled) == most:
        return titled, []
    others = stems.matched(listings, asked, but_not_in_title=True)
    return titled, [pk for (pk,) in _rows("id", others, most - len(titled), NEWEST)]


def _rows(columns: str, matched: tuple[str, list], most: int, order: tuple[str, ...]) -> list[tuple]:
    sql, params = matched
    ordering = ", ".join(f"{name.removeprefix('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in order)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({sql} LIMIT %s) chosen ORDER BY {ordering}", [*params, most])  # noqa: S608
        return cursor.fetchall()
