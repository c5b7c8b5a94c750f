"""One measurement of one chat: the generator's process, and what all the others have worked meanwhile."""

import json
import subprocess
import sys
from dataclasses import asdict

from drills.row import quantile

from ..part import Measured
from .load import Plan
from .sites import Site


def measure(site: Site, pairs: list | None = None, **shape) -> Measured:
    """`pairs`: who talks, if not all. `shape`: seconds, warm, window or rate of a Plan."""
    slot = site.new_slot()
    plan = Plan(site.kind, site.urls, pairs or site.pairs, slot, **shape)
    site.field.settle(site.database)
    found, spent = _run(plan, site)
    site.slots[slot] = {int(author): number for author, number in found["sent"].items()}
    site.shares.append(found["share"])
    delivered = max(found["delivered"], 1)
    each = {name: seconds / delivered * 1e6 for name, seconds in spent.items()}
    times = found["times"]
    figures = {
        "messages/s": found["delivered"] / found["seconds"],
        "CPU µs": sum(each.values()),
        **{f"{name} µs": value for name, value in each.items()},
        **({"p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99)} if times else {}),
        "receipts/s": found["receipts"] / found["seconds"],
        "generator": found["share"],
    }
    return Measured(figures, found["faults"], times)


def _run(plan: Plan, site: Site) -> tuple[dict, dict[str, float]]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.chat.generator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            process.stdin.write(json.dumps(asdict(plan)))
            process.stdin.close()
            marks = []
            for line in process.stdout:
                if line == "edge\n":
                    marks.append(site.field.cpu(*site.pids))
                else:
                    found = json.loads(line)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise RuntimeError(f"The generator failed for {site.name}.")
    before, after = marks
    return found, {name: after[name] - before[name] for name in after}
