"""The time that processes have worked, as the kernel counts it."""

import os
import resource
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def own() -> float:
    """Seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def of_trees(*roots: int) -> float:
    """Seconds of these processes and all below them, the ones that have ended included."""
    children: dict[int, list[int]] = {}
    worked: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _fields(folder)):
            pid = int(folder.name)
            children.setdefault(int(fields[1]), []).append(pid)
            worked[pid] = sum(map(int, fields[11:15])) / TICK
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        total += worked.get(pid, 0)
        waiting += children.get(pid, [])
    return total


def _fields(folder: Path) -> list[str]:
    """What follows the name in /proc/<pid>/stat; nothing once the process has gone."""
    try:
        return (folder / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
