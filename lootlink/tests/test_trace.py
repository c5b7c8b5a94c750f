"""One id leads from the proxy over the page to every line that the request wrote."""

import json
import logging

import pytest
from django.db import OperationalError

from apps.listings.models import Game
from lootlink import trace
from lootlink.logs import Json

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines():
    """What a request writes into the log, as objects."""
    written = []
    handler = logging.Handler()
    handler.setFormatter(Json())
    handler.emit = lambda record: written.append(json.loads(handler.format(record)))
    for name in ("lootlink", "django"):
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in ("lootlink", "django"):
        logging.getLogger(name).removeHandler(handler)


def away(*args):
    raise OperationalError("away")


def test_a_proxy_that_is_trusted_gives_the_id(db, client, settings):
    settings.TRUST_PROXY = True
    assert client.get("/", headers={"X-Request-ID": GIVEN}).headers["X-Request-ID"] == GIVEN


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "line\nbreak-in-it", '"}{"x":"'])
def test_nothing_odd_is_taken_for_an_id(db, client, settings, given):
    settings.TRUST_PROXY = True
    assert len(client.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"]) == 32


def test_a_stranger_chooses_no_id(db, client):
    first, second = (client.get("/", headers={"X-Request-ID": GIVEN}).headers["X-Request-ID"] for _ in range(2))
    assert len({first, second, GIVEN}) == 3


def test_the_lines_of_a_request_have_its_id_and_user(client_of, alice, monkeypatch, lines):
    monkeypatch.setattr(Game, "stocks", away)
    answer = client_of(alice).get("/")
    assert answer.status_code == 503
    assert {(line["request"], line["user"]) for line in lines} == {(answer.headers["X-Request-ID"], alice.pk)}
    assert trace.current() is None


def test_what_django_says_of_an_answer_has_them_too(client_of, alice, lines):
    answer = client_of(alice).get("/nowhere/")
    (line,) = lines
    assert line["message"] == "Not Found: /nowhere/"
    assert (line["request"], line["user"]) == (answer.headers["X-Request-ID"], alice.pk)


async def test_a_socket_has_one_too(settings):
    settings.TRUST_PROXY = True
    seen = []

    async def application(scope, receive, send):
        seen.append(trace.current().id)

    await trace.socket(application)({"headers": [(b"x-request-id", GIVEN.encode())]}, None, None)
    await trace.socket(application)({"headers": []}, None, None)
    assert seen[0] == GIVEN
    assert len(seen[1]) == 32
    assert trace.current() is None
