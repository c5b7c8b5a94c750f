"""sockets: what an idle one costs in memory, a thousand that come at once, and one that waits for a slow query."""

import asyncio
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from drills import gauges

from .chat.measure import measure
from .chat.sites import LootLink, Site, SocketIo
from .chat.tabs import TABS, LootLinkTab
from .field import Field
from .part import Contender, Measured, NotRun, Scale, Target, Trial, part

FIRST = 50  # sockets after which a worker has everything that the first ones make it load
AT_ONCE = 1_000
QUERY = 2.0  # seconds that the slow socket's query takes
PAIRS = 25  # whose messages the slow socket may hold up
REST = 1.0  # seconds, after which memory has settled


class Still:
    """The `load` of tabs that only sit there."""

    def __init__(self):
        self.ended = 0
        self.answers = 0

    def strange(self, what: str) -> None:
        self.ended += 1

    def arrived(self, tab, row) -> None:
        pass

    def answered(self, tab, ref: str) -> None:
        self.answers += 1


async def crowd(site: Site, sockets: int) -> dict[str, float]:
    """Memory of each of so many idle sockets beyond the worker's base, and how many handshakes failed of AT_ONCE together."""
    still = Still()
    everybody = [(talk, *person) for talk, *both in site.pairs for person in both]
    tabs = [TABS[site.kind](still, *everybody[place % len(everybody)]) for place in range(FIRST + sockets)]

    async def come(some) -> list:
        return [each for each in await asyncio.gather(*(tab.enter(site.urls[0]) for tab in some), return_exceptions=True) if each]

    # Far fewer at a time than the kernel keeps waiting, but for the ones that are counted.
    await come(tabs[:FIRST])
    await asyncio.sleep(REST)
    base = gauges.memory(site.pids[0])
    at_once = min(AT_ONCE, sockets)
    began = asyncio.get_running_loop().time()
    failed = await come(tabs[FIRST : FIRST + at_once])
    took = asyncio.get_running_loop().time() - began
    for place in range(FIRST + at_once, len(tabs), FIRST):
        failed += await come(tabs[place : place + FIRST])
    await asyncio.sleep(REST)
    memory = gauges.memory(site.pids[0])
    ended = still.ended
    for tab in tabs:
        tab.close()
    return {
        "KiB a socket": (memory - base) * 1024 / max(1, sockets - len(failed)),
        "base MB": base,
        "failed": len(failed) + ended,
        f"{at_once} at once, s": took,
    }


@contextmanager
def slow_socket(site: LootLink, pair: tuple, says: str) -> Iterator[Still]:
    """Meanwhile one socket waits for a query of QUERY seconds, again and again: what it says needs a row that is locked."""
    still, over = Still(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_wait_for_locks(site, pair, says, still, over)), daemon=True)
    thread.start()
    try:
        yield still
    finally:
        over.set()
        thread.join()


async def _wait_for_locks(site: LootLink, pair: tuple, says: str, still: Still, over: threading.Event) -> None:
    lock, saying = SLOW[says]
    talk, person, _other = pair
    tab = LootLinkTab(still, talk, *person)
    await tab.enter(site.urls[0])
    number = 0
    async with await psycopg.AsyncConnection.connect(site.database) as connection:
        await connection.execute(
            "INSERT INTO notifications_bell (user_id, pointer) VALUES (%s, 0) ON CONFLICT DO NOTHING", person[:1]
        )
        await connection.commit()
        while not over.is_set():
            number += 1
            await connection.execute(lock, {"talk": talk, "user": person[0]})
            tab.say(saying.format(talk=talk, number=number).encode())
            before = still.answers
            await asyncio.sleep(QUERY)
            if still.answers != before:
                still.strange("an answer without the lock")
            await connection.rollback()
            for _ in range(100):
                if still.answers != before:
                    break
                await asyncio.sleep(0.05)
    tab.close()


BELL = "SELECT 1 FROM notifications_bell WHERE user_id = %(user)s FOR UPDATE"
TALK = "SELECT 1 FROM chat_conversation WHERE id = %(talk)s FOR UPDATE"
# What is said, and the lock that makes it slow. A talk that is locked may hold up those that are written with it.
SLOW = {
    "slow query": (BELL, '{{"type":"notification.read","ref":"slow{number}","notification":1}}'),
    "locked talk, read": (TALK, '{{"type":"message.read","ref":"slow{number}","conversation":{talk},"message":1}}'),
    "locked talk, sent": (TALK, '{{"type":"message.send","ref":"slow{number}","conversation":{talk},"content":"{number}"}}'),
}


def patience(site: LootLink, seconds: float) -> tuple[dict[str, float], list[str]]:
    """p99 of the others while one socket waits, by that of a moment before."""
    *others, last = site.pairs
    shape = {"seconds": seconds, "warm": 1, "rate": 100}
    calm = measure(site, others[:PAIRS], **shape)
    figures, faults = {"calm p99 ms": calm.figures["p99 ms"]}, list(calm.faults)
    for says in SLOW:
        with slow_socket(site, last, says) as still:
            held = measure(site, others[:PAIRS], **shape)
        figures[f"{says} ÷"] = held.figures["p99 ms"] / calm.figures["p99 ms"]
        faults += held.faults + ([] if still.answers else [f"{says}: never answered"])
        faults += [f"{says}: not slow"] * bool(still.ended)
    # The measure of all these ratios.
    again = measure(site, others[:PAIRS], **shape)
    figures["calm again ÷"] = again.figures["p99 ms"] / calm.figures["p99 ms"]
    faults += again.faults
    return figures, faults


@part("sockets", "idle ones, a thousand at once, and one that is slow")
@contextmanager
def sockets(field: Field, scale: Scale) -> Iterator[Trial]:
    many, pairs = scale.of(2_000, 500), scale.of(250, 100)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < many + 500:
        raise NotRun(f"this process may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, many + 500), hard))

    def ours() -> Measured:
        with LootLink(field, 1, pairs) as site:
            figures = asyncio.run(crowd(site, many))
            waits, faults = patience(site, scale.of(10, 2.5))
            faults += site.faults()
        return Measured(figures | waits, faults)

    def theirs() -> Measured:
        with SocketIo(field, 1, pairs) as site:
            return Measured(asyncio.run(crowd(site, many)))

    contenders, remarks = [Contender(LootLink.name, ours, ours=True)], [f"memory at {many} idle sockets on one worker"]
    try:
        with SocketIo(field, 1, 1):
            contenders.append(Contender(SocketIo.name, theirs))
    except NotRun as reason:
        remarks.append(f"{SocketIo.name} not run: {reason}")
    us = LootLink.name
    yield Trial(
        contenders,
        [
            Target("KiB of memory for each idle socket", "KiB a socket", us, 32, more=False),
            Target("failed handshakes", "failed", us, 0, more=False),
            Target("p99 of the others beside a query of 2 s", "slow query ÷", us, 1.5, more=False),
        ],
        remarks=remarks,
        rounds=scale.of(3, 1),
    )
