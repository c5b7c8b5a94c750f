"""Traders and things to sell, for the drills of deals."""

from apps.accounts.models import CustomUser
from apps.listings.models import Game, Listing


def traders(*names: str) -> list[CustomUser]:
    return [CustomUser.objects.create_user(name, f"{name}@example.com") for name in names]


def offer(seller: CustomUser, title: str = "Меч рассвета", price: str = "100.00") -> Listing:
    game = Game.objects.get_or_create(slug="lineage-2", defaults={"name": "Lineage 2"})[0]
    return Listing.objects.create(seller=seller, game=game, title=title, description="Точился честно.", price=price)
