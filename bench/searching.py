"""`python -m bench.searching ours|ilike 9`: how long each search takes in the database of DATABASE_URL; the last line is JSON."""

import json
import statistics
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402

from apps.listings import search, suggest, words  # noqa: E402
from apps.listings.models import Listing  # noqa: E402
from drills.odd_requests import SEARCHES  # noqa: E402

from .search import KEYS, QUERIES  # noqa: E402


def ours(query: str, sort: str) -> int:
    return search.find({"search": query, "sort": sort}).total


def ilike(query: str, sort: str) -> int:
    """As the plain page has it: all words in any of the two columns, counted, and the newest page of them."""
    found = Listing.objects.filter(status="active")
    for word in query.split():
        found = found.filter(Q(title__icontains=word) | Q(description__icontains=word))
    len(found.select_related("seller__profile", "game").order_by(sort or "-created_at")[:24])
    return found.count()


def rare() -> str:
    """The last word of a title is a name of the long tail. This one 1,291 listings of a million have, or 163 of 100,000."""
    title = Listing.objects.filter(pk__gt=Listing.objects.latest("pk").pk // 2).earliest("pk").title
    return words.words(title)[-1]


def times(call, repeats: int) -> tuple[float, int]:
    """The median in ms, and what the call found."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        found = call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), found


def main() -> None:
    how, repeats = {"ours": ours, "ilike": ilike}[sys.argv[1]], int(sys.argv[2])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
    name, figures, faults = rare(), {}, []
    for label, (query, sort) in QUERIES.items():
        figures[f"{label} ms"], found = times(lambda query=query, sort=sort: how(query.format(rare=name), sort), repeats)
        if how is ours and bool(found) == (label == "nothing"):
            faults.append(f"«{query}» found {found} listings")
    figures["worst ms"] = max(figures.values())
    if how is ours:
        figures["odd ms"] = max(times(lambda asked=asked: how(asked, "price"), 1)[0] for asked in SEARCHES)
        figures["key ms"] = max(times(lambda key=key: suggest.for_beginning(key), repeats)[0] for key in KEYS)
    print(json.dumps({"figures": figures, "faults": faults}))


if __name__ == "__main__":
    main()
