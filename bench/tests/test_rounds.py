"""The bench judges round by round, and no finer than the machine is quiet."""

import pytest

from bench.part import Contender, Measured, Target, Trial
from bench.rounds import AGAIN, ALLOWED, MISSED, NOISY, REACHED, UNJUDGED, Results, run

TWICE_AS_FAST = Target("speed ÷ peer", "speed", "ours", aim=2.0, least=1.6, over="peer")
SMALL = Target("size", "size", "ours", aim=32, more=False)


def results(ours, peer, again=None, target=TWICE_AS_FAST):
    """What rounds with these figures say."""
    found = Results(Trial([], [target], twice="ours"))
    for one, two, three in zip(ours, peer, again or ours, strict=True):
        named = {"ours": one, "peer": two, "ours" + AGAIN: three}
        found.rounds.append({name: Measured({target.figure: value}) for name, value in named.items()})
    return found


@pytest.mark.parametrize(
    ("ours", "again", "verdict"),
    [
        (2.5, 2.5, REACHED),
        (1.8, 1.8, ALLOWED),
        (1.2, 1.2, MISSED),
        (2.1, 2.6, ALLOWED),
        (2.1, 2.9, NOISY),
        (1.5, 2.0, NOISY),
        (9.0, 12.0, REACHED),
        (0.1, 0.2, MISSED),
    ],
)
def test_a_margin_counts_when_it_is_wider_than_the_noise(ours, again, verdict):
    assert results([ours] * 3, [1] * 3, [again] * 3).verdict(TWICE_AS_FAST) == verdict


def test_less_is_better_where_it_is_said():
    for size, verdict in ((20, REACHED), (40, MISSED)):
        assert results([size], [1], target=SMALL).verdict(SMALL) == verdict


def test_a_ratio_is_of_one_round():
    found = results([10, 2, 300], [5, 1, 100])
    assert found.measured(TWICE_AS_FAST) == [2, 2, 3]


def test_what_was_not_measured_is_not_judged():
    found = Results(Trial([], []), [{"ours": Measured({"speed": 1})}])
    assert found.verdict(TWICE_AS_FAST) == UNJUDGED


def test_who_took_part_and_has_no_figure_has_missed():
    found = Results(Trial([], []), [{"ours": Measured({}), "peer": Measured({"speed": 1})}])
    assert found.verdict(TWICE_AS_FAST) == MISSED


def test_everybody_has_every_place_and_one_is_measured_twice():
    order = []
    contenders = [Contender(name, lambda name=name: order.append(name) or Measured({"speed": 1})) for name in ("ours", "peer")]
    found = run(Trial(contenders, [], twice="ours"), 3, lambda _text: None)
    assert order == ["ours", "peer", "ours", "peer", "ours", "ours", "ours", "ours", "peer"]
    assert found.names() == ["ours", "peer", "ours" + AGAIN]


def test_only_our_own_faults_fail_a_part_and_so_do_those_found_afterwards():
    def broken():
        return Measured({}, ["1 × lost"])

    trial = Trial([Contender("peer", broken)], [])
    assert run(trial, 1, lambda _text: None).faults() == []
    trial.contenders.append(Contender("ours", broken, ours=True))
    trial.finish = lambda: ["1 rows lost"]
    assert run(trial, 1, lambda _text: None).faults() == ["1 × lost", "1 rows lost"]
