"""A process that restricts itself as the worker does, and then tries what a hostile file would.

Run as a script with a word and a folder that anybody may write to. The word: `all`, `ordinary` (as
a user without rights) or `bare` (as in a container whose kernel offers neither Landlock nor seccomp
nor namespaces).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

from safehold.files import landlock, restrictions, seccomp
from safehold.files.examination import LIMITS

FOLDER = sys.argv[2]


def write_a_file() -> None:
    with open(f"{FOLDER}/escaped", "w") as file:
        file.write("out")


def write_to_an_open_file() -> None:
    if os.write(OPEN_FILE, b"out"):
        os.fsync(OPEN_FILE)


def fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


TRIES = {
    "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "unix socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "write a file": write_a_file,
    "write to an open file": write_to_an_open_file,
    "read a file": lambda: os.open("/etc/hostname", os.O_RDONLY),
    "fork": fork,
    "make a folder": lambda: os.mkdir(f"{FOLDER}/folder"),
    "list a folder": lambda: os.listdir("/"),
    "start a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "signal the parent": lambda: os.kill(os.getppid(), 0),
    "become root": lambda: os.setuid(0),
    "look into another process": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
}


def tried(attempt: object) -> str:
    try:
        attempt()
    except OSError as error:
        return error.__class__.__name__
    return "done"


def without_the_kernel() -> None:
    """Behave as where the kernel offers nothing but limits."""
    landlock.forbid_everything = lambda libc: False
    seccomp.allow_computing_only = lambda libc: False
    restrictions._leave_the_network = lambda: False


if __name__ == "__main__":
    OPEN_FILE = os.open(FOLDER, os.O_TMPFILE | os.O_RDWR)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if sys.argv[1] == "bare":
        without_the_kernel()
    if sys.argv[1] == "ordinary" and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65533, 65533, 65533)
        os.setresuid(65533, 65533, 65533)
    applied = restrictions.hold_back(LIMITS, 0) + restrictions.close_the_door()
    answer = {
        "applied": [each.name for each in applied],
        "user": os.geteuid() if sys.argv[1] == "bare" else None,
        **{name: tried(attempt) for name, attempt in TRIES.items()},
    }
    os.write(1, json.dumps(answer).encode())
    os._exit(0)
