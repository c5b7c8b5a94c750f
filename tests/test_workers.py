"""Real workers on one database: a stop is a goodbye, and the others go on."""

import json
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from apps.chat.models import Conversation

TIMEOUT = 20  # seconds


@contextmanager
def tab(worker, client):
    """A socket of this logged-in client on that worker, its hello read."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    with connect(f"ws://{urlsplit(worker.url).netloc}/ws/", origin=worker.url, additional_headers=headers) as socket:
        assert json.loads(socket.recv(timeout=TIMEOUT))["type"] == "hello"
        yield socket


def until(socket, kind):
    while True:
        frame = json.loads(socket.recv(timeout=TIMEOUT))
        if frame["type"] == kind:
            return frame


def say(socket, conversation, content):
    socket.send(
        json.dumps({"type": "message.send", "ref": str(uuid.uuid4()), "conversation": conversation.pk, "content": content})
    )
    return until(socket, "ok")


@pytest.fixture
def talk(transactional_db, alice, bob, listing):
    return Conversation.between(listing, alice.pk, bob.pk)


@pytest.mark.cluster
def test_a_worker_that_stops_says_goodbye_and_the_other_goes_on(two_workers, talk, alice, bob, client_of):
    one, other = two_workers
    with tab(one, client_of(bob)) as leaving, tab(other, client_of(bob)) as writing, tab(other, client_of(alice)) as reading:
        one.stop()
        assert until(leaving, "bye")["code"] == 4012
        with pytest.raises(ConnectionClosed) as end:
            leaving.recv(timeout=TIMEOUT)
        assert end.value.rcvd.code == 4012
        say(writing, talk, "Беру")
        assert until(reading, "message.new")["message"]["content"] == "Беру"
        one.start()
        with tab(one, client_of(alice)) as returned:
            say(writing, talk, "Где встретимся?")
            assert until(returned, "message.new")["message"]["content"] == "Где встретимся?"


def test_one_worker_feeds_its_own_tabs(one_worker, talk, alice, bob, client_of):
    with tab(one_worker, client_of(bob)) as writing, tab(one_worker, client_of(alice)) as reading:
        say(writing, talk, "Привет")
        assert until(reading, "message.new")["message"]["content"] == "Привет"
