"""A server of a bench: started, waited for until it says that it listens, and ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port

PATIENCE = 5  # seconds to end in


@contextmanager
def running(command: list, environment: dict[str, str], ready: str, log: Path) -> Iterator[subprocess.Popen]:
    """`ready`: in the line that it writes once it listens. What it complains of goes to `log`."""
    with log.open("ab") as complaints:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=complaints, text=True
        )
    try:
        if not any(ready in line for line in process.stdout):
            raise RuntimeError(f"{command[-1]} did not start: {log.read_text(errors='replace')[-2000:]}")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@contextmanager
def stock_daphne(application: str, environment: dict[str, str], log: Path) -> Iterator[tuple[str, int]]:
    """The address and the process of daphne as it comes."""
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.daphne", str(port), application]
    with running(command, environment, "listening", log) as process:
        yield f"http://127.0.0.1:{port}", process.pid
