"""A signal at any moment ends what waits; it never hangs it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from safehold.config.stopping import Stopping

# The alarm rings every few microseconds, so that it falls into each line of `wait` in the end.
HAMMERED = """
import signal, threading
from safehold.config.stopping import Stopping
asked = None
signal.signal(signal.SIGALRM, lambda *_: asked and asked.set())
signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
for _ in range({times}):
    asked = {kind}()
    asked.wait(1e-4)
signal.setitimer(signal.ITIMER_REAL, 0)
print("came through")
"""


def hammered(kind: str, *, times: int) -> str:
    run = subprocess.run(
        [sys.executable, "-c", HAMMERED.format(kind=kind, times=times)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return run.stdout.strip()


@pytest.mark.parametrize("times", [5_000, pytest.param(30_000, marks=pytest.mark.slow)])
def test_a_signal_in_the_middle_of_waiting_never_hangs_it(times: int) -> None:
    assert hammered("Stopping", times=times) == "came through"


def test_an_event_waits_for_itself() -> None:
    """What the class is for: a handler in it waits, is interrupted by the next, and so on."""
    assert hammered("threading.Event", times=5_000) == ""


def test_waiting_ends_when_asked_and_when_its_time_is_over() -> None:
    stop = Stopping()
    began = time.monotonic()
    assert not stop.wait(0.01)
    assert time.monotonic() - began >= 0.009
    stop.set()
    assert stop.is_set()
    assert stop.wait(60)
    assert stop.wait(60)
