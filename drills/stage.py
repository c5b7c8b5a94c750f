"""What a drill plays on: a site of its own, that is Redis, workers and a balancer, over one PostgreSQL for all drills."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from django.db import connection

from tests.servers import Postgres, Redis, free_port
from tests.workers import ROOT, Worker

from .row import NotRun

# Ids of this run's channel groups: pub/sub knows no databases.
_prefixes = itertools.count()


class OnPort(Worker):
    """Nobody keeps its port open while it is away, so that a balancer is refused and goes on to the other."""

    def __init__(self, database, environment, log, program="lootlink.serve"):
        super().__init__(database, environment)
        self.program, self.log = program, log

    def listen(self):
        return free_port()

    def address(self):
        return ["--port", str(self.port)], []

    @property
    def pid(self):
        return self.process.pid

    def kill(self):
        self.stop(signal.SIGKILL)


class Site:
    """`url` is the balancer's. Workers: `workers`; Redis: `redis`, None where it is said to be somewhere else."""

    def __init__(self, redis, workers, balancer, url, log):
        self.redis, self.workers, self.balancer, self.url, self.log = redis, workers, balancer, url, log

    def cut(self, part: float) -> None:
        """Cut this part of the open sockets in mid-frame."""
        if not isinstance(self.balancer, subprocess.Popen):
            raise NotRun("needs the drills' own balancer, which cuts sockets")
        self.balancer.stdin.write(f"cut {part}\n")
        self.balancer.stdin.flush()

    def said(self) -> str:
        """All that the workers have logged."""
        return self.log.read_text(errors="replace")

    def tracebacks(self) -> int:
        return self.said().count("Traceback (most recent call last)")


class Stage:
    """`postgres` is None where the database is somebody else's, which no drill may stop."""

    def __init__(self, folder, database: str, postgres: Postgres | None = None):
        self.folder, self.database, self.postgres = folder, database, postgres

    def own_postgres(self) -> Postgres:
        if self.postgres is None:
            raise NotRun("needs a PostgreSQL of its own, that may be stopped")
        return self.postgres

    def forget_connections(self) -> None:
        """This process's, after the server they led to has gone."""
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()

    @contextlib.contextmanager
    def site(
        self, workers: int = 2, *, without: str = "", redis: bool | str = True, each=(), roots=(), **environment
    ) -> Iterator[Site]:
        """`without`: what is switched off in the workers, by names of drills/worker.py. `redis`: an address for another one.
        `each`: what the environment of each worker in turn has besides. `roots`: where the code of each in turn lies, if not
        here. All that was started is stopped at the end."""
        number = next(_prefixes)
        folder = self.folder.path / f"site-{os.getpid()}-{number}"
        folder.mkdir()
        folder.chmod(0o755)
        with contextlib.ExitStack() as stack:
            server = None
            if redis is True:
                server = self.redis(_Folder(folder))
                stack.callback(server.stop)
                server.start()
            log = folder / "workers.log"
            errors = stack.enter_context(log.open("wb"))
            common = {
                "REDIS_URL": server.url if server else redis or "",
                "REDIS_PREFIX": f"drill-{os.getpid()}-{number}",
                "LOOTLINK_RATE_LIMITS": "off",
                "WITHOUT": without,
                "LOG_LEVEL": "WARNING",
                **environment,
            }
            program = "drills.worker" if without or each else "lootlink.serve"
            team = [OnPort(self.database, common, errors, program) for _ in range(workers)]
            for worker, root in zip(team, roots, strict=False):
                worker.root = root
            url, balancer = self.balance(team, _Folder(folder), stack)
            for worker, own in itertools.zip_longest(team, each, fillvalue={}):
                worker.environment |= {"SITE_URL": url, **own}
                stack.callback(worker.stop, signal.SIGKILL)
                worker.spawn()
            for worker in team:
                worker.wait()
            yield Site(server, team, balancer, url, log)

    def redis(self, folder) -> Redis:
        return Redis(folder)

    def balance(self, team, folder, stack):
        """What stands before the workers, stopped with the stack: its address, and itself."""
        ports = ",".join(str(worker.port) for worker in team)
        balancer = subprocess.Popen(
            [sys.executable, "-m", "drills.balancer", ports],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(_end, balancer)
        return f"http://127.0.0.1:{int(balancer.stdout.readline())}", balancer


class _Folder:
    def __init__(self, path):
        self.path = path


def _end(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
