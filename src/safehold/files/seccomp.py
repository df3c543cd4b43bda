"""Seccomp: a list of the system calls that computing needs; every other answers "not permitted".

Numbers of our own, per architecture, because there is no kept library for it that brings its own
part in C. A call from another architecture ends the process. Threads may be started, because the
decoder of HEIC pictures wants one; processes may not.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_SECCOMP = (317, 277)
_SET_FILTER = 1
_EVERY_THREAD = 1
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_UNKNOWN = 0x00050000 | errno.ENOSYS
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FLAGS = 0, 4, 16
_CLONE3 = 435  # its flags lie in memory where no filter can see them: "unknown" leads to clone
_CLONE_THREAD = 0x10000

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CLONE = (56, 220)
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, 73),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "getrusage": (98, 165),
    "times": (100, 153),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
    "rseq": (334, 293),
    "set_robust_list": (273, 99),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def allow_computing_only(libc: ctypes.CDLL) -> bool:
    """Install the list; False on an architecture that we have no list for, or if refused."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    architecture, column = known
    calls = [numbers[column] for numbers in _CALLS.values()]
    instructions = _instructions(architecture, _CLONE[column], calls)
    program = _Program(len(instructions) // 8, instructions)
    how = (ctypes.c_uint(_SET_FILTER), ctypes.c_uint(_EVERY_THREAD))
    return bool(libc.syscall(_SECCOMP[column], *how, ctypes.byref(program)) == 0)


def _instructions(architecture: int, clone: int, calls: list[int]) -> bytes:
    """Write the filter: architecture, one comparison for each call, refusal, and last the threads.

    The two numbers in the middle of a line say how many lines to skip if it is so, and if not.
    """
    count = len(calls)
    lines = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_EQUAL, count + 2, 0, clone),
        (_EQUAL, count + 5, 0, _CLONE3),
    ]
    lines += [(_EQUAL, count - at + 2, 0, call) for at, call in enumerate(calls)]
    lines += [
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _AT_FLAGS),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _UNKNOWN),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
