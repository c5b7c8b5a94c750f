"""A stage on the database of the running test, which no drill may stop."""

import pytest

from drills.stage import Stage
from tests.servers import temporary_folder
from tests.workers import database_url


@pytest.fixture
def stage(transactional_db, prepared):
    folder = temporary_folder()
    yield Stage(folder, database_url())
    folder.stop()
