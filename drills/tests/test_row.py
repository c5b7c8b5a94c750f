"""How a drill's end is told: only what was seen to hold, and could have failed, has held."""

import pytest

from drills.__main__ import run
from drills.row import Drill, NotRun, Outcome, Scale


def row_of(call, seconds=5):
    return run(Drill("X1", "Nothing much", "none", call, seconds), None, Scale())


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome("0/0/0", True), "held"),
        (Outcome("0/0/0", True, control="off", control_failed=True), "held"),
        (Outcome("1/0/0", False), "NOT HELD"),
        (Outcome("1/0/0", False, control="off", control_failed=True), "NOT HELD"),
        (Outcome("0/0/0", True, control="off", control_failed=False), "CONTROL HELD"),
    ],
)
def test_the_word_for_an_outcome(outcome, result):
    row = row_of(lambda stage, scale: outcome)
    assert (row.result, row.failed) == (result, result != "held")


def test_what_this_machine_cannot_run_has_not_held():
    def call(stage, scale):
        raise NotRun("no disk")

    row = row_of(call)
    assert (row.result, row.figure, row.failed) == ("not run", "no disk", False)


def test_a_drill_that_breaks_has_not_held():
    row = row_of(lambda stage, scale: 1 / 0)
    assert row.result == "NOT HELD"
    assert "ZeroDivisionError" in row.figure


def test_a_drill_has_an_end():
    def call(stage, scale):
        while True:
            pass

    row = row_of(call, seconds=1)
    assert (row.result, row.figure) == ("NOT HELD", "not done within 1 s")
