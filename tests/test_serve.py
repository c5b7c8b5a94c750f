"""The worker's process: when it says that it listens, how it stops, and when it refuses to start."""

import http.client
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.servers import free_port
from tests.slow_site import LARGE

FRAME_BYTES = 32 * 1024


def start(*arguments, **environment):
    inherited = {key: value for key, value in os.environ.items() if key not in ("REDIS_URL", "WORKERS", "WEB_CONCURRENCY")}
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**inherited, "DJANGO_SETTINGS_MODULE": "lootlink.settings", "SECRET_KEY": "tests", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def stop(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=25) == 0


def until_asked(process, times=1):
    """Until so many requests that take their time have been read."""
    for _ in range(times):
        assert process.stdout.readline() == "asked\n"


def waiting_at(port):
    """How many connections the kernel has for this port that nobody has taken yet."""
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].partition(":")[2], 16) for row in listening if row[3] == "0A" and row[1].endswith(f":{port:04X}"))


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path / 'site.sqlite3'}"


@pytest.fixture
def site(database):
    """A running worker as (process, port)."""
    port = free_port()
    process = start("tests.slow_site", str(port), DATABASE_URL=database)
    assert "is listening on" in process.stdout.readline()
    yield process, port
    process.kill()
    process.wait()
    process.stdout.close()


def post(port, seconds, body=b"hello"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", f"/?{seconds}", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_it_is_open_as_soon_as_it_says_so(site):
    _, port = site
    assert post(port, 0) == b"hello"


def test_sigterm_loses_no_request_that_the_kernel_has_taken(site):
    process, port = site
    post(port, 0)  # Twisted takes in one at a time from now on
    process.send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(200) as pool:
        answers = [pool.submit(post, port, 0, b"%d" % number) for number in range(200)]
        while waiting_at(port) < 200:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        assert [answer.result() for answer in answers] == [b"%d" % number for number in range(200)]


def test_sigterm_loses_no_request_in_flight(site):
    process, port = site
    bodies = [b"%d" % number * 1000 for number in range(40)]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = [pool.submit(post, port, 0.5 + number % 4 * 0.5, body) for number, body in enumerate(bodies)]
        until_asked(process, len(bodies))
        stop(process)
        assert [answer.result() for answer in answers] == bodies
    with pytest.raises(ConnectionRefusedError):
        post(port, 0)


def test_sigterm_under_steady_new_requests_fails_none_that_was_taken_in(site):
    process, port = site
    answered = [0] * 8

    def trader(number):
        while True:
            try:
                assert post(port, 0.05) == b"hello"
            except ConnectionRefusedError:
                return
            answered[number] += 1

    with ThreadPoolExecutor(8) as pool:
        traders = [pool.submit(trader, number) for number in range(8)]
        while min(answered) < 4:
            time.sleep(0.02)
        stop(process)
        assert [each.result() for each in traders] == [None] * 8


def test_a_busy_kept_alive_connection_is_told_to_close(site):
    process, port = site
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    told = None
    for number in range(400):
        connection.request("POST", "/?0.01", b"again")
        answer = connection.getresponse()
        assert answer.read() == b"again"
        if number == 5:
            process.send_signal(signal.SIGTERM)
        if told := answer.getheader("Connection"):
            break
    assert told == "close"
    assert process.wait(timeout=10) == 0


def test_an_idle_kept_alive_connection_is_closed_while_a_busy_one_is_answered(site):
    process, port = site
    idle = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    idle.request("GET", "/?0")
    assert idle.getresponse().read() == b""
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(post, port, 3)
        until_asked(process)
        process.send_signal(signal.SIGTERM)
        assert idle.sock.recv(1) == b""
        assert not busy.done()
        assert busy.result() == b"hello"
    assert process.wait(timeout=25) == 0


def test_a_begun_answer_reaches_a_slow_reader_to_the_end(site):
    process, port = site
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/?0&large")
    answer = connection.getresponse()
    answer.read(1)
    process.send_signal(signal.SIGTERM)
    size = 1
    while part := answer.read(512 * 1024):
        size += len(part)
        time.sleep(0.1)
    assert size == LARGE
    assert process.wait(timeout=10) == 0


def test_a_worker_stops_though_nobody_reads_what_it_says(site):
    process, _port = site
    process.stdout.close()
    stop(process)


def test_a_worker_that_has_only_just_opened_stops(database):
    with start("tests.slow_site", str(free_port()), "stopped", DATABASE_URL=database) as process:
        try:
            assert process.wait(timeout=25) == 0
        finally:
            process.kill()


def test_sockets_hear_goodbye(site):
    process, port = site
    with connect(f"ws://127.0.0.1:{port}/ws/") as tab:
        tab.send("hello")
        assert tab.recv(timeout=5) == "5"
        stop(process)
        assert tab.recv(timeout=5) == "bye"
        with pytest.raises(ConnectionClosed) as end:
            tab.recv(timeout=5)
    assert end.value.rcvd.code == 4012


def test_a_frame_over_the_limit_is_cut(site):
    _, port = site
    with connect(f"ws://127.0.0.1:{port}/ws/") as tab:
        tab.send("x" * FRAME_BYTES)
        assert tab.recv(timeout=5) == str(FRAME_BYTES)
        tab.send("x" * (FRAME_BYTES + 1))
        with pytest.raises(ConnectionClosed):
            tab.recv(timeout=5)


def refusal(*arguments, **environment):
    process = start("lootlink.serve", *arguments, **environment)
    words, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    return words


def test_a_second_process_without_redis_is_refused(site, database):
    folder, _, name = database.rpartition("/")
    for same in (database, f"{folder}/./{name}"):
        assert "REDIS_URL" in refusal("--port", str(free_port()), DATABASE_URL=same)


def test_a_database_in_no_folder_is_a_refusal(tmp_path):
    place = tmp_path / "nowhere" / "site.sqlite3"
    assert str(place) in refusal("--port", str(free_port()), DATABASE_URL=f"sqlite:///{place}").splitlines()[-1]


def test_a_worker_with_redis_is_refused_beside_one_without(site, database):
    assert "REDIS_URL" in refusal("--port", str(free_port()), DATABASE_URL=database, REDIS_URL="redis://127.0.0.1:1/0")


def test_several_workers_without_redis_are_refused(database):
    assert "REDIS_URL" in refusal("--port", str(free_port()), DATABASE_URL=database, WORKERS="2")


def test_a_taken_port_is_named(site, tmp_path):
    _, port = site
    assert f"127.0.0.1:{port}" in refusal("--port", str(port), DATABASE_URL=f"sqlite:///{tmp_path / 'other.sqlite3'}")


def test_no_secret_key_is_a_refusal(database):
    assert "SECRET_KEY" in refusal("--port", str(free_port()), DATABASE_URL=database, SECRET_KEY="")
