"""Matches on SQLite: its table of stems, read from the newest listing back."""

from django.db.models import QuerySet

from . import words


def matched(listings: QuerySet, asked: list[str | list[str]], in_title=False, but_not_in_title=False) -> tuple[str, list]:
    """SQL of (id, created_at, price), the newest first, as far as it is read."""
    within, anywhere = (" AND ".join(_any_of(word, mark) for word in asked) for mark in (words.HEADING, ""))
    stems = within if in_title else f"({anywhere}) NOT ({within})" if but_not_in_title else anywhere
    hits = listings.extra(  # noqa: S610
        tables=[words.TABLE],
        where=[f"{words.TABLE}.rowid = listings_listing.id", f"{words.TABLE} MATCH %s"],
        params=[stems],
        order_by=[f"-{words.TABLE}.rowid"],
    )
    sql, params = hits.values_list("id", "created_at", "price").query.sql_with_params()
    return sql, list(params)


def _any_of(word: str | list[str], mark: str) -> str:
    each = [word] if isinstance(word, str) else word
    return "({})".format(" OR ".join(f'"{mark}{words.stem(one)}"' for one in each))
