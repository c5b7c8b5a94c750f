import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.chat import pace
from apps.chat.models import Conversation


@pytest.fixture(autouse=True)
def _fresh_pace(monkeypatch, settings):
    """What one test wrote does not slow down the next."""
    monkeypatch.setattr(pace, "messages", pace.Pace(settings.MESSAGE_RATE, settings.MESSAGE_BURST))


@pytest.fixture
def talk(listing, alice, bob):
    """Bob's with Alice about her listing; nothing said yet."""
    return Conversation.between(listing, alice.pk, bob.pk)


@pytest.fixture
def queries_of():
    def count(act):
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return count
