"""chat50, chat500 and latency: LootLink beside Socket.IO and the tutorial of Channels."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ..field import Field
from ..part import Contender, NotRun, Scale, Target, Trial, part
from .measure import measure
from .sites import LootLink, Site, SocketIo, Tutorial

FULL = 0.85  # of a core: beyond it the generator may be what is slow
US, IO, TUTORIAL = LootLink.name, SocketIo.name, Tutorial.name


@contextmanager
def trial(field: Field, kinds: list[type[Site]], workers: int, pairs: int, targets: list[Target], shape: dict) -> Iterator[Trial]:
    """`shape`: of a Plan, for each kind of site."""
    with ExitStack() as stack:
        sites, remarks = [], []
        for kind in kinds:
            try:
                sites.append(stack.enter_context(kind(field, workers, pairs)))
            except NotRun as reason:
                remarks.append(f"{kind.name} not run: {reason}")
        given = Trial(
            [Contender(site.name, lambda site=site: measure(site, **shape[site.kind]), site.ours) for site in sites],
            targets,
            twice=US,
            remarks=remarks,
        )
        given.finish = lambda: _look(sites, remarks)
        yield given


def _look(sites: list[Site], remarks: list[str]) -> list[str]:
    """The rows of all; only ours are faults. And whether the generator kept up."""
    found = []
    for site in sites:
        faults = site.faults()
        if site.ours:
            found += faults
        else:
            remarks += [f"{site.name}: {fault}" for fault in faults]
        said = sum(sum(authors.values()) for authors in site.slots.values())
        full = max(site.shares) > FULL
        remarks.append(
            f"{site.name}: rows of {said} messages looked at; the generator took {max(site.shares):.0%} of a core at most"
            f"{', AND MAY BE WHAT IS SLOW' if full else ''}"
        )
    return found


def more(what: str, aim: float, least: float | None = None, over: str = IO) -> Target:
    return Target(f"{what} ÷ {over}", "messages/s", US, aim, least, over)


def less(what: str, figure: str, aim: float, least: float | None = None, over: str = IO) -> Target:
    return Target(f"{what} ÷ {over}", figure, US, aim, least, over, more=False)


@part("chat50", "50 sockets on one worker, as many messages as it takes")
@contextmanager
def chat50(field: Field, scale: Scale):
    busy = {"seconds": scale.of(8, 2), "warm": scale.of(2, 0.7), "window": 8}
    calm = busy | {"window": 1}
    targets = [
        more("delivered messages a second", 2.0, 1.6),
        less("CPU a message", "CPU µs", 0.30, 0.40),
        more("delivered messages a second", 20, over=TUTORIAL),
    ]
    # More of them at once than that, and the tutorial's layer drops them.
    shape = {"lootlink": busy, "socketio": busy, "tutorial": calm}
    with trial(field, [LootLink, SocketIo, Tutorial], 1, 25, targets, shape) as given:
        given.sockets = 50
        yield given


@part("chat500", "500 sockets on two workers, both people of a pair on different ones")
@contextmanager
def chat500(field: Field, scale: Scale):
    busy = {"seconds": scale.of(8, 2), "warm": scale.of(2, 0.7), "window": 2}
    targets = [more("delivered messages a second", 5.0, 4.0), less("CPU a message", "CPU µs", 0.18, 0.22)]
    with trial(field, [LootLink, SocketIo], 2, 250, targets, {"lootlink": busy, "socketio": busy}) as given:
        given.sockets = 500
        yield given


@part("latency", "100 messages a second over 50 sockets on two workers")
@contextmanager
def latency(field: Field, scale: Scale):
    steady = {"seconds": scale.of(15, 3), "warm": scale.of(4, 1), "rate": 100, "seed": scale.seed}
    targets = [less("p50", "p50 ms", 0.60, 0.75), less("p99", "p99 ms", 0.70, 1.0)]
    with trial(field, [LootLink, SocketIo], 2, 25, targets, {"lootlink": steady, "socketio": steady}) as given:
        yield given
