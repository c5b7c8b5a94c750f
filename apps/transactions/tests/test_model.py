"""The site against a model of it in plain Python (drills/deals/trader_machine.py)."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from apps.transactions import invariants
from drills.deals.trader_machine import Trading

pytestmark = pytest.mark.django_db

RUNS, STEPS = 12, 25


def test_the_site_agrees_with_the_model():
    Trading.meet()
    run_state_machine_as_test(
        Trading,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Trading.runs >= RUNS
    assert list(invariants.violations()) == []
