"""Coming back by code: one person alone, and fifty in the same moment; with one web process and two.

What the server held at most is read from the kernel, which keeps each process's highest mark; the
mark is set back before the fifty. Beside it stands the derivation alone, in a process of its own,
and what fifty at once would hold without turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench._installations import Installation, on_sqlite
from bench._person import Person
from bench._processor import cpu_seconds, most_memory, servers_below_us
from safehold.crypto import codes
from tests.servers import ROOT, environment, running

PEOPLE, ALONE = 50, 9
BAR_ALONE_MS, BAR_LAST_S = 200, 4
MIB = codes.MEMORY // 2**20
QUOTED = "GlobaLeaks 1.1 s and 128 MiB best; SecureDrop 2 x 31 ms scrypt (quoted)"


def main() -> bool:
    """Print waits, processor time and memory; return True when a bar is missed."""
    missed = False
    derived = _derivation()
    print(f"   one derivation in a process of its own: {derived:.0f} ms of processor, {MIB} MiB")
    with on_sqlite() as made:
        saved = _saved(made)
        for processes in (1, 2):
            settings = {**made.settings("public"), "SAFEHOLD_WORKERS": str(processes)}
            with running("public", made.folder / "data", settings) as address:
                missed |= _measured(address, saved, processes)
    print(
        f"   bars: alone {BAR_ALONE_MS} ms, the last of {PEOPLE} within {BAR_LAST_S} s, nobody"
        f" refused, {codes.AT_ONCE} derivations at a time; without turns {PEOPLE * MIB:,} MiB"
    )
    print(f"   {QUOTED}")
    return missed


def _measured(address: str, saved: list[str], processes: int) -> bool:
    pids = servers_below_us()
    _comes_back(address, saved[0])
    before = cpu_seconds(pids)
    alone = [_comes_back(address, code) for code in saved[:ALONE]]
    processor = (cpu_seconds(pids) - before) / ALONE * 1000
    middle = statistics.median(alone) * 1000
    _forget_highest(pids)
    held = most_memory(pids)
    before = cpu_seconds(pids)
    waits, refused = _at_once(address, saved)
    crowd = cpu_seconds(pids) - before
    at_most = (most_memory(pids) - held) / MIB
    last = max(waits, default=0.0)
    print(
        f"   {processes} web process{'es' * (processes > 1)}: alone {middle:.0f} ms (median),"
        f" {processor:.0f} ms of processor"
    )
    print(
        f"      {PEOPLE} at once: first {min(waits, default=0):.2f} s, last {last:.2f} s,"
        f" {crowd:.1f} s of processor, refused {len(refused)};"
        f" {most_memory(pids) - held} MiB more than before, as {at_most:.1f} derivations"
    )
    print(
        f"      two cores to themselves need {crowd / 2:.1f} s for that; load of this machine now"
        f" {os.getloadavg()[0]:.1f}"
    )
    for one in refused[:3]:
        print(f"      REFUSED: {one}")
    return (
        middle > BAR_ALONE_MS or last > BAR_LAST_S or bool(refused) or at_most > codes.AT_ONCE + 1
    )


def _comes_back(address: str, code: str) -> float:
    began = time.perf_counter()
    onwards = Person(address).posts("/return/", code=code)
    if not onwards.removeprefix("/report/").rstrip("/").isdecimal():
        raise RuntimeError(f"The code led to {onwards}")
    return time.perf_counter() - began


def _at_once(address: str, saved: list[str]) -> tuple[list[float], list[str]]:
    gate, waits, refused = threading.Barrier(len(saved)), [], []

    def one(code: str) -> None:
        gate.wait()
        try:
            waits.append(_comes_back(address, code))
        except (RuntimeError, OSError) as error:
            refused.append(str(error))

    threads = [threading.Thread(target=one, args=(code,)) for code in saved]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, refused


def _derivation() -> float:
    before = time.process_time()
    for _ in range(5):
        codes.derive(codes.new_digits(), bytes(16))
    return (time.process_time() - before) / 5 * 1000


def _forget_highest(pids: list[int]) -> None:
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _saved(made: Installation) -> list[str]:
    settings = {**made.settings("public"), "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "bench._saving", str(PEOPLE)],
        env=environment(**settings),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split("\n")[:PEOPLE]
