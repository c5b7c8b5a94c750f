"""What `make stack ARGS=--check` proves of the topology, a row each."""

import asyncio
from collections import Counter

from drills.chatter import Chatter
from drills.checker import check
from drills.faults import Rolling
from drills.releases import f30
from drills.row import Drill, Outcome, Scale, Times

from . import earlier, edges, pictures
from .servers import Bucket
from .topology import Topology


def checks(bucket: Bucket) -> list[Drill]:
    def upload(stage: Topology, scale: Scale) -> Outcome:
        return pictures.upload(stage, bucket)

    return [
        Drill("S1", "A picture uploaded through nginx", "in the bucket, seen at a signed and at a plain address", upload, 120),
        Drill("S2", "Sockets through nginx without stickiness", "each worker has a third of them, 0/0/0", sockets, 240),
        Drill("S3", "All workers restarted under 20 forms and 50 messages a second", "0 failed, 0/0/0, all 4012", restart, 480),
        Drill("S4", "A new release beside the old one, then in its place", "0 failed, 0/0/0", f30, 480),
        Drill("S5", "What nginx adds and takes away", "all as it should be", edges.edges, 120),
        Drill("S6", "The tests of the release before on the tables of this one", "all pass", earlier.tested, 1800),
    ]


def sockets(stage: Topology, scale: Scale) -> Outcome:
    crowd = Chatter(seed=scale.seed)

    async def run(url):
        async with crowd.connected(url):
            await crowd.talk(scale.of(50, 20), scale.of(15, 3))
            return await crowd.settle()

    with stage.site() as site:
        settled = asyncio.run(run(site.url))
        # It logs a socket when it ends.
        site.balancer.stop()
        seats = Counter(line["worker"] for line in site.balancer.logged() if line["uri"] == "/ws/" and line["status"] == 101)
    verdict = check(list(crowd.traders.values()))
    shared = len(seats) == 2 and min(seats.values()) >= len(crowd.people) / 3
    return Outcome(
        f"{'/'.join(map(str, seats.values()))} sockets on the workers, {verdict}{'' if settled else ', not settled'}",
        shared and verdict.clean and settled,
        Times.of(crowd.travels()),
    )


def restart(stage: Topology, scale: Scale) -> Outcome:
    rolling = Rolling(stage, scale, scale.of(3, 1))
    lost = rolling.taken - rolling.rows
    return Outcome(
        f"{rolling.failed} of {len(rolling.forms.answers)} forms failed {rolling.oddities or ''}, {lost} taken and lost; "
        f"closes {rolling.codes or 'none'}; {rolling.verdict}",
        rolling.verdict.clean and not rolling.failed and not lost and rolling.codes.keys() == {4012},
        rolling.forms.times,
    )
