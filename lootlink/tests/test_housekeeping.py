"""What nobody can ask for any more goes, and nothing else; twice is once."""

import os
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from apps.accounts.models import Profile
from apps.listings import photos
from apps.listings.models import Listing
from apps.live import feed
from apps.live.models import Event
from apps.transactions import flow
from lootlink import orphans

DAY = 24 * 60 * 60


def stored(kind="listings", days=2):
    """The name of a picture that was stored so long ago."""
    name = photos.store_image(Image.new("RGB", (64, 64)), kind)
    for size in photos.sizes(kind):
        os.utime(default_storage.path(f"{name}-{size}.webp"), (time.time() - days * DAY,) * 2)
    return name


def there(name):
    sizes = photos.sizes(name.partition("/")[0])
    return {default_storage.exists(f"{name}-{size}.webp") for size in sizes} == {True}


def kept():
    said = StringIO()
    call_command("housekeeping", stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_pictures_that_nothing_names_go(listing, alice, bob):
    asked, shown, avatar = stored(), stored(), stored("avatars")
    Listing.objects.filter(pk=listing.pk).update(image=asked)
    flow.create(listing.pk, bob, "")
    Listing.objects.filter(pk=listing.pk).update(image=shown)
    Profile.objects.filter(user=alice).update(avatar=avatar)
    orphan, lonely, young = stored(), stored("avatars"), stored(days=0)
    default_storage.save("elsewhere/report.txt", ContentFile(b"not ours"))
    assert "Done: 5 files" in kept()
    assert [there(name) for name in (asked, shown, avatar, young)] == [True] * 4
    assert not default_storage.exists(f"{orphan}-card.webp")
    assert not default_storage.exists(f"{lonely}-small.webp")
    assert default_storage.exists("elsewhere/report.txt")
    assert "Done: 0 files" in kept()


def test_a_picture_that_is_replaced_meanwhile_stops_nothing(db, monkeypatch):
    monkeypatch.setattr(orphans, "SLICE", 1)
    name = stored("avatars")
    slices = orphans.delete()
    assert next(slices) == 1
    photos.delete(name)
    assert list(slices) == [0]


@pytest.mark.django_db(transaction=True)
def test_old_events_and_ended_sessions_go(alice, client_of):
    client_of(alice)
    for _ in range(3):
        with feed.change():
            feed.record("notification.read", to=[alice.pk], data={"upto": 1})
    Event.objects.filter(seq__lt=3).update(created_at=timezone.now() - timedelta(days=31))
    Session.objects.create(session_key="ended", session_data="", expire_date=timezone.now() - timedelta(days=1))
    for _turn in range(2):
        kept()
        assert list(Event.objects.values_list("seq", flat=True)) == [3]
        assert Session.objects.filter(session_key="ended").exists() is False
        assert Session.objects.count() == 1


def test_every_field_that_names_a_picture_is_known():
    """Another one would lose its pictures after a day."""
    fields = [(model, field.name) for model in apps.get_models() for field in model._meta.get_fields()]
    assert {(model, name) for model, name in fields if name in {"image", "avatar", "photo", "picture"}} == set(orphans.NAMED_BY)


def test_nothing_stored_is_nothing_to_do(db):
    assert "Done: 0 files" in kept()
