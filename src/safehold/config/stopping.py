"""Being asked to stop by a signal, at any moment whatever."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, SimpleQueue


class Stopping:
    """What `threading.Event` is, for a signal handler that may run in the middle of `wait`.

    An event's `set` takes a lock that its `wait` may hold in the same thread: the process then
    waits for itself and no signal ends it. A SimpleQueue's `put` may interrupt its `get`.
    """

    def __init__(self) -> None:
        self._asked = False
        self._woken: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Ask to stop."""
        self._asked = True
        self._woken.put(None)

    def is_set(self) -> bool:
        """Tell whether somebody has asked."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait until somebody asks, at most so many seconds; tell whether anybody has."""
        if not self._asked:
            with suppress(Empty):
                self._woken.get(timeout=seconds)
        return self._asked
