"""F8–F10: PostgreSQL restarted, starved of connections, frozen, and without room for its log."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from tests.servers import Postgres

from .row import NotRun, Outcome, Scale, Times, drill
from .stage import Site, Stage
from .storm import Storm

CALM = 6  # seconds after each fault, in which all must be well again
POOL = 20  # connections of a worker


def administrator(postgres: Postgres):
    return psycopg.connect(postgres.url, autocommit=True, connect_timeout=5)


async def answering(postgres: Postgres) -> float:
    """When it answers again; its process has been started."""
    while not await asyncio.to_thread(postgres.answers):
        await asyncio.sleep(0.05)
    return time.monotonic()


def recoveries(storm: Storm, back: list[float], lasting: float = 3) -> list[float]:
    """For each fault, the seconds from its end to the last thing that still went wrong. Each lasts `lasting` at most."""
    troubles = storm.troubles()
    ends = [*back[1:], float("inf")]
    return [
        max([at - began for at in troubles if began < at < end - lasting], default=0)
        for began, end in zip(back, ends, strict=True)
    ]


def immediate_restarts(postgres: Postgres, times: int, back: list[float]):
    async def havoc(_site: Site):
        for _time in range(times):
            await asyncio.sleep(2)
            postgres.kill(signal.SIGQUIT)
            postgres.spawn()
            back.append(await answering(postgres))
            await asyncio.sleep(CALM)

    return havoc


@drill(
    "F8",
    "PostgreSQL stopped at once and started again, five times, 50 messages a second",
    "0 acked lost, 0 doubled, recovered < 5 s, pages 503 not 500",
)
def f8(stage: Stage, scale: Scale) -> Outcome:
    postgres, back = stage.own_postgres(), []
    storm = Storm(stage, scale.seed, 50, immediate_restarts(postgres, scale.of(5, 1), back))
    recovered, statuses = recoveries(storm, back), storm.visitor.statuses
    outcome = Outcome(
        f"{storm.verdict}; recovered within {max(recovered):.2f} s, pages {dict(statuses)}, refused {dict(storm.crowd.errors())}",
        storm.verdict.clean and max(recovered) < scale.within(5) and not set(statuses) - {200, 503},
        Times.of(recovered),
    )
    if scale.controls:
        with _lazy(postgres):
            worse = Storm(stage, scale.seed, 50, immediate_restarts(postgres, 1, []), patience=5)
        outcome.control, outcome.control_failed = f"commits not waited for: {worse.verdict}", not worse.verdict.clean
    return outcome


@contextlib.contextmanager
def _lazy(postgres: Postgres):
    """Commits that are answered before they are on the disk."""
    values = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
    with administrator(postgres) as server:
        for name, value in values.items():
            server.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with administrator(postgres) as server:
            for name in values:
                server.execute(f"ALTER SYSTEM RESET {name}")
            server.execute("SELECT pg_reload_conf()")


def starve(postgres: Postgres, seconds: float) -> None:
    """Take every connection there is, those of the workers too."""
    held, ends = [], time.monotonic() + seconds
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(administrator(postgres))
        while time.monotonic() < ends:
            try:
                held.append(stack.enter_context(psycopg.connect(postgres.url, connect_timeout=2)))
            except psycopg.OperationalError:
                mine = [connection.info.backend_pid for connection in (server, *held)]
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                    " AND NOT pid = ANY(%s)",
                    [mine],
                )
                time.sleep(0.01)


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


@contextlib.contextmanager
def frozen(pid: int):
    """A process and its children stand still."""
    pids = family(pid)
    for each in pids:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in pids:
            os.kill(each, signal.SIGCONT)


def shortages(postgres: Postgres, times: int, back: list[float]):
    async def havoc(site: Site):
        await asyncio.sleep(2)
        for _time in range(times):
            await asyncio.to_thread(starve, postgres, 5)
            back.append(time.monotonic())
            await asyncio.sleep(CALM)
            with frozen(postgres.process.pid):
                await asyncio.sleep(5)
            back.append(time.monotonic())
            await asyncio.sleep(CALM)
        site.threads = threads(site)

    return havoc


def threads(site: Site) -> int:
    """Of the worker that has most."""
    return max(len(os.listdir(f"/proc/{worker.pid}/task")) for worker in site.workers)


def connections(postgres: Postgres) -> int:
    with administrator(postgres) as server:
        rows = server.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'worker'").fetchone()
    return rows[0]


@drill(
    "F9",
    "PostgreSQL starved of connections for 5 s, frozen for 5 s",
    "`unavailable`, 503, 0/0/0, no thread or connection leak, back < 3 s",
)
def f9(stage: Stage, scale: Scale) -> Outcome:
    postgres, back = stage.own_postgres(), []
    left: list[int] = []

    async def havoc(site: Site):
        await shortages(postgres, scale.of(3, 1), back)(site)
        left.append(connections(postgres))

    storm = Storm(stage, scale.seed, 20, havoc, PGAPPNAME="worker")
    recovered, statuses, errors = recoveries(storm, back, 5.5), storm.visitor.statuses, storm.crowd.errors()
    held = (
        storm.verdict.clean
        and max(recovered) < scale.within(3)
        and not set(statuses) - {200, 503}
        and set(errors) == {"unavailable"}
    )
    outcome = Outcome(
        f"{storm.verdict}; back within {max(recovered):.2f} s, pages {dict(statuses)}, refused {dict(errors)}; "
        f"{left[0]} connections and at most {storm.site.threads} threads a worker afterwards",
        held and left[0] <= 2 * POOL and storm.site.threads < 60,
        Times.of(recovered),
    )
    if scale.controls:
        worse = Storm(stage, scale.seed, 20, shortages(postgres, 1, []), without="excuses", patience=5)
        statuses = worse.visitor.statuses
        outcome.control, outcome.control_failed = f"no excuses: pages {dict(statuses)}", bool(set(statuses) - {200, 503})
    return outcome


@drill("F10", "No room for PostgreSQL's log (64 MB tmpfs)", "M1-M4 hold, back without a restart of the web")
def f10(stage: Stage, scale: Scale) -> Outcome:
    postgres, back = stage.own_postgres(), []
    storm = _without_room(stage, scale, back)
    recovered, statuses = recoveries(storm, back), storm.visitor.statuses
    full = "No space left on device" in (postgres.home / "log").read_text(errors="replace")
    outcome = Outcome(
        f"{storm.verdict}; {'full' if full else 'NEVER FULL'}; back within {recovered[0]:.2f} s, pages {dict(statuses)}",
        full and storm.verdict.clean and recovered[0] < scale.within(5) and not set(statuses) - {200, 503},
        Times.of(recovered),
    )
    if scale.controls:
        with _lazy(postgres):
            worse = _without_room(stage, scale, [], pause=0.1, patience=5)
        outcome.control, outcome.control_failed = f"commits not waited for: {worse.verdict}", not worse.verdict.clean
    return outcome


def _without_room(stage: Stage, scale: Scale, back: list[float], pause: float = 0, patience: float = 0) -> Storm:
    """The log grows until its disk is full; then there is room again. `pause`: seconds between its steps."""
    postgres = stage.own_postgres()

    async def havoc(site: Site):
        pids = [worker.pid for worker in site.workers]
        await asyncio.sleep(2)
        await asyncio.to_thread(_fill, postgres, pause)
        await asyncio.sleep(3)
        postgres.kill(signal.SIGQUIT)
        room.grow()
        postgres.spawn()
        back.append(await answering(postgres))
        await asyncio.sleep(CALM)
        assert pids == [worker.pid for worker in site.workers if worker.process.poll() is None]

    with _little_room(postgres) as room:
        stage.forget_connections()
        storm = Storm(stage, scale.seed, 50, havoc, patience=patience)
    stage.forget_connections()
    return storm


def _fill(postgres: Postgres, pause: float) -> None:
    """Write to the log until there is no room for it."""
    with contextlib.suppress(psycopg.Error), administrator(postgres) as server:
        server.execute("CREATE TABLE IF NOT EXISTS ballast (words text)")
        for _row in range(1_000):
            server.execute("INSERT INTO ballast SELECT md5(random()::text) FROM generate_series(1, 10000)")
            time.sleep(pause)


class _little_room:
    """The log on a disk of its own that has 48 MB left."""

    SPARE = 48 * 1024 * 1024  # bytes

    def __init__(self, postgres: Postgres):
        self.postgres = postgres
        self.log, self.old = postgres.home / "data" / "pg_wal", postgres.home / "old_wal"
        self.disk = postgres.home / "disk"

    def __enter__(self):
        self.disk.mkdir(exist_ok=True)
        with administrator(self.postgres) as server:
            server.execute("CHECKPOINT")
        used = sum(path.stat().st_size for path in self.log.rglob("*") if path.is_file())
        if not shutil.which("mount") or self._mount(f"size={used + self.SPARE}"):
            raise NotRun("needs a small disk of its own: mounting a tmpfs is not allowed here")
        self._move(self.log, self.old, self.disk / "pg_wal")
        return self

    def _mount(self, options: str) -> int:
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.disk], stderr=subprocess.DEVNULL).returncode

    def _move(self, log: Path, old: Path, place: Path) -> None:
        self.postgres.kill(signal.SIGINT)
        subprocess.run(["cp", "-a", log, place], check=True)
        log.rename(old)
        log.symlink_to(place)
        self.postgres.start()

    def grow(self) -> None:
        self._mount("remount,size=1g")

    def __exit__(self, *_error):
        self.postgres.kill(signal.SIGINT)
        self.log.unlink()
        shutil.rmtree(self.old)
        subprocess.run(["cp", "-a", self.disk / "pg_wal", self.log], check=True)
        subprocess.run(["umount", self.disk], check=True)
        self.postgres.start()
        with administrator(self.postgres) as server:
            server.execute("DROP TABLE IF EXISTS ballast")
