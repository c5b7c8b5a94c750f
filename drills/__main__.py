"""`python -m drills [F2 F12 …]`: runs the drills one by one on servers of its own, and prints a row each."""

import argparse
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from tests.servers import Postgres, Unavailable, apart, temporary_folder

from .row import DRILLS, Drill, NotRun, Row, Scale

MODULES = (
    *("faults", "refs", "redis_faults", "database_faults", "session_faults", "telling"),
    *("floods", "throng", "soak", "fuzz", "releases", "restoring", "deals.rows"),
)
ROWS = Path(__file__).parent.parent / "var" / "drills.json"


class Overdue(BaseException):
    """The drill's time is over, whatever it waits for."""


def arguments(words=None):
    parser = argparse.ArgumentParser(prog="python -m drills", description=__doc__)
    parser.add_argument("names", nargs="*", help="all without a name")
    parser.add_argument("--quick", action="store_true", help="shortened, as in make test")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--list", action="store_true", help="what there is, and run nothing")
    parser.add_argument("--no-controls", action="store_true")
    return parser.parse_args(words)


def main() -> int:
    options = arguments()
    with servers() as (folder, postgres):
        learn()
        if options.list:
            print("\n".join(f"{each.name:<4} {each.what}; {each.target}" for each in _chosen([])))
            return 0
        unknown = set(options.names) - set(DRILLS)
        if unknown:
            sys.exit(f"There is no drill {', '.join(sorted(unknown))}: python -m drills --list")
        stage = importlib.import_module(f"{__package__}.stage").Stage(folder, postgres.url, postgres)
        rows = []
        for each in _chosen(options.names):
            row = run(each, stage, Scale(options.quick, options.seed, not options.no_controls))
            print(row.lines(), flush=True)
            rows.append(row)
    return _summed_up(rows)


def run(drill: Drill, stage, scale: Scale) -> Row:
    """One drill, and whatever came of it: a drill that breaks did not hold."""
    row = Row(drill.name, drill.what, drill.target, scale.seed)
    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, _overdue)
    signal.alarm(drill.seconds)
    try:
        row.take(drill.run(stage, scale))
    except NotRun as reason:
        row.result, row.figure = "not run", str(reason)
    except Overdue:
        row.result, row.figure = "NOT HELD", f"not done within {drill.seconds} s"
    except Exception as error:  # noqa: BLE001 - the other drills still have to run
        traceback.print_exc()
        row.result, row.figure = "NOT HELD", f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    row.seconds, row.load = time.monotonic() - began, os.getloadavg()
    return row


def _overdue(*_signal):
    raise Overdue


def _chosen(names: list[str]) -> list[Drill]:
    return sorted((DRILLS[name] for name in names or DRILLS), key=lambda each: (each.name[0], int(each.name[1:])))


def _summed_up(rows: list[Row]) -> int:
    ROWS.parent.mkdir(exist_ok=True)
    ROWS.write_text(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1))
    results = [row.result for row in rows]
    failed = [row.name for row in rows if row.failed]
    print(
        f"\n{results.count('held')} held, {len(failed)} did not{': ' + ' '.join(failed) if failed else ''}, "
        f"{results.count('not run')} not run. The rows are in {ROWS}."
    )
    return bool(failed)


class servers:
    """PostgreSQL as in production, that is with commits that last, and Django on it."""

    def __enter__(self):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.folder = temporary_folder()
        self.postgres = Postgres(self.folder, durable=True)
        try:
            self.postgres.start()
        except Unavailable as missing:
            self.__exit__()
            sys.exit(str(missing))
        except BaseException:
            self.__exit__()
            raise
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lootlink.settings",
            "DATABASE_URL": self.postgres.url,
            "SECRET_KEY": "only-for-drills-only-for-drills-only-for-drills-only-for-drills",
            "MEDIA_ROOT": str(self.folder.path / "media"),
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "ERROR",  # connections that a drill has cut are no news
        }
        apart(self.folder)
        return self.folder, self.postgres

    def __exit__(self, *_error):
        self.postgres.stop()
        self.folder.stop()


def learn() -> None:
    """What can be run; the drills need Django, and its tables."""
    importlib.import_module("django").setup()
    importlib.import_module("django.core.management").call_command("prepare", verbosity=0)
    for module in MODULES:
        importlib.import_module(f"{__package__}.{module}")


if __name__ == "__main__":
    sys.exit(main())
