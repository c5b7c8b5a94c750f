"""The database as a stream of blocks, and back: PostgreSQL by its own tools, SQLite by its own copying."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from django.db import connection

from . import Unusable

BLOCK = 1 << 20
TOOLS = "/usr/lib/postgresql"
LOCK_PATIENCE = "15s"


def dump() -> Iterator[bytes]:
    """All of the database as it was at one moment. Raises Unusable."""
    return _dump_postgresql() if connection.vendor == "postgresql" else _dump_sqlite()


def put_back(blocks: Iterable[bytes]) -> None:
    """Replace the database by what dump() gave, at once or not at all. Raises Unusable."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
        _put_back_postgresql(blocks)
    else:
        _put_back_sqlite(blocks)


LEAVING = 2  # seconds: a connection that has just been closed is not gone at once


def others() -> int:
    """Connections of other processes; SQLite doesn't know."""
    if connection.vendor != "postgresql":
        return 0
    connection.close()
    connection.close_pool()
    until = time.monotonic() + LEAVING
    with psycopg.connect(**_parameters(), connect_timeout=5, autocommit=True) as asking:
        while True:
            row = asking.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
            if not row[0] or time.monotonic() > until:
                return row[0]
            time.sleep(0.1)


# PostgreSQL


def _dump_postgresql() -> Iterator[bytes]:
    command = [_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=said) as run,
    ):
        yield from iter(lambda: run.stdout.read(BLOCK), b"")
        if run.wait():
            raise Unusable(_told("pg_dump", said))


def _put_back_postgresql(blocks: Iterable[bytes]) -> None:
    """One transaction, which only a whole archive commits."""
    begin = f"SET lock_timeout = '{LOCK_PATIENCE}'; BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
    unpack = [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
    execute = [_tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(unpack, stdin=pipe, stdout=pipe, stderr=said) as archive,
        subprocess.Popen(execute, env=_environment(), stdin=pipe, stderr=said) as target,
    ):

        def hand_on():
            with contextlib.suppress(BrokenPipeError), archive.stdout:
                target.stdin.write(begin.encode())
                shutil.copyfileobj(archive.stdout, target.stdin)

        thread = threading.Thread(target=hand_on)
        thread.start()
        whole = False
        try:
            with contextlib.suppress(BrokenPipeError), archive.stdin:
                for block in blocks:
                    archive.stdin.write(block)
                whole = True
        finally:
            thread.join()
            with contextlib.suppress(BrokenPipeError), target.stdin:
                if archive.wait() == 0 and whole:
                    target.stdin.write(b"\nCOMMIT;\n")
        if target.wait() or archive.returncode:
            raise Unusable(_told("the database was left as it was: psql", said))


def _tool(name: str) -> str:
    installed = sorted(Path(TOOLS).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = shutil.which(name) or (installed and str(installed[-1]))
    if not found:
        raise Unusable(f"{name} is missing: apt-get install postgresql-client, of the server's version.")
    return found


def _parameters() -> dict:
    known = connection.settings_dict
    given = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    given |= {name: value for name, value in known["OPTIONS"].items() if name.startswith("ssl")}
    return {"dbname": known["NAME"]} | {name: value for name, value in given.items() if value}


def _environment() -> dict:
    """Where the tools connect to; in no list of processes."""
    names = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    return os.environ | {names.get(name, f"PG{name.upper()}"): str(value) for name, value in _parameters().items()}


def _told(tool: str, said) -> str:
    said.seek(0)
    return f"{tool}: {said.read().decode(errors='replace').strip()}"


# SQLite


def _dump_sqlite() -> Iterator[bytes]:
    with _beside() as path:
        _copy(connection.settings_dict["NAME"], path)
        with path.open("rb") as file:
            yield from iter(lambda: file.read(BLOCK), b"")


def _put_back_sqlite(blocks: Iterable[bytes]) -> None:
    with _beside() as path:
        with path.open("wb") as file:
            file.writelines(blocks)
        try:
            _copy(path, connection.settings_dict["NAME"])
        except sqlite3.DatabaseError as error:
            raise Unusable(f"the database was left as it was: {error}") from error


def _copy(source, target) -> None:
    """One transaction on either side, whoever else reads and writes."""
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        if old.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise Unusable(f"{source} is damaged")
        old.backup(new)


@contextlib.contextmanager
def _beside() -> Iterator[Path]:
    """A file that only this user reads, gone again at the end. Where the database is there is room for it."""
    folder = Path(connection.settings_dict["NAME"]).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as own:
        yield Path(own) / "copy.sqlite3"
