"""A dependency that is away is 503 with a time to come back, wherever in the request it is missed; a fault is 500."""

import os
import socket

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from apps.accounts.store import SessionStore
from apps.listings import pace
from apps.listings.models import Game
from lootlink.context import FRAME


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def broken(error):
    def call(*args, **kwargs):
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("away"), 503), (InterfaceError("away"), 503), (RuntimeError("bug"), 500)]
)
def test_in_a_view(db, client, monkeypatch, error, status):
    assert client.get("/").status_code == 200
    monkeypatch.setattr(Game, "stocks", broken(error))
    answer = client.get("/")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (status == 503)
    assert "away" not in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(OperationalError("away"), 503), (RuntimeError("bug"), 500)])
def test_in_the_session(db, client, alice, monkeypatch, error, status):
    client.force_login(alice)
    monkeypatch.setattr(SessionStore, "load", broken(error))
    assert client.get("/").status_code == status


def test_a_database_that_is_cut_off_without_a_word_is_noticed(db):
    if connection.vendor != "postgresql":
        pytest.skip("there is no wire to a file")
    connection.ensure_connection()
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as wire:
        if wire.family == socket.AF_UNIX:
            pytest.skip("nor to a server on this machine")
        names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        assert [wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names] == [10, 5, 3, 15_000]
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_a_method_that_no_page_knows(client, method):
    assert client.generic(method, "/").status_code == 405


def test_a_logged_in_trader_who_searches_too_often_is_told_so(client, alice, settings):
    settings.RATES = {**settings.RATES, "search": (2, 60)}
    client.force_login(alice)
    pace.forget()
    answers = [client.get("/", {"search": "меч"}) for _ in range(3)]
    pace.forget()
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.parametrize("error", [OperationalError("away"), InterfaceError("away")])
def test_in_a_view_of_a_trader(client, alice, monkeypatch, error):
    client.force_login(alice)
    monkeypatch.setattr(Game, "stocks", broken(error))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/listing/999/", "/nowhere/"])
def test_a_page_that_is_not_there_is_one_snapshot_too(client, alice, monkeypatch, path):
    seen = []
    monkeypatch.setattr(FRAME, "first", lambda **user: seen.append(connection.in_atomic_block))
    client.force_login(alice)
    assert client.get(path).status_code == 404
    assert set(seen) == {True}
