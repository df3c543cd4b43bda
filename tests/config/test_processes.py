"""Children are started in order, restarted when they fall, and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safehold.config import processes
from safehold.config.processes import REFUSED, Child, Supervisor

NOTE = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch();"


def child(name: str, folder: Path, program: str, **more) -> Child:
    place = folder / name
    place.mkdir(exist_ok=True)
    return Child(name=name, command=[sys.executable, "-c", NOTE + program, str(place)], **more)


def starts(folder: Path, name: str) -> int:
    return len(list((folder / name).iterdir()))


Run = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run a supervisor in a process of its own: signals are its business."""
    started: list[subprocess.Popen[str]] = []

    def start(children: str) -> subprocess.Popen[str]:
        started.append(_supervisor(tmp_path, children))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _supervisor(folder: Path, children: str) -> subprocess.Popen[str]:
    program = f"""
        import sys
        from pathlib import Path
        from tests.config.test_processes import child, starts
        from safehold.config.processes import Supervisor
        folder = Path({str(folder)!r})
        say = lambda line: print(line, flush=True)
        sys.exit(Supervisor({children}, say=say, began=lambda: say("began")).run(patience=2))
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=Path(__file__).parent.parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait(condition, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"


def pids(folder: Path, name: str) -> list[int]:
    return [int(path.name) for path in (folder / name).iterdir()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_ends_every_child(run, tmp_path, number):
    supervisor = run(
        "[child('a', folder, 'time.sleep(60)'), child('b', folder, 'time.sleep(60)')]",
    )
    wait(lambda: (tmp_path / "b").exists() and starts(tmp_path, "b") == 1)

    supervisor.send_signal(number)

    assert supervisor.wait(10) == 0
    assert not any(alive(pid) for name in "ab" for pid in pids(tmp_path, name))


def test_a_child_that_ignores_the_signal_is_killed(run, tmp_path):
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    supervisor = run(f"[child('a', folder, {stubborn!r})]")
    wait(lambda: (tmp_path / "a").exists() and starts(tmp_path, "a") == 1)
    time.sleep(0.3)

    supervisor.terminate()

    assert supervisor.wait(10) == 0
    assert not any(alive(pid) for pid in pids(tmp_path, "a"))


def test_a_child_that_falls_is_started_again_and_the_others_go_on(run, tmp_path):
    supervisor = run(
        "[child('steady', folder, 'time.sleep(60)'), child('falls', folder, 'sys.exit(3)')]",
    )
    wait(lambda: (tmp_path / "falls").exists() and starts(tmp_path, "falls") >= 2)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=10)

    assert starts(tmp_path, "steady") == 1
    assert "falls ended unasked (exit code 3); again in 1 s." in said


def test_a_refusal_ends_everything_with_its_exit_code(run, tmp_path):
    supervisor = run(
        f"[child('steady', folder, 'time.sleep(60)'), child('no', folder, 'sys.exit({REFUSED})')]",
    )

    assert supervisor.wait(10) == REFUSED
    assert not any(alive(pid) for pid in pids(tmp_path, "steady"))


def test_the_second_waits_until_the_first_is_ready(run, tmp_path):
    supervisor = run(
        "[child('web', folder, 'time.sleep(60)', ready=lambda: (folder / 'open').exists()),"
        " child('worker', folder, 'time.sleep(60)')]",
    )
    wait(lambda: (tmp_path / "web").exists() and starts(tmp_path, "web") == 1)
    time.sleep(0.5)
    assert starts(tmp_path, "worker") == 0
    (tmp_path / "open").touch()
    wait(lambda: starts(tmp_path, "worker") == 1)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=10)

    assert said.splitlines() == ["began"]


def test_one_that_never_gets_ready_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_FIRST_WAIT", 0.01)
    said: list[str] = []
    falls = child("web", tmp_path, "sys.exit(4)", ready=lambda: False)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert Supervisor([falls], say=said.append).run() == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert said[-1] == "web does not start (exit code 4)."
    assert starts(tmp_path, "web") == 3


def test_waits_double_up_to_half_a_minute_and_start_over_after_a_steady_life(monkeypatch):
    now = 1_000.0
    monkeypatch.setattr(processes.time, "monotonic", lambda: now)
    faller = Child(name="x", command=["true"])
    faller.started = now
    assert [faller.fell() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]

    faller.started = now - 61
    assert faller.fell() == 1


def test_children_end_when_their_supervisor_is_killed(run, tmp_path):
    supervisor = run("[child('a', folder, 'time.sleep(60)')]")
    wait(lambda: (tmp_path / "a").exists() and starts(tmp_path, "a") == 1)
    (pid,) = pids(tmp_path, "a")

    supervisor.kill()
    supervisor.wait()

    wait(lambda: not alive(pid), 5)


LEAVES_ONE_BEHIND = (
    "left = os.fork();"
    "left or pathlib.Path(sys.argv[1], str(os.getpid())).touch();"
    "import signal; left or signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "time.sleep(60)"
)


def test_what_a_killed_child_left_behind_is_gone_when_it_starts_again(run, tmp_path):
    supervisor = run(f"[child('a', folder, {LEAVES_ONE_BEHIND!r})]")
    wait(lambda: (tmp_path / "a").exists() and starts(tmp_path, "a") == 2)
    first = pids(tmp_path, "a")
    master = next(pid for pid in first if os.getpgid(pid) == pid)
    time.sleep(0.3)

    os.kill(master, signal.SIGKILL)

    wait(lambda: starts(tmp_path, "a") == 4)
    assert not any(alive(pid) for pid in first)
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert not any(alive(pid) for pid in pids(tmp_path, "a"))


def test_a_process_whose_parent_is_gone_already_ends_itself():
    program = "from safehold.config.processes import end_with_parent; import time;"
    orphan = subprocess.run(
        [sys.executable, "-c", program + "end_with_parent(1); time.sleep(60)"],
        timeout=30,
        check=False,
    )

    assert orphan.returncode == -signal.SIGTERM
