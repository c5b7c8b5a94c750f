"""Matches on PostgreSQL: its index of words is asked for one stretch of ids after the other, from the newest back.

Left to itself the planner fetches every listing that has a common word, or walks through those that don't have a rare one.
"""

from django.db.models import QuerySet

from .models import Game

# Ids of a stretch; the same in the migration that marks them.
NEAR, FAR = 4_096, 65_536
IN_FAR = FAR // NEAR
# The near ones one, one, two, four at once and so on: few steps for a rare word, and for a common one little that is
# fetched beyond what was wanted.
BACK = f"""
    WITH newest AS (SELECT {{start}} / {NEAR} AS near),
    border AS (SELECT near, (near - {IN_FAR - 1}) / {IN_FAR} AS far FROM newest)
    (
        SELECT string_agg('#near' || n, '|') AS stretch FROM border, generate_series(near, far * {IN_FAR}, -1) n
        GROUP BY ceil(log(2, near - n + 1)) ORDER BY ceil(log(2, near - n + 1))
    )
    UNION ALL SELECT '#far' || n FROM border, generate_series(far - 1, 0, -1) n
"""  # noqa: S608
NEWEST = "(SELECT max(id) FROM listings_listing)"
QUERY = "to_tsquery('pg_catalog.russian', %s)"


def matched(
    listings: QuerySet, asked: list[str | list[str]], game: Game | None, in_title=False, before: int | None = None
) -> tuple[str, list]:
    """SQL of (id, created_at, price, titled), the newest first, as far as it is read. `titled`: the title has all words."""
    query = " & ".join(map(_any_of, asked))
    # The stretch comes first: the index goes on to the next match of what it is asked first, and that of several words may lie
    # any number of stretches back.
    where = ["terms @@ stretch::tsquery", f"{'heading' if in_title else 'terms'} @@ {QUERY}"]
    params = [query]
    if game:
        where.append("terms @@ %s::tsquery")
        params.append(f"#game{game.pk}")
    if before:
        listings = listings.filter(pk__lt=before)
    titled = {"titled": f"heading @@ {QUERY}"}
    hits = listings.extra(where=where, params=params, select=titled, select_params=[query])  # noqa: S610
    sql, params = hits.order_by("-id").values_list("id", "created_at", "price", "titled").query.sql_with_params()
    start = [before] if before else []
    back = BACK.format(start="%s" if before else NEWEST)
    return f"SELECT hit.* FROM ({back}) back, LATERAL ({sql} OFFSET 0) hit", [*start, *params]  # noqa: S608


def _any_of(word: str | list[str]) -> str:
    # Words hold letters and digits alone, so nothing in them is an operator.
    each = [word] if isinstance(word, str) else word
    return "({})".format(" | ".join(f"'{one}'" for one in each))
