from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Hits

PAGE = "/accounts/my-sales/"


@pytest.fixture
def client(alice):
    client = Client()
    client.post("/accounts/login/", {"username": "alice", "password": "correct-horse-9"})
    return client


def days(n):
    return time_machine.travel(timezone.now() + timedelta(days=n), tick=False)


def test_a_session_ends_after_14_idle_days(client):
    with days(13.9):
        assert client.get(PAGE).status_code == 200
    other = Client()
    other.post("/accounts/login/", {"username": "alice", "password": "correct-horse-9"})
    with days(14.1):
        assert other.get(PAGE).status_code == 302


def test_a_session_in_use_lives_on_but_not_beyond_30_days(client):
    for n in (10, 20, 29.9):
        with days(n):
            assert client.get(PAGE).status_code == 200
    with days(30.1):
        assert client.get(PAGE).status_code == 302


def test_a_row_whose_time_is_over_is_dead(client):
    assert client.get(PAGE).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(PAGE).status_code == 302


def test_looking_around_writes_nothing_the_same_day(client):
    before = Session.objects.get().expire_date
    client.get(PAGE)
    assert Session.objects.get().expire_date == before


def test_ended_sessions_and_old_counts_are_pruned(client, alice):
    client.post("/accounts/login/", {"username": "alice", "password": "wrong-horse"})
    call_command("prune_sessions", stdout=StringIO())
    assert Session.objects.count() == 1
    assert Hits.objects.exists()
    with days(31):
        call_command("prune_sessions", stdout=StringIO())
    assert not Session.objects.exists()
    assert not Hits.objects.exists()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "messages", "another"])
@pytest.mark.parametrize("value", [r'"\000abcdefgh"', r'"\355\240\200abcdefgh"'])
def test_a_cookie_that_is_no_text_is_none(db, name, value):
    stranger = Client(raise_request_exception=False, headers={"cookie": f"{name}={value}"})
    assert [stranger.get(page).status_code for page in ("/", PAGE, "/accounts/login/")] == [200, 302, 200]
    assert stranger.post("/accounts/login/", {"username": "alice"}).status_code == 400
