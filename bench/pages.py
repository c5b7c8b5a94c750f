"""pages: what a page of 100,000 listings costs, beside the plain Django page and beside a page that says nothing."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import psycopg

from tests.servers import free_port

from . import web
from .empty import ADDRESS
from .field import Field
from .part import Contender, Measured, Scale, Target, Trial, part
from .process import running, stock_daphne

LISTINGS = 100_000
FAR, LATER = 3_000, 12  # page, and by how many ms it may come later than the first
DATABASE = "pages"
POOL = 10  # connections, at most
TIMES = {"home, guest": 4, "home, trader": 6, "listing": 8, "talks": 8, "talk": 8, "deal": 8}
OURS = "lootlink-pages"  # to the database
EMPTY, EMPTY_WSGI, PLAIN = "empty", "empty, WSGI", "plain Django"


@part("pages", f"pages of {LISTINGS:,} listings, one process each, beside plain Django and an empty page")
@contextmanager
def pages(field: Field, scale: Scale) -> Iterator[Trial]:
    database = field.prepared(DATABASE)
    environment = {"DATABASE_URL": database, "REDIS_PREFIX": f"bench-{free_port()}", "DATABASE_POOL": str(POOL)}
    visits = filled(environment, LISTINGS)
    field.settle(database)
    log = field.folder.path / "pages.log"
    with ExitStack() as stack:
        ours = stack.enter_context(_empty("asgi", environment | {"PGAPPNAME": OURS}, log))
        wsgi = stack.enter_context(_empty("wsgi", environment, log))
        plain = stack.enter_context(stock_daphne("bench.peers.plain.asgi:application", environment, log))
        asked = partial(_asked, field, scale.of(4, 1.5))
        cookie = visits.pop("cookie")
        contenders = [
            Contender(EMPTY, partial(asked, ours, ADDRESS), ours=True),
            Contender(EMPTY_WSGI, partial(asked, wsgi, ADDRESS)),
            Contender("home, guest", partial(asked, ours, "/"), ours=True),
            Contender("home, trader", partial(asked, ours, "/", cookie), ours=True),
            Contender(f"page {FAR:,}", partial(asked, ours, f"/?page={FAR}"), ours=True),
            *(Contender(name, partial(asked, ours, path, cookie), ours=True) for name, path in visits.items()),
            Contender(PLAIN, partial(asked, plain, "/")),
        ]
        trial = Trial(contenders, _targets(), twice="home, guest")
        trial.finish = lambda: _left(field, ours, database)
        yield trial


def filled(environment: dict[str, str], listings: int) -> dict[str, str]:
    """What bench.fill says at its end. In a process of its own: this one's Django is on another database."""
    command = [sys.executable, "-m", "bench.fill", str(listings)]
    told = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(told.stdout.splitlines()[-1])


@contextmanager
def _empty(kind: str, environment: dict[str, str], log) -> Iterator[tuple[str, int]]:
    port = free_port()
    command = [sys.executable, "-m", "bench.empty", kind, str(port)]
    with running(command, environment, "listening", log) as process:
        yield f"http://127.0.0.1:{port}", process.pid


def _asked(field: Field, seconds: float, server: tuple[str, int], path: str, cookie="") -> Measured:
    url, pid = server
    return web.ask(field, [pid], url, path, seconds=seconds, cookie=cookie)


def _targets() -> list[Target]:
    return [
        Target("home ÷ plain Django, requests/s", "requests/s", "home, guest", 15, over=PLAIN),
        *(
            Target(f"{name} ÷ an empty page, CPU of the process", "app ms", name, times, over=EMPTY, more=False)
            for name, times in TIMES.items()
        ),
        Target("an empty page ÷ the same under WSGI, requests/s", "requests/s", EMPTY, 0.25, over=EMPTY_WSGI),
    ]


def _left(field: Field, server: tuple[str, int], database: str) -> list[str]:
    """What a crowd leaves open, and how much later the last pages come than the first."""
    url, pid = server
    web.ask(field, [pid], url, "/", seconds=1, at_once=200)
    faults = []
    with psycopg.connect(database) as connection:
        [open_now] = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [OURS]).fetchone()
    if open_now > POOL:
        faults.append(f"{open_now} connections of the process are open after 200 requests at once")
    field.settle(database)
    first, far = (web.ask(field, [pid], url, path, seconds=2, at_once=1).times for path in ("/", f"/?page={FAR}"))
    later = far[len(far) // 2] - first[len(first) // 2] if first and far else math.inf
    if later > LATER:
        faults.append(f"page {FAR:,} takes {later:.1f} ms more than the first")
    return faults
