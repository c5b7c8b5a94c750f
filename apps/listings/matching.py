"""Words that people search for → ids of the newest listings that have all of them, in title and description taken together."""

from django.db import connection
from django.db.models import QuerySet

from . import words
from .models import Game

MOST = 1_000  # matches that are looked at
STRETCH = 16_384  # ids that PostgreSQL's index of words is asked for at a time; the same in its migration


def newest(
    listings: QuerySet,
    asked: list[str | list[str]],
    *,
    game: Game | None = None,
    in_title=False,
    most=MOST,
    order=("-created_at", "-id"),
) -> list[int]:
    """Of `listings`, which are public and of `game` if it is given, at most `most`, ordered after they are chosen. One query.

    Of words that stand in a list any one will do.
    """
    rows = listings.values_list("id", "created_at", "price")
    if connection.vendor == "postgresql":
        chosen, params = _by_stretches(rows, asked, game, in_title)
    else:
        chosen, params = _by_stems(rows, asked, in_title)
    ordering = ", ".join(f"{name.removeprefix('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in order)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ({chosen} LIMIT %s) chosen ORDER BY {ordering}", [*params, most])  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def _by_stretches(rows: QuerySet, asked: list, game: Game | None, in_title: bool) -> tuple[str, list]:
    """From the newest stretch of ids back, until enough are found.

    A common word is then found in the first stretches and a rare one by the index alone. Left to itself the planner fetches
    every listing that has the word, or walks through those that don't have it.
    """
    # The words hold letters and digits alone, so nothing in them is an operator.
    query = _all(asked, "'{}'".format, " & ", " | ")
    where = ["document @@ to_tsquery('pg_catalog.russian', %s)", "document @@ ('#stretch' || stretch)::tsquery"]
    params = [query]
    if in_title:
        where.append("heading @@ to_tsquery('pg_catalog.russian', %s)")
        params.append(query)
    if game:
        where.append("document @@ %s::tsquery")
        params.append(f"#game{game.pk}")
    hits, params = rows.extra(where=where, params=params).order_by("-id").query.sql_with_params()  # noqa: S610
    stretches = f"generate_series((SELECT max(id) FROM listings_listing) / {STRETCH}, 0, -1) stretch"  # noqa: S608
    return f"SELECT hit.* FROM {stretches}, LATERAL ({hits} OFFSET 0) hit", list(params)  # noqa: S608


def _by_stems(rows: QuerySet, asked: list, in_title: bool) -> tuple[str, list]:
    stems = _all(asked, lambda word: f'"{words.stem(word)}"', " AND ", " OR ")
    hits = rows.extra(  # noqa: S610
        tables=[words.TABLE],
        where=[f"{words.TABLE}.rowid = listings_listing.id", f"{words.TABLE} MATCH %s"],
        params=[f"title : ({stems})" if in_title else stems],
        order_by=[f"-{words.TABLE}.rowid"],
    )
    sql, params = hits.query.sql_with_params()
    return sql, list(params)


def _all(asked: list[str | list[str]], quoted, every: str, any_of: str) -> str:
    return every.join(f"({any_of.join(map(quoted, [word] if isinstance(word, str) else word))})" for word in asked)
