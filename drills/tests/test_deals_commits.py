"""What can't be taken back (a file deleted, a hint sent, a line in the log) waits for the commit."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from apps.accounts.models import Profile
from apps.listings import photos
from apps.listings.models import Listing
from apps.live import push
from apps.transactions import flow

pytestmark = pytest.mark.django_db


def stored(kind):
    return sorted(default_storage.listdir(kind)[1])


@pytest.fixture
def picture():
    return photos.store_image(Image.new("RGB", (64, 64)), "listings")


@pytest.mark.parametrize("change", [lambda listing: listing.delete(), lambda listing: listing.change(image="")])
def test_a_picture_of_a_listing(change, picture, listing, django_capture_on_commit_callbacks):
    Listing.objects.filter(pk=listing.pk).update(image=picture)
    listing.refresh_from_db()
    before = stored("listings")
    with django_capture_on_commit_callbacks(execute=True):
        change(listing)
        assert stored("listings") == before != []
    assert stored("listings") == []


def test_a_face(alice, client_of, django_capture_on_commit_callbacks):
    Profile.objects.filter(user=alice).update(avatar=photos.store_image(Image.new("RGB", (64, 64)), "avatars"))
    before = stored("avatars")
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(alice).post("/accounts/profile-edit/", {"avatar_clear": "on"}).status_code == 302
        assert stored("avatars") == before != []
    assert stored("avatars") == []


def test_a_ban_reaches_the_sockets(alice, monkeypatch, django_capture_on_commit_callbacks):
    hints = []
    monkeypatch.setattr(push, "offer", hints.append)
    with django_capture_on_commit_callbacks(execute=True):
        alice.is_active = False
        alice.save()
        assert hints == []
    assert [hint.recheck for hint in hints] == [[alice.pk]]


def test_the_log_tells_of_a_step_that_is_there(listing, bob, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("INFO", "lootlink.security"):
        with django_capture_on_commit_callbacks(execute=True):
            flow.create(listing.pk, bob)
            assert "step=create" not in caplog.text
        assert "step=create" in caplog.text
