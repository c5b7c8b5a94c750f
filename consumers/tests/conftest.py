"""One worker of the test's own loop, and tabs that are closed at its end."""

import contextlib
import signal

import pytest

from apps.chat import pace
from apps.chat.models import Conversation
from consumers.hub import Hub
from tests.servers import Redis, temporary_folder

from .tab import Tab, session_of


@pytest.fixture
def quick_tick(settings):
    settings.TICK = settings.TICK_WITHOUT_REDIS = 0.3


@pytest.fixture
async def hub(transactional_db):
    pace.messages.forget()
    hub = Hub()
    hub.start()
    yield hub
    await hub.stop()


@pytest.fixture
def redis():
    """One of the test's own, which it may stop."""
    folder = temporary_folder()
    server = Redis(folder)
    server.start()
    yield server
    with contextlib.suppress(ProcessLookupError):
        server.process.send_signal(signal.SIGCONT)
    server.stop()
    folder.stop()


@pytest.fixture
def sessions(alice, bob, charlie):
    """Made before the loop runs: a session is written by synchronous code."""
    return {user.pk: session_of(user) for user in (alice, bob, charlie)}


@pytest.fixture
async def open_tab(hub, sessions):
    tabs = []

    async def opened(user, after=None, at=None, **handshake):
        tab = Tab(at or hub, sessions[user.pk] if user else "", after, **handshake)
        tabs.append(tab)
        assert await tab.open()
        if user:
            await tab.until("hello")
        return tab

    yield opened
    for tab in tabs:
        await tab.close()


@pytest.fixture
def talk(listing, alice, bob):
    return Conversation.between(listing, bob.pk, alice.pk)
