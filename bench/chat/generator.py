"""The process that makes the load: a plan comes in, the edges of what counts are told as they come, then what was found."""

import gc
import json
import math
import resource
import sys
import time

import uvloop

from .. import cpu
from .load import Load, Plan
from .tabs import TABS

POINTS = 400  # of the latencies that are handed on


async def main(plan: Plan) -> dict:
    load = Load(plan)
    edges: list[tuple[float, float]] = []

    def edge() -> None:
        edges.append((time.perf_counter(), cpu.own()))
        print("edge", flush=True)

    await load.come()
    # What lives on is looked through again and again for nothing.
    gc.collect()
    gc.freeze()
    try:
        await load.run(edge, edge)
        faults = load.ledger.faults(TABS[plan.kind].answers)
    finally:
        load.leave()
    (began, worked_before), (ended, worked_after) = edges
    return {
        "seconds": ended - began,
        "share": (worked_after - worked_before) / (ended - began),
        "delivered": load.delivered,
        "receipts": sum(tab.receipts for tab in load.tabs.values()),
        "times": quantiles(load.times),
        "sent": dict(load.ledger.sent),
        "faults": faults,
    }


def quantiles(seconds: list[float]) -> list[float]:
    """In milliseconds and in order, thinned out evenly, the largest kept."""
    ordered = sorted(seconds)
    points = min(POINTS, len(ordered))
    return [round(ordered[math.ceil((place + 1) / points * len(ordered)) - 1] * 1000, 3) for place in range(points)]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    print(json.dumps(uvloop.run(main(Plan(**json.load(sys.stdin))))), flush=True)
