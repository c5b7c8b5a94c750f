"""The words of all titles there have been: what a beginning may become, and what a misspelt word may have been."""

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length

from .models import Word


def beginning_with(start: str, most: int) -> list[str]:
    """The shortest first: of one root they are the nearest to what was typed."""
    found = Word.objects.filter(_from(start)).order_by(Length("text"), "text")
    return list(found.values_list("text", flat=True)[:most])


def of_length(word: str, apart: int) -> list[str]:
    """Those with the first letter of `word` that are at most so many letters longer or shorter."""
    lengths = (len(word) - apart, len(word) + apart)
    found = Word.objects.filter(_from(word[0])).annotate(letters=Length("text")).filter(letters__range=lengths)
    return list(found.values_list("text", flat=True))


def _from(start: str) -> Q:
    # SQLite's LIKE knows no index; PostgreSQL's order of letters depends on its locale, and its LIKE has an index of its own.
    if connection.vendor == "sqlite":
        return Q(text__gte=start, text__lt=start + chr(0x10FFFF))
    return Q(text__startswith=start)
