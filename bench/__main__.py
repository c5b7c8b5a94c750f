"""`python -m bench [chat50 chat500 …]`: LootLink beside its peers, on servers of its own. Exit 1 where a target is missed."""

import argparse
import importlib
import os
import signal
import sys
import time

from tests.servers import Unavailable, apart, temporary_folder

from . import report
from .part import PARTS, NotRun, Part, Scale
from .rounds import Results, run

MODULES = ("chat.parts", "sockets", "pages", "search", "growth", "logs")


def arguments(words=None):
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help="all without a name")
    parser.add_argument("--quick", action="store_true", help="two short rounds, for a first look: under three minutes")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="what there is, and run nothing")
    return parser.parse_args(words)


def main() -> int:
    options = arguments()
    with _Servers() as field:
        _learn(field)
        if options.list:
            print("\n".join(f"{each.name:<8} {each.what}" for each in PARTS.values()))
            return 0
        unknown = set(options.parts) - set(PARTS)
        if unknown:
            sys.exit(f"There is no part {', '.join(sorted(unknown))}: python -m bench --list")
        scale = Scale(options.quick, options.rounds, options.seed)
        found = {}
        for name in options.parts or PARTS:
            print(f"\n{name}: {PARTS[name].what}", flush=True)
            results = _measure(PARTS[name], field, scale)
            if results:
                found[name] = results
                print(report.lines(results), flush=True)
    return report.summed_up(found, scale)


def _measure(part: Part, field, scale: Scale) -> Results | None:
    began = time.monotonic()
    try:
        with part.open(field, scale) as trial:
            return run(trial, scale.rounds, lambda text: print(f"  … {text}", flush=True))
    except NotRun as reason:
        print(f"  not run: {reason}", flush=True)
        return None
    finally:
        print(f"  {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.2f}", flush=True)


class _Servers:
    """PostgreSQL and Redis for all parts, and Django on them."""

    def __enter__(self):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.folder = temporary_folder()
        self.field = importlib.import_module(f"{__package__}.field").Field(self.folder)
        try:
            self.field.start()
        except Unavailable as missing:
            self.__exit__()
            sys.exit(str(missing))
        except BaseException:
            self.__exit__()
            raise
        apart(self.folder)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lootlink.settings",
            "DATABASE_URL": self.field.url,
            "REDIS_URL": self.field.redis.url,
            "SECRET_KEY": "only-for-the-bench-only-for-the-bench-only-for-the-bench",
            "MEDIA_ROOT": str(self.folder.path / "media"),
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "ERROR",
            "LOOTLINK_RATE_LIMITS": "off",
        }
        return self.field

    def __exit__(self, *_error):
        self.field.stop()
        self.folder.stop()


def _learn(field) -> None:
    """The parts, which need Django; and its tables."""
    importlib.import_module("django").setup()
    importlib.import_module("django.core.management").call_command("prepare", verbosity=0)
    connection = importlib.import_module("django.db").connection
    connection.close()
    connection.close_pool()
    field.keep_clean()
    for module in MODULES:
        importlib.import_module(f"{__package__}.{module}")


if __name__ == "__main__":
    sys.exit(main())
