"""Whether a worker may be given requests: not without the database, not without its tables, not while it drains."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from consumers.hub import hub
from lootlink import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew():
    health.check_tables.cache_clear()
    yield
    health.check_tables.cache_clear()


def ready(client):
    answer = client.get("/health/ready/")
    return answer.status_code, answer.json()


def test_all_is_well(client, django_assert_num_queries):
    assert ready(client) == (200, {"status": "ok"})
    with django_assert_num_queries(1):
        assert ready(client) == (200, {"status": "ok"})


def test_redis_away_is_degraded_and_still_served(client, monkeypatch):
    monkeypatch.setattr(type(hub), "layer_well", False)
    assert ready(client) == (200, {"status": "degraded"})


def test_tables_that_lack_are_waited_for(client):
    (newest,) = MigrationLoader(None).graph.leaf_nodes("transactions")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert ready(client) == (503, {"status": "degraded"})
    MigrationRecorder(connection).record_applied(*newest)
    assert ready(client) == (200, {"status": "ok"})


def test_tables_of_a_newer_release_do_no_harm(client):
    MigrationRecorder(connection).record_applied("transactions", "9999_of_the_next_release")
    assert ready(client) == (200, {"status": "ok"})


def test_without_the_database(client, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)
    assert ready(client) == (503, {"status": "degraded"})
    assert client.get("/health/live/").json() == {"status": "ok"}


def test_a_worker_that_drains_says_so(client, monkeypatch):
    monkeypatch.setattr(hub, "draining", True)
    assert ready(client) == (503, {"status": "draining"})
    assert client.get("/health/live/").json() == {"status": "ok"}
