"""The judge of the chat benchmarks can say no."""

import pytest

from bench.chat.ledger import Ledger

ALICE, BOB, CHARLIE = 1, 2, 3


def told(numbers, to=BOB, answered=3):
    """Alice sent three messages and has seen all of them; `to` was told `numbers`."""
    ledger = Ledger({ALICE: (ALICE, BOB)})
    for _ in range(3):
        ledger.see(ALICE, ALICE, ledger.send(ALICE))
    ledger.answered[ALICE] = answered
    for number in numbers:
        ledger.see(to, ALICE, number)
    return ledger.faults()


def test_all_of_them_once_and_in_order_is_no_fault():
    assert told([1, 2, 3]) == []


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ([1, 3], ["1 × lost"]),
        ([], ["3 × lost"]),
        ([1, 2, 2, 3], ["1 × doubled"]),
        ([1, 3, 2], ["1 × reordered"]),
        ([3, 2, 1], ["2 × reordered"]),
        ([1, 2, 3, 4], ["1 × never sent"]),
    ],
)
def test_a_broken_promise_is_noticed(numbers, faults):
    assert told(numbers) == faults


def test_a_stranger_who_is_told_is_noticed():
    assert "1 × a message of a talk that is not the reader's" in told([1], to=CHARLIE)


def test_an_answer_that_lacks_or_comes_twice_is_noticed():
    assert told([1, 2, 3], answered=2) == ["1 × unanswered"]
    assert told([1, 2, 3], answered=4) == ["1 × answered twice"]
