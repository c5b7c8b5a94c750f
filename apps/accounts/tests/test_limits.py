from datetime import timedelta

import pytest
import time_machine
from django.db.models.functions import Now
from django.test import RequestFactory

from apps.accounts import limits
from apps.accounts.models import Hits
from apps.listings.models import Listing

pytestmark = pytest.mark.django_db


def refused(call, *args):
    with pytest.raises(limits.TooMany) as refusal:
        call(*args)
    return refusal.value.retry_after


def test_as_many_as_allowed_may_pass():
    for _ in range(3):
        limits.take("reset", "alice")
    assert 0 < refused(limits.take, "reset", "alice") <= 3600
    limits.take("reset", "bob")


def test_looking_does_not_count():
    for _ in range(5):
        limits.check("reset", "alice")
    for _ in range(3):
        limits.count("reset", "alice")
    refused(limits.check, "reset", "alice")


def test_what_is_forgiven_may_be_done_again():
    for _ in range(3):
        limits.take("reset", "alice")
    limits.forgive("reset", "alice")
    limits.take("reset", "alice")
    refused(limits.take, "reset", "alice")


def test_nothing_is_forgiven_that_was_not_counted():
    limits.forgive("reset", "alice")
    assert limits.used("reset", "alice") == 0


def test_a_new_window_begins_at_nought():
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        for _ in range(3):
            limits.take("reset", "alice")
        assert refused(limits.take, "reset", "alice") == 3600
    with time_machine.travel("2026-01-01T13:00:00Z", tick=False):
        limits.take("reset", "alice")
        assert limits.prune() == 1
        assert Hits.objects.count() == 1


def test_switched_off(settings):
    settings.RATE_LIMITS = False
    for _ in range(9):
        limits.take("reset", "alice")
        limits.check("reset", "alice")
    assert not Hits.objects.exists()


def test_rows_are_counted_by_their_age(alice, game):
    for n in range(10):
        limits.rows("listing", alice.listings)
        Listing.objects.create(seller=alice, game=game, title=f"Меч {n}", description="Острый.", price=1)
    assert 3590 <= refused(limits.rows, "listing", alice.listings) <= 3601
    oldest = alice.listings.earliest("pk")
    Listing.objects.filter(pk=oldest.pk).update(created_at=Now() - timedelta(minutes=50))
    assert 590 <= refused(limits.rows, "listing", alice.listings) <= 601
    Listing.objects.filter(pk=oldest.pk).update(created_at=Now() - timedelta(minutes=61))
    limits.rows("listing", alice.listings)


def test_addresses(settings):
    def of(**meta):
        return limits.address(RequestFactory().get("/", **meta))

    assert of(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR="6.6.6.6") == "10.0.0.7"
    assert of(REMOTE_ADDR="2001:db8:1:2:3::4") == of(REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert of(REMOTE_ADDR="2001:db8:1:2::4") != of(REMOTE_ADDR="2001:db8:1:3::4")
    settings.TRUST_PROXY = True
    assert of(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR="6.6.6.6, 7.7.7.7") == "7.7.7.7"
    assert of(REMOTE_ADDR="10.0.0.7") == "10.0.0.7"
    assert of(HTTP_X_FORWARDED_FOR="nonsense") == "nonsense"
