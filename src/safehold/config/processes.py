"""Keep child processes running: start in order, restart with back-off, end all at one signal."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from safehold.config.stopping import Stopping

REFUSED = 2  # the exit code of a start that would be unsafe: trying again cannot help
_PR_SET_PDEATHSIG = 1
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds before a restart
_STEADY = 60.0  # seconds of life after which a crash counts as the first again
_FALLS_BEFORE_READY = 3  # then it never will be
_LOOK_EVERY = 0.1  # seconds


@dataclass(kw_only=True)
class Child:
    """One process to keep running, and how often it has fallen."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    session: int | None = None  # what it started is in here, even when it is gone itself
    started: float = 0.0
    falls: int = 0
    start_at: float | None = 0.0
    was_ready: bool = False

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone."""
        self.kill_session()
        self.started, self.start_at = time.monotonic(), None
        self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            list(self.command),
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),
        )
        self.session = self.process.pid

    def kill_session(self) -> None:
        """Kill whatever is left of it: a web worker without its master would keep the port."""
        if self.session is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.session, signal.SIGKILL)
            self.session = None

    def fell(self) -> float:
        """Note that it ended unasked; return the seconds until it is started again."""
        lived = time.monotonic() - self.started
        self.falls = 1 if lived > _STEADY else self.falls + 1
        wait = min(_FIRST_WAIT * 2.0 ** (self.falls - 1), _LONGEST_WAIT)
        self.process, self.start_at = None, time.monotonic() + wait
        return wait


class Supervisor:
    """Run children until a signal or a refusal.

    `say` prints one line for a person; `began` is called once, when the first child is ready.
    """

    def __init__(
        self,
        children: Iterable[Child],
        *,
        say: Callable[[str], None],
        began: Callable[[], object] = lambda: None,
    ) -> None:
        self.children = list(children)
        self.say = say
        self.began = began
        self.stop = Stopping()
        self.exit_code = 0

    def run(self, *, patience: float = 20.0) -> int:
        """Run until asked to stop, then end every child; return the exit code.

        A child that does not end within `patience` seconds is killed.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        try:
            while not self.stop.is_set():
                self._look()
                self.stop.wait(_LOOK_EVERY)
        finally:
            self._end_all(patience)
        return self.exit_code

    def _look(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._ended(child, child.process.returncode)
            if self.stop.is_set():
                return
            if child.start_at is not None and time.monotonic() >= child.start_at:
                child.start()
            if not child.was_ready and not child.ready():
                return  # the page that a person waits for comes first, the rest after it
            self._is_ready(child)

    def _is_ready(self, child: Child) -> None:
        if not child.was_ready and child is self.children[0]:
            self.began()
        child.was_ready = True

    def _ended(self, child: Child, code: int) -> None:
        if code == REFUSED:
            self.exit_code = REFUSED
            self.stop.set()
            return
        wait = child.fell()
        if not child.was_ready and child.falls >= _FALLS_BEFORE_READY:
            self.say(f"{child.name} does not start (exit code {code}).")
            self.exit_code = 1
            self.stop.set()
            return
        self.say(f"{child.name} ended unasked (exit code {code}); again in {wait:.0f} s.")

    def _end_all(self, patience: float) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + patience
        for process in running:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self.children:
            child.kill_session()


def end_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when the one that started it is gone (Linux only).

    `parent` is that process's number: where it is gone already, this one ends now.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the parent's own would swallow it in a fork
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
