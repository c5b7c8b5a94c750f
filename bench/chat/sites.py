"""The three chats that are compared, each as its authors would start it: workers on ports of their own, over one database."""

import itertools
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg

from drills.stage import OnPort
from tests.servers import free_port

from .. import node
from ..field import Field
from ..process import running, stock_daphne
from . import rows

TUTORIAL = "bench.peers.tutorial"
_serial = itertools.count()


class Site:
    """`kind`: what its tabs speak. `slots`: what was said in each measurement, by author, for the look at the rows."""

    kind = ""
    name = ""
    ours = False

    def __init__(self, field: Field, workers: int, pairs: int):
        self.field, self.number, self.size = field, workers, pairs
        self.database = ""
        self.urls: list[str] = []
        self.pids: list[int] = []
        self.pairs: list[tuple] = []
        self.slots: dict[str, dict[int, int]] = {}
        self._slot = f"{self.kind}{next(_serial)}"
        self.shares: list[float] = []  # of a core that the generator took
        self._started = ExitStack()

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self._started.close()
            raise
        return self

    def __exit__(self, *_error):
        self._started.close()

    def start(self) -> None:
        """Fill in urls, pids, database and pairs."""
        raise NotImplementedError

    def faults(self) -> list[str]:
        """What the rows say of all slots."""
        raise NotImplementedError

    def new_slot(self) -> str:
        """What tells the next measurement from all others, those of other parts on the same tables too."""
        return f"{self._slot}-{len(self.slots)}"

    def log(self) -> Path:
        return self.field.folder.path / f"{self._slot}.log"


class LootLink(Site):
    kind, name, ours = "lootlink", "LootLink", True

    def start(self) -> None:
        self.database = self.field.prepared(f"lootlink{self.number}x{self.size}")
        environment = {
            "REDIS_URL": self.field.redis.url,
            "REDIS_PREFIX": f"bench-{os.getpid()}-{free_port()}",
            "LOOTLINK_RATE_LIMITS": "off",
            "LOG_LEVEL": "WARNING",
        }
        log = self._started.enter_context(self.log().open("ab"))
        for _ in range(self.number):
            worker = OnPort(self.database, environment, log)
            self._started.callback(worker.stop)
            worker.spawn()
            worker.wait()
            self.urls.append(worker.url)
            self.pids.append(worker.pid)
        crowd = [sys.executable, "-m", "bench.chat.crowd", str(self.size)]
        told = subprocess.run(
            crowd, env={**os.environ, "DATABASE_URL": self.database}, capture_output=True, text=True, check=True
        )
        self.pairs = json.loads(told.stdout)

    def faults(self) -> list[str]:
        with psycopg.connect(self.database) as connection:
            return [
                *rows.messages(connection, self.slots, "chat_message"),
                *rows.logs(connection, [person[0] for _talk, *both in self.pairs for person in both]),
            ]


class SocketIo(Site):
    kind, name = "socketio", "Socket.IO"
    connections = 10  # pg's own number

    def start(self) -> None:
        folder = node.installed("socketio")
        self.database = self.field.database(f"socketio{self.number}x{self.size}")
        ids = range(1, 2 * self.size + 1, 2)
        with psycopg.connect(self.database) as connection:
            connection.execute((folder / "schema.sql").read_text())
            connection.cursor().executemany(
                "INSERT INTO participant (conversation_id, user_id) VALUES (%s, %s)",
                [(talk, person) for talk, first in enumerate(ids, 1) for person in (first, first + 1)],
            )
        self.pairs = [(talk, (first, ""), (first + 1, "")) for talk, first in enumerate(ids, 1)]
        for _ in range(self.number):
            port = free_port()
            environment = {
                "PORT": str(port),
                "DATABASE_URL": self.database,
                "REDIS_URL": self.field.redis.url,
                "POOL": str(self.connections),
                "NODE_ENV": "production",
            }
            command = [node.binary(), folder / "server.mjs"]
            process = self._started.enter_context(running(command, environment, "listening", self.log()))
            self.pids.append(process.pid)
            self.urls.append(f"http://127.0.0.1:{port}")

    def faults(self) -> list[str]:
        with psycopg.connect(self.database) as connection:
            return rows.messages(connection, self.slots, "message")


class Tutorial(Site):
    kind, name = "tutorial", "Channels tutorial"

    def start(self) -> None:
        self.database = self.field.database(f"tutorial{self.number}x{self.size}")
        environment = {
            "DATABASE_URL": self.database,
            "REDIS_URL": self.field.redis.url,
            "REDIS_PREFIX": f"tutorial-{os.getpid()}-{free_port()}",
            "DJANGO_SETTINGS_MODULE": f"{TUTORIAL}.settings",
        }
        migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run(migrate, env={**os.environ, **environment}, check=True)
        self._fill()
        for _ in range(self.number):
            url, pid = self._started.enter_context(stock_daphne(f"{TUTORIAL}.asgi:application", environment, self.log()))
            self.urls.append(url)
            self.pids.append(pid)

    def _fill(self) -> None:
        with psycopg.connect(self.database) as connection:
            people = f"INSERT INTO tutorial_person (name) SELECT 'p' || n FROM generate_series(1, {2 * self.size}) n RETURNING id"
            ids = [row[0] for row in connection.execute(people)]
            both = list(zip(ids[::2], ids[1::2], strict=True))
            for pair in both:
                talk = connection.execute("INSERT INTO tutorial_conversation DEFAULT VALUES RETURNING id").fetchone()[0]
                self.pairs.append((talk, *((person, "") for person in pair)))
                for person in pair:
                    link = "INSERT INTO tutorial_conversation_people (conversation_id, person_id) VALUES (%s, %s)"
                    connection.execute(link, (talk, person))

    def faults(self) -> list[str]:
        with psycopg.connect(self.database) as connection:
            return rows.messages(connection, self.slots, "tutorial_message")
