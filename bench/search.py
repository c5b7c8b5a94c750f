"""search: a million Russian listings on PostgreSQL beside ILIKE over the same rows, and a hundred thousand on SQLite."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .field import Field
from .part import Contender, Measured, Scale, Target, Trial, part

LISTINGS, QUICK, FEW = 1_000_000, 100_000, 100_000
LIMIT, LIMIT_OF_SQLITE, LIMIT_OF_A_KEY = 20, 10, 10  # ms, medians
LIMIT_OF_THE_ODD = 1_000  # ms, the worst of what may have most to do
WORSE = 500  # times that ILIKE's worst is slower than our worst
# name: (words, order). {rare} stands for a name that one listing in a thousand has.
QUERIES = {
    "very common": ("персонаж", ""),
    "common": ("меч", ""),
    "rare": ("{rare}", ""),
    "two words": ("меч рассвета", ""),
    "common and rare": ("персонаж {rare}", ""),
    "cheapest": ("персонаж", "price"),
    "nothing": ("дирижабль", ""),
    "layout": ("vtx", ""),
    "slip": ("расвета", ""),
}
KEYS = ("ме", "ра", "vtx", "меч ра", "counter")
POSTGRESQL, ILIKE, SQLITE = "PostgreSQL", "ILIKE", "SQLite"


@part("search", f"words among {LISTINGS:,} Russian listings on PostgreSQL, beside ILIKE, and among {FEW:,} on SQLite")
@contextmanager
def search(field: Field, scale: Scale) -> Iterator[Trial]:
    listings = scale.of(LISTINGS, QUICK)
    big = {"DATABASE_URL": field.prepared("search")}
    small = {"DATABASE_URL": f"sqlite:///{field.folder.path / 'search.sqlite3'}", "REDIS_URL": ""}
    _run("manage.py", ["migrate", "-v0"], small)
    for environment, count in ((big, listings), (small, scale.of(FEW, FEW // 10))):
        _run("-m", ["bench.fill", str(count)], environment)
    field.settle(big["DATABASE_URL"])
    repeats = scale.of(9, 3)
    contenders = [
        Contender(POSTGRESQL, partial(_asked, big, "ours", repeats), ours=True),
        Contender(ILIKE, partial(_asked, big, "ilike", 1)),
        Contender(SQLITE, partial(_asked, small, "ours", repeats), ours=True),
    ]
    trial = Trial(contenders, _targets(), twice=POSTGRESQL, remarks=[f"{listings:,} listings on PostgreSQL"])
    trial.rounds = scale.of(3, 1)
    yield trial


def _targets() -> list[Target]:
    worst = "worst ms"
    return [
        *(Target(f"{name}, p50 in ms", f"{name} ms", POSTGRESQL, LIMIT, more=False) for name in QUERIES),
        Target("the worst of ILIKE ÷ the worst of ours", worst, ILIKE, WORSE, over=POSTGRESQL),
        Target("the worst of odd searches, in ms", "odd ms", POSTGRESQL, LIMIT_OF_THE_ODD, more=False),
        Target("the worst on SQLite, p50 in ms", worst, SQLITE, LIMIT_OF_SQLITE, more=False),
        *(
            Target(f"a key typed, worst on {kind}, in ms", "key ms", kind, LIMIT_OF_A_KEY, more=False)
            for kind in (POSTGRESQL, SQLITE)
        ),
    ]


def _asked(environment: dict[str, str], how: str, repeats: int) -> Measured:
    told = json.loads(_run("-m", ["bench.searching", how, str(repeats)], environment).splitlines()[-1])
    return Measured(told["figures"], told["faults"])


def _run(first: str, arguments: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, first, *arguments]
    root = Path(__file__).parent.parent
    return subprocess.run(
        command, env={**os.environ, **environment}, cwd=root, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
