"""Pytest plugin: real workers, each a process of its own, on the database of the running test."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parent.parent


class Worker:
    """`url` stays the same over restarts: the tests hold the socket, the process inherits it."""

    program = "lootlink.serve"
    root = ROOT  # of the release that it runs
    log = None  # where stderr goes, if not where the tests' own goes

    def __init__(self, database, environment):
        self.port = self.listen()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "DATABASE_URL": database, "SITE_URL": self.url, **environment}
        self.process = None

    def listen(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        return self.listener.getsockname()[1]

    def address(self):
        """The arguments that say where it listens, and the descriptors that it inherits."""
        fd = self.listener.fileno()
        return ["--fd", str(fd)], [fd]

    def start(self):
        # A process that reads from the same queue would take connections and never answer, so there is one at a time.
        self.stop()
        self.spawn()
        self.wait()

    def spawn(self):
        arguments, inherited = self.address()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.program, *arguments],
            cwd=self.root,
            env=self.environment,
            pass_fds=inherited,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def wait(self):
        said = self.process.stdout.readline()
        assert "listening" in said, f"The worker did not start: {said}"

    def stop(self, number=signal.SIGTERM):
        if self.process:
            self.process.send_signal(number)
            self.process.wait(timeout=25)
            self.process.stdout.close()
            self.process = None


def database_url():
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    secret = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture(scope="session")
def prepared(django_db_setup, django_db_blocker):
    """The tables, and the static files as workers name them: before a test has settings of its own."""
    with django_db_blocker.unblock():
        call_command("prepare", verbosity=0)


@pytest.fixture(scope="session")
def start_workers(prepared):
    """Call it with a number; all that it started are stopped at the end of the session."""
    started = []

    def start(number, **environment):
        prefix = f"{settings.REDIS_PREFIX}-workers-{len(started)}"
        new = [Worker(database_url(), {"REDIS_PREFIX": prefix, **environment}) for _ in range(number)]
        started.extend(new)
        for worker in new:
            worker.start()
        return new

    yield start
    for worker in started:
        worker.stop()
        worker.listener.close()


@pytest.fixture(scope="session")
def one_worker(start_workers):
    return start_workers(1)[0]


@pytest.fixture(scope="session")
def two_workers(start_workers):
    """Needs Redis: mark the test `cluster`."""
    return start_workers(2)
