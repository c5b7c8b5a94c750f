"""Redis killed under load, and what would be lost without the healing."""

import pytest

from drills.redis_faults import f2
from drills.row import Scale

pytestmark = pytest.mark.cluster


def test_a_killed_redis_costs_nothing_and_would_without_the_healing(stage):
    outcome = f2(stage, Scale(quick=True))
    assert outcome.held, outcome.figure
    assert outcome.control_failed, outcome.control
