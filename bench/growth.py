"""growth: what a message costs from ten sockets to a thousand, on two workers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .chat.measure import measure
from .chat.sites import LootLink, Site, SocketIo
from .field import Field
from .part import Contender, Measured, NotRun, Scale, Trial, part

SOCKETS = (10, 30, 100, 300, 1_000)
IN_FLIGHT, OF_ONE = 1_000, 8  # messages at once, of all and of one person, at most


@part("growth", f"messages a second and CPU a message for {SOCKETS[0]} to {SOCKETS[-1]} sockets on two workers")
@contextmanager
def growth(field: Field, scale: Scale) -> Iterator[Trial]:
    if scale.quick:
        raise NotRun("only without --quick")
    with ExitStack() as stack:
        sites, remarks = [], []
        for kind in (LootLink, SocketIo):
            try:
                sites.append(stack.enter_context(kind(field, 2, SOCKETS[-1] // 2)))
            except NotRun as reason:
                remarks.append(f"{kind.name} not run: {reason}")
        contenders = [Contender(site.name, lambda site=site: _sizes(site), site.ours) for site in sites]
        trial = Trial(contenders, [], remarks=remarks, rounds=3)
        trial.finish = lambda: [fault for site in sites if site.ours for fault in site.faults()]
        yield trial


def _sizes(site: Site) -> Measured:
    found = Measured({})
    for sockets in SOCKETS:
        window = max(1, min(OF_ONE, IN_FLIGHT // sockets))
        one = measure(site, site.pairs[: sockets // 2], seconds=5, warm=1, window=window)
        found.faults += one.faults
        for figure in ("messages/s", "CPU µs"):
            found.figures[f"{sockets}: {figure}"] = one.figures[figure]
    return found
