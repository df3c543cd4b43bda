"""Processor time of a server that we started, read from the kernel over its whole process tree."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def servers_below_us() -> list[int]:
    """Return the processes that this one started, and those that they started."""
    return [pid for pid in tree(os.getpid()) if pid != os.getpid()]


def cpu_seconds(pids: list[int]) -> float:
    """Return the processor seconds, of user and system, that these processes have taken."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def family_seconds(root: int) -> float:
    """Return what a process, all that it started, and those of them that ended have taken."""
    total = 0
    for pid in tree(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended meanwhile: its parent counts it
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def most_memory(pids: list[int]) -> int:
    """Return the most MiB that these processes held at a time, each at its own moment."""
    kibibytes = 0
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text()
        kibibytes += int(status.split("VmHWM:")[1].split()[0]) if "VmHWM:" in status else 0
    return kibibytes // 1024


def tree(root: int) -> list[int]:
    """Return a process and all that came of it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, []))
    return found
