import time
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db.models.functions import Now
from django.test import RequestFactory

from apps.accounts import limits
from apps.accounts.attempts import Attempt
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


def test_who_of_a_crowd_is_refused_counts_for_nothing(monkeypatch):
    monkeypatch.setattr(limits, "check", lambda rate, who: 0)  # all have looked before any of them was counted
    for _ in range(3):
        limits.take("reset", "alice")
    for _ in range(3):
        refused(limits.take, "reset", "alice")
    assert limits.used("reset", "alice") == 3
    refused(limits.take, "search", "alice", settings.RATES["search"][0] + 1)
    assert limits.used("search", "alice") == settings.RATES["search"][0]


def test_looking_does_not_count():
    for _ in range(5):
        limits.check("reset", "alice")
    for _ in range(3):
        limits.count("reset", "alice")
    refused(limits.check, "reset", "alice")


def test_what_is_forgiven_may_be_done_again():
    hits = [limits.take("reset", "alice") for _ in range(3)]
    limits.forgive(hits[0])
    limits.take("reset", "alice")
    refused(limits.take, "reset", "alice")


def test_a_hit_is_forgiven_in_its_own_second_and_never_below_nought():
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        first = limits.take("reset", "alice")
        clock.shift(10)
        limits.take("reset", "alice")
        for _ in range(3):
            limits.forgive(first)
        assert limits.used("reset", "alice") == 1


@pytest.mark.parametrize("rate", ["login.account", "login.address", "register", "reset"])
def test_in_no_stretch_of_its_time_pass_more_than_allowed(rate):
    """Wherever it begins: knocking every few seconds over the ends of hours and quarters."""
    allowed, seconds = settings.RATES[rate]
    passed = []
    with time_machine.travel("2026-01-01T12:59:40Z", tick=False) as clock:
        for _ in range(60):
            with suppress(limits.TooMany):
                limits.take(rate, "alice")
                passed.append(time.time())
            clock.shift(seconds // 25 + 1)
    assert len(passed) >= 2 * allowed, "who is refused goes on knocking, and still gets in again"
    assert all(later - earlier >= seconds for earlier, later in zip(passed, passed[allowed:], strict=False))


def test_the_time_that_is_told_is_enough_and_never_longer_than_the_rates():
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        for _ in range(3):
            limits.take("reset", "alice")
            clock.shift(100)
        wait = refused(limits.take, "reset", "alice")
        assert wait == 3300
        clock.shift(wait - 1)
        assert refused(limits.take, "reset", "alice") == 1
        clock.shift(1)
        limits.take("reset", "alice")
        assert refused(limits.take, "reset", "alice") == 100


def test_a_refusal_costs_the_database_two_queries(django_assert_num_queries):
    for _ in range(3):
        limits.take("reset", "alice")
    with django_assert_num_queries(2):
        refused(limits.take, "reset", "alice")
    with django_assert_num_queries(3):
        limits.take("reset", "bob")


def test_an_address_that_is_refused_uses_up_no_accounts_tries():
    for n in range(settings.RATES["login.address"][0]):
        Attempt(f"other-{n}", "192.0.2.1")
    for _ in range(settings.RATES["login.account"][0]):
        refused(Attempt, "victim", "192.0.2.1")
    assert limits.used("login.account", "victim|192.0.2.1") == limits.used("login.everywhere", "victim") == 0
    assert limits.used("login.address", "192.0.2.1") == settings.RATES["login.address"][0]


def test_what_is_too_old_to_count_is_pruned():
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        limits.take("reset", "alice")
        clock.shift(3600)
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
    assert of(REMOTE_ADDR="::ffff:10.0.0.7") == "10.0.0.7"
    settings.TRUST_PROXY = True
    assert of(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR="6.6.6.6, 7.7.7.7") == "7.7.7.7"
    assert of(REMOTE_ADDR="10.0.0.7") == "10.0.0.7"
    assert of(HTTP_X_FORWARDED_FOR="nonsense") == "nonsense"
