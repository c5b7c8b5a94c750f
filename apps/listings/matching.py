"""Words that people search for → ids of the newest listings that have all of them, in title and description taken together."""

from django.db import connection
from django.db.models import QuerySet

from . import words
from .models import Game

COLUMNS = ("id", "created_at", "price", "titled")
MOST = 1_000  # matches that are looked at
RELEVANCE = ("-titled", "-created_at", "-id")
# Ids that PostgreSQL's index of words is asked for at a time, the newest first in small stretches; the same in its migration.
NEAR, FAR = 4_096, 65_536
NEAR_ONES = 4  # at least
STRETCHES = f"""
    WITH newest AS (SELECT max(id) / {NEAR} AS near FROM listings_listing),
    border AS (SELECT near, (near - {NEAR_ONES - 1}) / {FAR // NEAR} AS far FROM newest)
    SELECT '#near' || n AS stretch FROM border, generate_series(near, far * {FAR // NEAR}, -1) n
    UNION ALL SELECT '#far' || n FROM border, generate_series(far - 1, 0, -1) n
"""  # noqa: S608


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

    Of words that stand in a list any one will do. In an order `titled` is whether the title has all words.
    """
    if connection.vendor == "postgresql":
        chosen, params = _by_stretches(listings, asked, game, in_title)
    else:
        chosen, params = _by_stems(listings, asked, in_title)
    ordering = ", ".join(f"{name.removeprefix('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in order)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ({chosen} LIMIT %s) chosen ORDER BY {ordering}", [*params, most])  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def _by_stretches(listings: QuerySet, asked: list, game: Game | None, in_title: bool) -> tuple[str, list]:
    """From the newest stretch of ids back, until enough are found.

    A common word is then found in the first stretches, and a rare one in few steps by the index alone. Left to itself the
    planner fetches every listing that has the word, or walks through those that don't have it.
    """
    # The words hold letters and digits alone, so nothing in them is an operator.
    query = _all(asked, "'{}'".format, " & ", " | ")
    where = ["terms @@ to_tsquery('pg_catalog.russian', %s)", "terms @@ stretch::tsquery"]
    params = [query]
    if in_title:
        where.append("heading @@ to_tsquery('pg_catalog.russian', %s)")
        params.append(query)
    if game:
        where.append("terms @@ %s::tsquery")
        params.append(f"#game{game.pk}")
    titled = {"titled": "heading @@ to_tsquery('pg_catalog.russian', %s)"}
    matched = listings.extra(where=where, params=params, select=titled, select_params=[query])  # noqa: S610
    hits, params = matched.order_by("-id").values_list(*COLUMNS).query.sql_with_params()
    return f"SELECT hit.* FROM ({STRETCHES}) back, LATERAL ({hits} OFFSET 0) hit", list(params)  # noqa: S608


def _by_stems(listings: QuerySet, asked: list, in_title: bool) -> tuple[str, list]:
    stems = _all(asked, lambda word: f'"{words.stem(word)}"', " AND ", " OR ")
    within = f"title : ({stems})"
    titled = {"titled": f"{words.TABLE}.rowid IN (SELECT rowid FROM {words.TABLE} WHERE {words.TABLE} MATCH %s)"}  # noqa: S608
    hits = listings.extra(  # noqa: S610
        tables=[words.TABLE],
        where=[f"{words.TABLE}.rowid = listings_listing.id", f"{words.TABLE} MATCH %s"],
        params=[within if in_title else stems],
        select=titled,
        select_params=[within],
        order_by=[f"-{words.TABLE}.rowid"],
    ).values_list(*COLUMNS)
    sql, params = hits.query.sql_with_params()
    return sql, list(params)


def _all(asked: list[str | list[str]], quoted, every: str, any_of: str) -> str:
    return every.join(f"({any_of.join(map(quoted, [word] if isinstance(word, str) else word))})" for word in asked)
