"""The final submission: three envelopes sealed, the event chained, all in one durable transaction.

Two web processes of four threads each, as `safehold serve --workers 2` runs them, send drafts that
were begun before. The alternative in the same run puts the same words into the same table in the
clear, without draft, envelope and chain: the difference is what they cost. Every transaction is
written through to the disk before it is answered (synchronous=FULL, fsync=on).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from bench._installations import Installation, installations
from bench._processor import family_seconds
from safehold.config.web import THREADS
from tests.servers import ROOT, environment

BAR = 100  # a second
PROCESSES, EACH, ROUNDS = 2, 125, 3
QUOTED = "Hush Line 50 a second at best, 15-25 busy; SecureDrop 0.6-0.9 (quoted, whole journeys)"
LABELS = {
    "sealed": "submitted",
    "plain": "inserted in the clear, no chain",
    "seal": "three envelopes sealed, not written",
}


@dataclass(frozen=True)
class Measured:
    """Acts a second, and the milliseconds of processor of each: ours, and the database's."""

    rate: float
    ours: float
    database: float


def main() -> bool:
    """Print acts a second and processor time of each; return True when the bar is missed."""
    missed = False
    for installation in installations():
        with installation() as made:
            found = {act: _best(made, act) for act in LABELS}
            for act, measured in found.items():
                print(
                    f"   {made.store:10} {LABELS[act]:36} {measured.rate:5.0f} a second;"
                    f" {measured.ours:.2f} ms processor time each"
                    + (
                        f" and {measured.database:.2f} ms of the database's"
                        if made.database
                        else ""
                    )
                )
            ours, other = found["sealed"], found["plain"]
            print(
                f"   {made.store:10} bar {BAR} a second: {ours.rate / BAR:.1f} times;"
                f" in the clear / submitted = {other.rate / ours.rate:.1f}"
            )
            missed |= ours.rate < BAR
    print(f"   one write of 4 KiB through to this disk takes {_through_to_disk():.2f} ms (median)")
    print(f"   {PROCESSES} processes of {THREADS} threads; best of {ROUNDS} rounds; {QUOTED}")
    return missed


def _through_to_disk() -> float:
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(100):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _best(made: Installation, act: str) -> Measured:
    rounds = [_round(made, act) for _ in range(ROUNDS)]
    return Measured(
        rate=max(one.rate for one in rounds),
        ours=min(one.ours for one in rounds),
        database=min(one.database for one in rounds),
    )


def _round(made: Installation, act: str) -> Measured:
    command = [sys.executable, "-m", "bench._submitting", act, str(THREADS), str(EACH)]
    settings = {**made.settings("public"), "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
    processes = [
        subprocess.Popen(
            command,
            env=environment(**settings),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        for process in processes:
            _line(process)
        before = _database_seconds(made)
        began = time.perf_counter()
        for process in processes:
            _say(process)
        answers = [json.loads(_line(process)) for process in processes]
        seconds = time.perf_counter() - began
        database = _database_seconds(made) - before
    finally:
        for process in processes:
            process.communicate("\n" if process.poll() is None else None)
    failures = [failure for answer in answers for failure in answer["failures"]]
    if failures:
        raise RuntimeError(f"{len(failures)} threads failed: {failures[0]}")
    acts = PROCESSES * THREADS * EACH
    ours = sum(answer["processor"] for answer in answers)
    return Measured(acts / seconds, ours / acts * 1000, database / acts * 1000)


def _database_seconds(made: Installation) -> float:
    # A thread closes its connection when it is through, and the process at its other end ends.
    if made.database is None:
        return 0.0
    time.sleep(0.3)
    return family_seconds(made.database)


def _line(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError("A process of the measurement ended early.")
    return line


def _say(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.write("go\n")
        process.stdin.flush()
