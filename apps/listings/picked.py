"""Cards of listings that were picked by their ids."""

from apps.live.compiled import Compiled, Given

from . import cards
from .models import Listing

_CARDS = Compiled(lambda: cards.rows(Listing.objects.filter(pk__in=Given("ids", many=True))))


def in_order(ids: list[int]) -> list[cards.Card]:
    """As the ids are; without those that are gone by now. One query, or none."""
    found = {card.pk: card for card in cards.made(_CARDS.all(ids=ids))} if ids else {}
    return [found[pk] for pk in ids if pk in found]
