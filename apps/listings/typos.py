"""What was probably meant by a word that no listing has; only where the database finds look-alikes (pg_trgm)."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import F, Func, QuerySet, Value

from .matching import matching
from .words import stem, words

SHORTEST = 4  # letters of the stem: shorter ones are all alike
LONGEST_QUERY = 6  # words
# Letters that have changed places leave few trigrams alike: the database only proposes, the distance decides.
ALIKE = 0.3
PROPOSED = 60  # titles


def corrected(listings: QuerySet, asked: list[str]) -> list[str]:
    """The same words with each unknown one replaced by the nearest of the titles; [] where that can't be done."""
    if len(asked) > LONGEST_QUERY or not _has_trigrams():
        return []
    meant = [word if matching(listings, [word]).exists() else _nearest(listings, word) for word in asked]
    return meant if all(meant) and meant != asked else []


def _nearest(listings: QuerySet, word: str) -> str:
    root = stem(word)
    if len(root) < SHORTEST or not root.isalpha():
        return ""
    title = Func(F("title"), Value("ёЁ"), Value("еЕ"), function="translate")
    alike = listings.annotate(alike=TrigramWordSimilarity(word, title)).filter(alike__gte=ALIKE).order_by("-alike")
    known = {each for title in alike.values_list("title", flat=True)[:PROPOSED] for each in words(title)}
    allowed = 1 if len(word) < 8 else 2
    # The stem of a misspelt word may be cut elsewhere than that of the right one.
    near = [
        (min(distance(root, stem(each)), distance(word, each)), each) for each in known if each[0] == word[0] and len(each) > 3
    ]
    return min((found for found in near if found[0] <= allowed), default=(0, ""))[1]


def distance(one: str, other: str) -> int:
    """How many letters were added, dropped, mistaken or swapped with their neighbour."""
    before, row = [], list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _has_trigrams() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        return cursor.fetchone()[0]
