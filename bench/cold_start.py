"""From a bare checkout to a demonstration that answers, and the second start of the same."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.servers import ROOT, environment

BAR_FIRST, BAR_SECOND = 180, 5  # seconds


def _until_it_answers(checkout: Path) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        ["make", "demo"],
        cwd=checkout,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.perf_counter() - began < 600:
            if process.poll() is not None:
                raise RuntimeError(f"make demo ended with {process.returncode}")
            try:
                urllib.request.urlopen("http://127.0.0.1:8000/", timeout=1)
                return time.perf_counter() - began
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("make demo did not answer within 10 minutes")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def main() -> bool:
    """Print both times; return True when a bar is missed."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8000)) == 0:
            print("   not measured: something answers on port 8000 already")
            return False
    folder = Path(tempfile.mkdtemp(prefix="safehold-cold-"))
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "checkout")], check=True)
    first = _until_it_answers(folder / "checkout")
    second = _until_it_answers(folder / "checkout")
    shutil.rmtree(folder, ignore_errors=True)
    print(
        f"   bare checkout to first answer {first:6.1f} s (bar {BAR_FIRST} s, warm package caches)"
    )
    print(f"   second start                  {second:6.1f} s (bar {BAR_SECOND} s)")
    return first > BAR_FIRST or second > BAR_SECOND
