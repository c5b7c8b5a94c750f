"""Alice sells, Bob buys, Charlie is a stranger."""

import pytest
from django.contrib.auth import get_user_model
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client

from apps.listings.models import Game, Listing

PASSWORD = "correct-horse-9"


@pytest.fixture(autouse=True)
def _quick(settings, tmp_path):
    """Nothing is collected, hashed slowly, or written beside the working copy."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # Else every client looks through the folder of collected files, which a worker of the tests may be filling.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.MEDIA_ROOT = tmp_path


def _trader(name):
    return get_user_model().objects.create_user(name, f"{name}@example.com", PASSWORD)


@pytest.fixture
def alice(db):
    return _trader("alice")


@pytest.fixture
def bob(db):
    return _trader("bob")


@pytest.fixture
def charlie(db):
    return _trader("charlie")


@pytest.fixture
def game(db):
    return Game.objects.create(name="Lineage 2", slug="lineage-2")


@pytest.fixture
def listing(alice, game):
    """Alice's, active."""
    return Listing.objects.create(seller=alice, game=game, title="Меч рассвета", description="Точился честно.", price="12490.00")


@pytest.fixture
def client_of():
    def logged_in(user):
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture(scope="session", autouse=True)
def _history_can_be_emptied():
    """SQLite empties tables between tests by DELETE, which the triggers of append-only tables refuse; TRUNCATE they don't see."""
    flush = DatabaseOperations.sql_flush

    def without_triggers(operations, style, tables, **options):
        statements = flush(operations, style, tables, **options)
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
            triggers = cursor.fetchall()
        return [*(f"DROP TRIGGER {name}" for name, _sql in triggers), *statements, *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", without_triggers)
        yield
