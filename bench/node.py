"""Node.js, and the peers that run on it: installed once, below var/, as their lock says."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from .part import NotRun

PEERS = Path(__file__).parent / "peers"
INSTALLED = Path(__file__).parent.parent / "var" / "bench-peers"


def binary() -> str:
    found = shutil.which("node")
    if not found:
        raise NotRun("Node.js is not on this machine: apt-get install nodejs npm")
    return found


@cache
def installed(peer: str) -> Path:
    """The folder that it runs from. Raises NotRun."""
    binary()
    npm = shutil.which("npm")
    folder = INSTALLED / peer
    lock = (PEERS / peer / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".lock"
    folder.mkdir(parents=True, exist_ok=True)
    for file in (PEERS / peer).iterdir():
        shutil.copy(file, folder)
    if stamp.exists() and stamp.read_bytes() == lock:
        return folder
    if not npm:
        raise NotRun("npm is not on this machine, which installs the peers: apt-get install npm")
    done = subprocess.run([npm, "ci", "--omit=dev", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise NotRun(f"npm ci failed for {peer}: {done.stderr.strip()[-300:]}")
    stamp.write_bytes(lock)
    return folder
