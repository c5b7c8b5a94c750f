"""Putting a thing on sale."""

from django.conf import settings
from django.db import transaction
from PIL.Image import Image

from apps.accounts import limits
from apps.accounts.models import CustomUser, Profile

from . import photos
from .models import Listing

PAUSE = 60 * 60  # seconds, until somebody with too many listings on sale may look again


def offer(seller: CustomUser, picture: Image, **fields) -> Listing:
    """The file first, then the row. Raises ValidationError when the picture can't be stored, limits.TooMany."""
    check_room(seller)
    with photos.kept(picture, "listings") as image, transaction.atomic():
        _in_turn(seller)
        check_room(seller)
        limits.count("listing", str(seller.pk))
        return Listing.objects.create(seller=seller, image=image, **fields)


def check_room(seller: CustomUser) -> None:
    """Raises limits.TooMany when this seller may put nothing more on sale now."""
    limits.rows("listing", Listing.objects.filter(seller=seller))
    limits.check("listing", str(seller.pk))  # those that were erased again too
    _check_shelf(seller)


def check_return(seller: CustomUser) -> None:
    """Raises limits.TooMany when this seller may set no listing to active again. Inside that change; locks the profile."""
    _in_turn(seller)
    _check_shelf(seller)


def _in_turn(seller: CustomUser) -> None:
    """Of several at the same moment only as many as are allowed pass."""
    Profile.objects.select_for_update(no_key=True).get(user=seller)


def _check_shelf(seller: CustomUser) -> None:
    if Listing.objects.on_sale().filter(seller=seller).count() >= settings.ACTIVE_LISTINGS:
        raise limits.TooMany(PAUSE)
