"""The drills of deals, shortened; what apps/transactions/tests/test_races.py and test_model.py don't do already."""

import pytest

from apps.transactions import invariants
from drills.deals import embedded, worlds
from drills.deals.hands import hands
from drills.deals.stall import traders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_often_as_we_like(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def people():
    return traders(*(f"trader{each}" for each in range(embedded.WRITERS * 2)))


def test_writers_and_deals_on_one_file(people):
    with hands(embedded.WRITERS * 2 + 1) as all_of_them:
        found = embedded.write(all_of_them, people, 25, 25, seed=3)
    assert (found.errors, found.met, found.lost, found.doubled, found.out_of_order) == ({}, {}, 0, 0, 0)
    assert list(invariants.violations()) == []


def test_every_small_world_is_as_it_must_be(people):
    walk = worlds.breadth_first(people[:3], 1)
    assert walk.wrong == []
    assert len(walk.paths) == 28


@pytest.mark.cluster
def test_pairs_of_actions_statement_by_statement(people):
    paths = [("ask b",), ("ask b", "ask c"), ("ask b", "ask c", "accept 0")]
    walk = worlds.Walk(dict(enumerate(paths)), 0, [])
    found = worlds.step_through(people[:3], worlds.meetings(people[:3], 2, walk, seed=3), 4)
    assert found.wrong == []
    assert found.waited > 0
