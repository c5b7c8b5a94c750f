from datetime import timedelta

import pytest
from django.db.models.functions import Now

from apps.accounts import presence
from apps.accounts.models import Presence

pytestmark = pytest.mark.django_db


def test_whoever_was_touched_is_online(alice, bob):
    presence.touch([alice.pk])
    seen = presence.of([alice.pk, bob.pk])
    assert seen[alice.pk].online
    assert seen[alice.pk].last_seen is not None
    assert seen[bob.pk] == (False, None)


def test_silence_means_gone(alice):
    presence.touch([alice.pk])
    Presence.objects.update(seen_at=Now() - timedelta(seconds=41))
    assert not presence.of([alice.pk])[alice.pk].online
    presence.touch([alice.pk])
    assert presence.of([alice.pk])[alice.pk].online


def test_one_statement_for_all(alice, bob, charlie, django_assert_num_queries):
    everybody = [charlie.pk, alice.pk, bob.pk]
    presence.touch(everybody)
    with django_assert_num_queries(1):
        presence.touch([*everybody, alice.pk])
    with django_assert_num_queries(1):
        assert all(seen.online for seen in presence.of(everybody).values())


def test_nobody_is_no_trouble(db):
    presence.touch([])
    assert presence.of([]) == {}
