"""Rounds: every contender once, in rotated order, so that what changes with time meets all of them alike."""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from .part import Contender, Measured, Target, Trial

AGAIN = " (again)"
REACHED, ALLOWED, MISSED, NOISY, UNJUDGED = "reached", "allowed", "MISSED", "too noisy for a verdict", "not judged"


@dataclass
class Results:
    """`rounds`: what each round found, by contender."""

    trial: Trial
    rounds: list[dict[str, Measured]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # faults found after the last round

    def names(self) -> list[str]:
        return list(dict.fromkeys(name for each in self.rounds for name in each))

    def values(self, name: str, figure: str) -> list[float]:
        found = (each[name].figures.get(figure) for each in self.rounds if name in each)
        return [value for value in found if value is not None]

    def ratios(self, figure: str, of: str, over: str) -> list[float]:
        """Round by round: only what was measured side by side is compared."""
        pairs = (
            (each[of].figures.get(figure), each[over].figures.get(figure)) for each in self.rounds if {of, over} <= set(each)
        )
        return [one / other for one, other in pairs if one is not None and other]

    def measured(self, target: Target) -> list[float]:
        if target.over:
            return self.ratios(target.figure, target.of, target.over)
        return self.values(target.of, target.figure)

    def noise(self, figure: str) -> float:
        """By what factor two measurements of the same thing in a round differ; 1 where none was made twice."""
        ratios = self.ratios(figure, self.trial.twice + AGAIN, self.trial.twice)
        return statistics.median(max(ratio, 1 / ratio) if ratio > 0 else math.inf for ratio in ratios) if ratios else 1

    def verdict(self, target: Target) -> str:
        """A margin below the noise is none. Who took part and has nothing to show has missed."""
        values = self.measured(target)
        if not values:
            return MISSED if target.of in self.names() and not self.values(target.of, target.figure) else UNJUDGED
        noise = self.noise(target.figure)
        if _margin(target, values, target.aim) >= noise:
            return REACHED
        margin = _margin(target, values, target.bound)
        if margin < 1 and margin <= 1 / noise:
            return MISSED
        if target.least is not None and margin >= noise:
            return ALLOWED
        return NOISY

    def faults(self) -> list[str]:
        """What fails the part."""
        ours = {each.name for each in self.trial.contenders if each.ours}
        return [fault for name, fault in self.told() if name.removesuffix(AGAIN) in ours] + self.left

    def told(self) -> list[tuple[str, str]]:
        return [(name, fault) for each in self.rounds for name, measured in each.items() for fault in measured.faults]


def _margin(target: Target, values: list[float], bound: float) -> float:
    """Above 1 on the good side of the bound."""
    value = statistics.median(values)
    over, under = (value, bound) if target.more else (bound, value)
    return over / under if under else math.inf


def run(trial: Trial, rounds: int, say: Callable[[str], None]) -> Results:
    results = Results(trial)
    rounds = min(rounds, trial.rounds)
    everybody = list(trial.contenders)
    again = next((each for each in everybody if each.name == trial.twice), None)
    if again:
        everybody.append(Contender(again.name + AGAIN, again.measure, again.ours))
    for number in range(rounds):
        found: dict[str, Measured] = {}
        turn = number % len(everybody)
        for contender in everybody[turn:] + everybody[:turn]:
            found[contender.name] = contender.measure()
            say(f"round {number + 1} of {rounds}, {contender.name}: {_briefly(found[contender.name])}")
        results.rounds.append(found)
    results.left = trial.finish()
    return results


def _briefly(measured: Measured) -> str:
    figures = ", ".join(f"{name} {value:.4g}" for name, value in measured.figures.items())
    return f"{figures}{'; FAULTS: ' + '; '.join(measured.faults) if measured.faults else ''}"
