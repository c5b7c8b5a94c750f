"""Pytest plugin: the database and Redis of this run, started before Django reads its settings and stopped at the end.

`--db=sqlite` (the default) is the site as `make run` has it; `--db=postgres` has PostgreSQL, Redis and Chromium. Tests find
TEST_DATABASE_URL, TEST_REDIS_URL and CHROMIUM in the environment, and DATABASE_URL and REDIS_URL name what the run is on.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.servers import Postgres, Redis, Unavailable, apart, browser, check_postgres, check_redis, free_port, temporary_folder

WAIT = 30  # seconds
running = []


def pytest_addoption(parser):
    parser.addoption(
        "--db",
        choices=("sqlite", "postgres"),
        default=os.environ.get("LOOTLINK_TEST_DB", "sqlite"),
        help="sqlite: alone, without Redis. postgres: with Redis and Chromium.",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    # A wrapper, because pytest-django reads DATABASES in this very hook.
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    try:
        if worker:
            # Pub/sub ignores database numbers.
            os.environ["REDIS_PREFIX"] = f"tests-{worker}"
        else:
            prepare(early_config.known_args_namespace.db)
        return (yield)
    except Unavailable as missing:
        stop()
        raise pytest.UsageError(str(missing)) from None
    except BaseException:
        # pytest cleans up only what it has begun.
        stop()
        raise


def prepare(database):
    # Told to end, pytest cleans up as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = temporary_folder()
    running.append(folder)
    environment = {
        "LOOTLINK_TEST_DB": database,
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
        "MEDIA_ROOT": f"{folder.path}/media",
        "TEST_SQLITE_NAME": f"{folder.path}/test.sqlite3",
        "DATABASE_URL": f"sqlite:///{folder.path}/site.sqlite3",
    }
    apart(folder)
    if database == "postgres":
        environment["CHROMIUM"] = browser()
        environment["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or started(Postgres(folder)).url
        environment["REDIS_URL"] = os.environ.get("TEST_REDIS_URL") or started(Redis(folder)).url
        environment["TEST_DATABASE_URL"] = environment["DATABASE_URL"]
        environment["TEST_REDIS_URL"] = environment["REDIS_URL"]
        check_postgres(environment["DATABASE_URL"])
        check_redis(environment["REDIS_URL"])
    os.environ.update(environment)


def started(server):
    running.append(server)
    server.start()
    return server


def stop():
    while running:
        running.pop().stop()


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")


def pytest_unconfigure():
    stop()


def pytest_report_header(config):
    return f"database: {os.environ['DATABASE_URL'].partition(':')[0]}, redis: {'yes' if os.environ.get('REDIS_URL') else 'no'}"


@pytest.fixture(scope="session")
def moto_server():
    """The address of an S3 that lives in memory, on a free port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        answers(f"{url}/moto-api/")
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url):
    deadline = time.monotonic() + WAIT
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.status
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
