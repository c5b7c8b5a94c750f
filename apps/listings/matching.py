"""Words that people search for → the listings that have all of them, in title and description taken together."""

from django.contrib.postgres.search import SearchQuery, SearchVectorField, TrigramWordSimilarity
from django.db import connection
from django.db.models import Case, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from . import words

# Below this two words only share a beginning: «магия» and «магма» have 0.50, «кермабит» and «керамбит» 0.56.
ALIKE = 0.55
SHORTEST_TYPO = 4  # letters


def matching(listings: QuerySet, asked: list[str]) -> QuerySet:
    """Of `listings` those with all words, in any form; `in_title` tells the ones that have them all in the title."""
    title, anywhere = _conditions(asked)
    return listings.filter(anywhere).annotate(in_title=Case(When(title, then=Value(1)), default=Value(0)))


def resembling(listings: QuerySet, asked: list[str]) -> QuerySet | None:
    """The same with typos forgiven in the title; None where the database can't."""
    if connection.vendor != "postgresql" or not _has_trigrams():
        return None
    title = Func(F("title"), Value("ёЁ"), Value("еЕ"), function="translate")
    listings = listings.annotate(document=_document(), in_title=Value(1))
    for place, word in enumerate(asked):
        found = Q(document=_query([word]))
        if len(word) >= SHORTEST_TYPO and word.isalpha():
            listings = listings.annotate(**{f"alike{place}": TrigramWordSimilarity(word, title)})
            found |= Q(**{f"alike{place}__gte": ALIKE})
        listings = listings.filter(found)
    return listings


def _conditions(asked: list[str]) -> tuple[Q, Q]:
    """In the title; in either."""
    if connection.vendor == "postgresql":
        # Fenced, or the planner walks the index of an explicit order in search of the matches.
        hits = "SELECT id FROM listings_listing WHERE document @@ to_tsquery('pg_catalog.russian', %s) OFFSET 0"
        queries = [_tsquery(asked, weight) for weight in (":A", "")]
    else:
        hits = f"SELECT rowid FROM {words.TABLE} WHERE {words.TABLE} MATCH %s"  # noqa: S608
        stems = " AND ".join(f'"{words.stem(word)}"' for word in asked)
        queries = [f"{{title}} : ({stems})", stems]
    return tuple(Q(pk__in=RawSQL(hits, [query])) for query in queries)  # noqa: S611


def _tsquery(asked: list[str], weight: str = "") -> str:
    return " & ".join(f"'{word}'{weight}" for word in asked)


def _query(asked: list[str]) -> SearchQuery:
    return SearchQuery(_tsquery(asked), config="pg_catalog.russian", search_type="raw")


def _document() -> RawSQL:
    return RawSQL("listings_listing.document", [], output_field=SearchVectorField())


def _has_trigrams() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        return cursor.fetchone()[0]
