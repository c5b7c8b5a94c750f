"""Workers killed and drained under load, and tabs that say things twice."""

import pytest

from drills.faults import f6, f7
from drills.refs import f12
from drills.row import Scale

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("run", [f6, f7, f12], ids=["killed", "drained", "said twice"])
def test_it_holds(stage, run):
    outcome = run(stage, Scale(quick=True, controls=False))
    assert outcome.held, outcome.figure
