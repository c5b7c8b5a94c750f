"""A drill, what it found, and the row that is printed of it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

DRILLS: "dict[str, Drill]" = {}


class NotRun(Exception):
    """Why this machine can't run a drill; never counted as held."""


@dataclass
class Scale:
    """How much of it: `quick` is a shortened drill, `controls` whether the control is run too."""

    quick: bool = False
    seed: int = 1
    controls: bool = True

    def of(self, full, quick):
        return quick if self.quick else full

    def within(self, seconds: float) -> float:
        """A target in seconds. A quick drill shares the machine with other tests, and is not judged by the clock."""
        return self.of(seconds, math.inf)


@dataclass
class Times:
    """In milliseconds."""

    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Times | None":
        ordered = sorted(seconds)
        if not ordered:
            return None
        return cls(*(round(quantile(ordered, part) * 1000, 1) for part in (0.5, 0.99, 1)))


def quantile(ordered: list[float], part: float) -> float:
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


@dataclass
class Outcome:
    """`control`: what was switched off and what came of it; `control_failed` must be True where there is one."""

    figure: str
    held: bool
    times: Times | None = None
    control: str = ""
    control_failed: bool | None = None

    @property
    def good(self) -> bool:
        return self.held and self.control_failed is not False


@dataclass
class Drill:
    """`seconds`: the hard deadline of a full run, its control included."""

    name: str
    what: str
    target: str
    run: Callable[..., Outcome]
    seconds: int


@dataclass
class Row:
    name: str
    what: str
    target: str
    seed: int
    result: str = ""  # held, NOT HELD, CONTROL HELD, not run
    figure: str = ""
    control: str = ""
    times: Times | None = None
    load: tuple[float, ...] = field(default_factory=tuple)
    seconds: float = 0

    @property
    def failed(self) -> bool:
        return self.result not in {"held", "not run"}

    def take(self, outcome: Outcome) -> None:
        self.figure, self.control, self.times = outcome.figure, outcome.control, outcome.times
        if not outcome.held:
            self.result = "NOT HELD"
        else:
            self.result = "CONTROL HELD" if outcome.control_failed is False else "held"

    def lines(self) -> str:
        """As it is printed."""
        times = f"p50 {self.times.p50} p99 {self.times.p99} max {self.times.max} ms, " if self.times else ""
        load = " ".join(f"{each:.2f}" for each in self.load)
        rows = [
            f"{self.name:<4} {self.result:<12} {self.what}",
            f"       figure: {self.figure}",
            f"       target: {self.target}",
            f"       {times}{self.seconds:.0f} s, seed {self.seed}, load {load}",
        ]
        if self.control:
            rows.insert(3, f"       control: {self.control}")
        return "\n".join(rows)

    def as_dict(self) -> dict:
        return asdict(self)


def drill(name: str, what: str, target: str, seconds: int = 480) -> Callable:
    """Register `run(stage, scale) -> Outcome` under its name in drills.md."""

    def register(run: Callable[..., Outcome]) -> Callable[..., Outcome]:
        assert name not in DRILLS, f"{name} is there already"
        DRILLS[name] = Drill(name, what, target, run, seconds)
        return run

    return register
