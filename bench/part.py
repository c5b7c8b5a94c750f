"""What a part of the bench says: who is measured, what each measurement found, and the targets between them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

PARTS: "dict[str, Part]" = {}


class NotRun(Exception):
    """Why this machine can't run a part or a contender; never counted as reached."""


@dataclass
class Scale:
    """How much of it: `quick` is a shortened bench, for a first look."""

    quick: bool = False
    rounds: int = 0
    seed: int = 1

    def __post_init__(self):
        self.rounds = self.rounds or self.of(5, 2)

    def of(self, full, quick):
        return quick if self.quick else full


@dataclass
class Measured:
    """One measurement. `faults`: broken promises, which no speed makes up for. `times`: milliseconds in order, for the plot."""

    figures: dict[str, float]
    faults: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


@dataclass
class Contender:
    """`ours`: its faults fail the part; those of a peer are only told."""

    name: str
    measure: Callable[[], Measured]
    ours: bool = False


@dataclass
class Target:
    """`figure` of the contender `of`, divided by that of `over` where one is named. `least`: what is still allowed."""

    what: str
    figure: str
    of: str
    aim: float
    least: float | None = None
    over: str = ""
    more: bool = True  # is better

    @property
    def bound(self) -> float:
        return self.aim if self.least is None else self.least


@dataclass
class Trial:
    """`twice`: the contender that each round measures a second time, to tell how noisy the machine is.
    `finish` looks at what is left behind, after the last round, and returns faults. `sockets`: for the plot of throughput.
    `rounds`: at most so many, where one takes long."""

    contenders: list[Contender]
    targets: list[Target]
    twice: str = ""
    remarks: list[str] = field(default_factory=list)
    finish: Callable[[], list[str]] = list
    sockets: int = 0
    rounds: int = 1_000


@dataclass
class Part:
    name: str
    what: str
    open: Callable[..., AbstractContextManager[Trial]]


def part(name: str, what: str) -> Callable:
    """Register a context manager `(field, scale) -> Trial`; whatever it started is stopped when it is left."""

    def register(open: Callable) -> Callable:
        assert name not in PARTS, f"{name} is there already"
        PARTS[name] = Part(name, what, open)
        return open

    return register
