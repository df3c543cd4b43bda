"""What the child process cannot do, tried for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from safehold.files import landlock, seccomp

SCRIPT = Path(__file__).with_name("tries_to_escape.py")
EVERYTHING = {
    "socket",
    "unix socket",
    "write a file",
    "write to an open file",
    "read a file",
    "fork",
    "make a folder",
    "list a folder",
    "start a program",
    "signal the parent",
    "become root",
    "look into another process",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody may write to, if anything lets them."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


def tries(way: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-I", "-B", str(SCRIPT), way, str(folder)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env={}).stdout)


@pytest.mark.parametrize("way", ["all", "ordinary"])
def test_the_child_can_do_nothing_but_compute(way, folder):
    answer = tries(way, folder)

    if "FEW_CALLS" not in answer["applied"]:
        pytest.skip("this machine has no seccomp, which refuses most of these")
    assert {name for name in EVERYTHING if answer[name] != "done"} == EVERYTHING
    assert not list(folder.iterdir())


def test_limits_alone_still_refuse_sockets_files_and_forks(folder):
    answer = tries("bare", folder)

    assert "LIMITS" in answer["applied"]
    assert not {"FEW_CALLS", "NO_FILES", "NO_NETWORK"} & set(answer["applied"])
    assert answer["user"] != 0
    refused = ("socket", "unix socket", "write a file", "write to an open file", "read a file")
    for name in (*refused, "fork", "become root", "look into another process"):
        assert answer[name] != "done", name
    assert answer["make a folder"] == "done", "so the attempts are real: this one no limit stops"


@pytest.mark.parametrize("version", range(1, 9))
def test_landlock_is_asked_only_for_what_its_version_knows(version):
    handled, size = landlock._all_of(version)

    assert size == (8 if version < 4 else 16 if version < 6 else 24)
    assert handled.files.bit_length() <= 16
    assert bool(handled.ports) == (version >= 4)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_allows_the_list_threads_and_nothing_else(machine):
    architecture, column = seccomp._ARCHITECTURES[machine]
    calls = [numbers[column] for numbers in seccomp._CALLS.values()]
    clone = seccomp._CLONE[column]
    program = seccomp._instructions(architecture, clone, calls)

    def answer(number: int, flags: int = 0, on: int = architecture) -> int:
        return run(program, {0: number, 4: on, 16: flags})

    allowed = {number for number in range(500) if answer(number) == seccomp._ALLOW}
    assert allowed == set(calls)
    assert answer(clone, seccomp._CLONE_THREAD) == seccomp._ALLOW
    assert answer(clone, 17) == seccomp._REFUSE
    assert answer(435, seccomp._CLONE_THREAD) == seccomp._UNKNOWN
    assert answer(calls[0], on=1) == seccomp._KILL


def run(program: bytes, data: dict[int, int]) -> int:
    """Run a filter as the kernel would."""
    import struct

    lines = list(struct.iter_unpack("HBBI", program))
    at = value = 0
    while True:
        code, if_so, if_not, number = lines[at]
        if code == 0x06:
            return number
        if code == 0x20:
            value = data[number]
        else:
            holds = value == number if code == 0x15 else value & number
            at += if_so if holds else if_not
        at += 1
