"""`make stack`: the whole site as operators run it, until Ctrl-C. `--check`: proves itself in a few minutes, and ends."""

import argparse
import contextlib
import importlib
import os
import signal
import sys

from drills.__main__ import learn, run, servers
from drills.row import Scale
from tests.servers import Unavailable

from .servers import Bucket


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    parser.add_argument("--check", action="store_true", help="prove it and end, instead of serving")
    parser.add_argument("--quick", action="store_true", help="less of each check")
    parser.add_argument("--port", type=int, default=8000, help="where nginx listens")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("names", nargs="*", help="of checks; all without a name")
    options = parser.parse_args()
    with servers() as (folder, postgres), contextlib.ExitStack() as ends:
        bucket = Bucket(folder)
        ends.callback(bucket.stop)
        try:
            bucket.start()
            os.environ |= bucket.environment_of_workers
            learn()
            # These need Django, which has only now been told where everything is.
            topology = importlib.import_module(f"{__package__}.topology").Topology
            if options.check:
                known = importlib.import_module(f"{__package__}.check").checks(bucket)
                checks = [each for each in known if not options.names or each.name in options.names]
                stage = topology(folder, postgres.url, postgres)
                return _checked(checks, stage, Scale(options.quick))
            importlib.import_module("django.core.management").call_command("demo")
            _serve(topology(folder, postgres.url, postgres, options.port), options.workers)
        except Unavailable as missing:
            sys.exit(str(missing))
        except KeyboardInterrupt:
            return 130
    return 0


def _serve(stage, workers: int) -> None:
    with (
        stage.site(workers, LOOTLINK_RATE_LIMITS="on", LOG_LEVEL="INFO") as site,
        contextlib.suppress(KeyboardInterrupt),
    ):
        print(
            f"{workers} workers behind nginx, PostgreSQL, Redis and S3. Open {site.url}/ and log in as prodavec or pokupatel, "
            f"password lootlink-demo. What the workers say is in {site.log}. Ctrl-C stops and forgets all of it.",
            flush=True,
        )
        signal.pause()


def _checked(checks, stage, scale: Scale) -> int:
    rows = []
    for each in checks:
        row = run(each, stage, scale)
        print(row.lines(), flush=True)
        rows.append(row)
    failed = [row.name for row in rows if row.failed or row.result == "not run"]
    print(f"\n{len(rows) - len(failed)} of {len(rows)} held{': not ' + ' '.join(failed) if failed else '.'}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
