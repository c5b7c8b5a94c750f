"""Which test notices each mutant. A group of them is tried by the tests that look for it; what they leave alive, by all.

With each group goes one that takes nothing away: a test that notices it would notice anything.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.workers import ROOT

from . import mutants

HOW = ("-p", "drills.deals.mutant_plugin", "-p", "no:randomly", "-q", "--tb=no", "--show-capture=no")
# By the beginning of their names.
GROUPS = {
    "constraint listing_price_in_reach": ("drills/tests/test_deals_constraints.py", "-k", "reach-listing_price_in_reach"),
    "constraint": ("drills/tests/test_deals_constraints.py",),
    "trigger": ("apps/transactions/tests/test_flow.py::test_the_database_refuses_to_rewrite_the_history",),
    "rule": ("apps/transactions/tests/test_flow.py",),
    "deferred": ("drills/tests/test_deals.py",),
    "on_commit apps.live": ("apps/live/tests/test_feed.py",),
    "on_commit": ("drills/tests/test_deals_commits.py",),
    "": ("drills/tests/test_deals_locks.py",),
}
REST = ("apps", "consumers", "drills/tests/test_deals.py", "drills/tests/test_deals_constraints.py")
LONGEST = 900  # seconds


def killed(database: str) -> dict[str, str]:
    """The test that failed for each mutant, or nothing; that of the mutant `nothing` too."""
    found = dict.fromkeys((name for name in mutants.MUTANTS if name not in {"naive", "nothing"}), "")
    groups: dict[tuple, list[str]] = {}
    for name in found:
        group = next(group for group in GROUPS if name.startswith(group))
        groups.setdefault((group, name in mutants.ON_SQLITE), []).append(name)
    for (group, _database), names in groups.items():
        found |= noticed([*names, "nothing"], database, GROUPS[group])
    for name in [name for name in found if not found[name]]:
        found |= noticed([name], database, REST)
    return {"nothing": "", **found}


def noticed(names: list[str], database: str, tests: tuple[str, ...]) -> dict[str, str]:
    on, marks = "postgres", "not browser"
    if names[0] in mutants.ON_SQLITE:
        on, marks = "sqlite", "not browser and not cluster"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "noticed.json"
        told = {"MUTANTS": "\n".join(names), "MUTANT_REPORT": str(report), "TEST_DATABASE_URL": database}
        command = [sys.executable, "-m", "pytest", f"--db={on}", "-m", marks, *HOW, *tests]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.DEVNULL, timeout=LONGEST)
        return json.loads(report.read_text())
