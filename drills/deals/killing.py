"""Which test notices each mutant: the tests are run again for each of them, in a process of their own, until one fails."""

import os
import re
import subprocess
import sys

from tests.workers import ROOT

from . import mutants

# Those that look for it first; whatever they leave alive goes through the rest.
RELEVANT = (
    "drills/tests/test_deals_constraints.py",
    "drills/tests/test_deals_locks.py",
    "apps/transactions/tests/test_races.py",
    "apps/transactions",
    "drills/tests/test_deals.py",
    "apps/live",
    "apps/chat",
    "apps/notifications",
    "apps/listings/tests/test_selling.py",
    "apps/listings/tests/test_photos.py",
    "apps/accounts",
    "consumers/tests",
    "tests/test_models_of_the_seed.py",
)
HOW = ("-p", "drills.deals.mutant_plugin", "-p", "no:randomly", "-x", "-q", "--tb=no", "--show-capture=no")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
MARKS = {"sqlite": "not browser and not cluster", "postgres": "not browser"}
LONGEST = 400  # seconds


def killed(database: str) -> dict[str, str]:
    """The test that failed for each mutant, or nothing."""
    return {name: killer(name, database) for name in mutants.MUTANTS if name != "naive"}


def killer(name: str, database: str) -> str:
    on = "sqlite" if name in mutants.ON_SQLITE else "postgres"
    environment = {
        **os.environ,
        "MUTANT": name,
        "TEST_DATABASE_URL": database,
        "PYTEST_ADDOPTS": "",
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", f"--db={on}", "-m", MARKS[on], *HOW, *RELEVANT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    found = FAILED.search(run.stdout)
    return found[1] if found else ""
