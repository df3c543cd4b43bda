"""Who waits longer for a code: whoever gave many wrong ones within the hour.

A visitor is known by a mark alone, which the web process makes of an address under a random key
that lives in memory for one hour (`config/marks.py`). Nothing is written down, and nobody is
refused for wrong codes: those who gave many take turns with one another, one at a time, so that
everybody else has the rest of the turns. A right code is slow then, and opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from safehold.rules import load

_LIMITS = load("drafts").tables["codes"]
WRONG_BEFORE_WAITING: int = _LIMITS["wrong_before_waiting"]
MOST_WAITING: int = _LIMITS["most_waiting"]


class TooManyWait(Exception):
    """So many wait in this line that one more would hold up the pages of everybody else."""


class Patience:
    """What one process remembers of this hour's wrong codes; forgotten with the hour's key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = ""
        self._wrong: dict[str, int] = {}
        self._waiting = 0
        self._one_at_a_time = BoundedSemaphore(1)

    def went_wrong(self, mark: str) -> None:
        """Count a wrong code of a visitor; one without a mark is not counted."""
        with self._lock:
            self._new_hour(mark)
            if mark:
                self._wrong[mark] = self._wrong.get(mark, 0) + 1

    def everybody(self) -> str:
        """Return a mark that waits with those who gave many wrong codes, for who comes again."""
        with self._lock:
            mark = f"{self._hour}.again"
            self._wrong[mark] = WRONG_BEFORE_WAITING
            return mark

    @contextmanager
    def turn(self, mark: str) -> Iterator[None]:
        """Wait for a turn, if this visitor has to. Raises TooManyWait."""
        if not self._waits(mark):
            yield
            return
        try:
            with self._one_at_a_time:
                yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _waits(self, mark: str) -> bool:
        with self._lock:
            self._new_hour(mark)
            if self._wrong.get(mark, 0) < WRONG_BEFORE_WAITING:
                return False
            if self._waiting >= MOST_WAITING:
                raise TooManyWait
            self._waiting += 1
            return True

    def _new_hour(self, mark: str) -> None:
        hour = mark.partition(".")[0]
        if mark and hour != self._hour:
            self._hour, self._wrong = hour, {}


patience = Patience()
