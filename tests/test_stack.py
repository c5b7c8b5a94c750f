"""nginx before two workers, as operators have it: what it adds and takes away."""

import pytest

from drills.row import Scale
from stack.edges import edges
from stack.topology import Topology
from tests.servers import temporary_folder
from tests.workers import database_url

pytestmark = pytest.mark.cluster


@pytest.fixture
def stage(transactional_db, prepared):
    folder = temporary_folder()
    yield Topology(folder, database_url(), None)
    folder.stop()


def test_nginx_does_what_it_should(stage):
    outcome = edges(stage, Scale(quick=True))
    assert outcome.held, outcome.figure
