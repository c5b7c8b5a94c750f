"""Two workers that share a database and a Redis that isn't there, and a browser."""

import pytest
from django.conf import settings

from tests.browser.conftest import chromium

__all__ = ["chromium", "two_without_redis"]


@pytest.fixture(scope="session")
def _two_without_redis(start_workers):
    return start_workers(2, REDIS_URL="redis://127.0.0.1:1/0")


@pytest.fixture
def two_without_redis(transactional_db, _two_without_redis):
    """Their addresses, one after the other for ever; mark the test `cluster`."""

    def turns():
        while True:
            yield from (worker.url for worker in _two_without_redis)

    return turns()


@pytest.fixture
def cookie_of(client_of):
    """The cookie of a new session of this trader."""
    return lambda user: f"{settings.SESSION_COOKIE_NAME}={client_of(user).cookies[settings.SESSION_COOKIE_NAME].value}"
