"""Stored pictures that no row names: of uploads that broke off, or of rows erased while the storage was away."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from apps.accounts.models import Profile
from apps.listings import photos
from apps.listings.models import Listing
from apps.transactions.models import PurchaseRequest

NAMED_BY = ((Listing, "image"), (PurchaseRequest, "image"), (Profile, "avatar"))
YOUNG = timedelta(days=1)  # an upload stores its files before its row is written
SLICE = 1_000  # files


def delete() -> Iterator[int]:
    """Delete their files; yields how many were deleted, after each slice looked at."""
    # In this order: a name that is not there yet belongs to a young file.
    files = [f"{kind}/{file}" for kind in photos.SIZES for file in _files(kind)]
    named = _named()
    for start in range(0, len(files), SLICE):
        yield sum(_deleted(file) for file in files[start : start + SLICE] if file.rpartition("-")[0] not in named)


def _files(kind: str) -> list[str]:
    try:
        return default_storage.listdir(kind)[1]
    except FileNotFoundError:
        return []


def _named() -> set[str]:
    return {name for model, field in NAMED_BY for name in model.objects.values_list(field, flat=True).iterator()}


def _deleted(file: str) -> bool:
    try:
        if timezone.now() - default_storage.get_modified_time(file) < YOUNG:
            return False
    except FileNotFoundError:
        return False  # its seller was quicker
    default_storage.delete(file)
    return True
