"""What the kernel says of a process."""

import os
from pathlib import Path

MB = 1024 * 1024


def memory(pid: int) -> float:
    """Resident, in megabytes."""
    return _status(pid, "VmRSS") / 1024


def peak(pid: int) -> float:
    """The most that was ever resident, in megabytes, since forget_peak()."""
    return _status(pid, "VmHWM") / 1024


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu(pid: int) -> float:
    """Seconds that it has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads(pid: int) -> int:
    return _status(pid, "Threads")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
