"""The tests of the release before, on tables that this release has migrated."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from drills.releases import before
from drills.row import Outcome, Scale
from tests.servers import Postgres, temporary_folder
from tests.workers import ROOT

from .topology import Topology

MIGRATIONS = "apps/*/migrations/0*.py"
TESTS = ("apps", "consumers")
QUICK = ("apps/chat/tests/test_history.py",)
PASSED, FAILED = 0, 1  # pytest's codes
# Its own plugin knows the rest, and would meet what the checks have set.
KEPT = ("PATH", "HOME", "LANG", "CHROMIUM")
# What a column without a default in the database would be to code that does not know it.
DEMAND = "TRUNCATE chat_message CASCADE; ALTER TABLE chat_message ADD COLUMN tone varchar(9) NOT NULL"


def tested(stage: Topology, scale: Scale) -> Outcome:
    commit, root = before(stage.folder.path, _before_the_newest())
    newer = _migrations(ROOT) - _migrations(root)
    folder = temporary_folder()
    server = Postgres(folder)
    try:
        server.start()
        tables = _migrated(server)
        code, said = _run(root, server, scale.of(TESTS, QUICK))
        if code:
            print(said, flush=True)
        outcome = Outcome(f"{commit} on tables that are {len(newer)} migrations newer: {_last(said)}", code == PASSED)
        if scale.controls:
            with psycopg.connect(tables) as connection:
                connection.execute(DEMAND)
            code, said = _run(root, server, QUICK)
            outcome.control = f"a column that the database demands and it does not know: {_last(said)}"
            outcome.control_failed = code == FAILED
        return outcome
    finally:
        server.stop()
        folder.stop()


def _before_the_newest() -> str:
    """Where no release has been tagged yet: the last commit that lacks a migration, and whose own are those of today.

    One that was written anew since then was part of no release.
    """
    for commit in _git("log", "--format=%h", "--", MIGRATIONS).split():
        lacking, rewritten = (
            _git("diff", "--name-only", f"--diff-filter={kind}", f"{commit}^", "HEAD", "--", MIGRATIONS) for kind in "AM"
        )
        if lacking and not rewritten:
            return f"{commit}^"
    return ""


def _git(*arguments: str) -> str:
    command = ["git", "-C", ROOT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _migrations(root: Path) -> set[Path]:
    return {path.relative_to(root) for path in root.glob(MIGRATIONS)}


def _migrated(server: Postgres) -> str:
    """The database that the tests would make for themselves, made by this release."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE test_lootlink")
    url = server.url.removesuffix("lootlink") + "test_lootlink"
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
    return url


def _run(root: Path, server: Postgres, tests: tuple[str, ...]) -> tuple[int, str]:
    """pytest's code, and what it says. Its own `migrate` meets migrations that it does not know, as when one goes back."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    pytest = [sys.executable, "-m", "pytest", "--db=postgres", "--reuse-db", "-q", "--tb=short", "-p", "no:cacheprovider"]
    answer = subprocess.run(
        [*pytest, "-m", "not browser and not cluster", *tests],
        cwd=root,
        env=environment | {"TEST_DATABASE_URL": server.url},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout + answer.stderr


def _last(said: str) -> str:
    return said.strip().rpartition("\n")[2]
