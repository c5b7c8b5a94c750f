"""Words that people search for → the listings that have all of them, in title and description taken together."""

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from . import words


def matching(listings: QuerySet, asked: list[str]) -> QuerySet:
    """Of `listings` those with all words, in any form; `in_title` tells the ones that have them all in the title."""
    title, anywhere = _conditions(asked)
    return listings.filter(anywhere).annotate(in_title=Case(When(title, then=Value(1)), default=Value(0)))


def _conditions(asked: list[str]) -> tuple[Q, Q]:
    """In the title; in either. The words hold letters and digits alone, so nothing in them is an operator."""
    if connection.vendor == "postgresql":
        # Fenced, or the planner walks the index of an explicit order in search of the matches.
        hits = "SELECT id FROM listings_listing WHERE document @@ to_tsquery('pg_catalog.russian', %s) OFFSET 0"
        queries = [" & ".join(f"'{word}'{weight}" for word in asked) for weight in (":A", "")]
    else:
        hits = f"SELECT rowid FROM {words.TABLE} WHERE {words.TABLE} MATCH %s"  # noqa: S608
        stems = " AND ".join(f'"{words.stem(word)}"' for word in asked)
        queries = [f"{{title}} : ({stems})", stems]
    return tuple(Q(pk__in=RawSQL(hits, [query])) for query in queries)  # noqa: S611
