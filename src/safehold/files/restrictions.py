"""How the child process gives up what it does not need, before it imports or reads anything.

Two steps, because nothing can be imported once no file can be opened: `hold_back` first of all,
`close_the_door` after the imports and before the first byte of the file. The limits always hold; of
the rest, what the kernel or the container refuses is left out and not claimed.
"""

from __future__ import annotations

import ctypes
import os
import resource

from safehold.files import landlock, seccomp
from safehold.files.examination import Limits, Restriction

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CAPABILITIES_VERSION_3 = 0x20080522
_NOBODY = 65534
_FILES_WHILE_IMPORTING = 64

_libc = ctypes.CDLL(None, use_errno=True)


def hold_back(limits: Limits, content_allowance: int) -> list[Restriction]:
    """Set the limits, give up privileges and network; raises OSError if a limit cannot be set."""
    memory = limits.memory + content_allowance
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, limits.seconds, limits.seconds + 2)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, resource.getrlimit(resource.RLIMIT_NPROC)[1]))
    _limit(resource.RLIMIT_NOFILE, _FILES_WHILE_IMPORTING)
    applied = [Restriction.LIMITS]
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        applied.append(Restriction.NO_NEW_PRIVILEGES)
    if _leave_the_network():
        applied.append(Restriction.NO_NETWORK)
    return applied


def close_the_door() -> list[Restriction]:
    """Become nobody, and lose files and all system calls that computing does not need."""
    applied = []
    if _become_nobody():
        applied.append(Restriction.NOBODY)
    if _drop_capabilities():
        applied.append(Restriction.NO_CAPABILITIES)
    if _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        applied.append(Restriction.NOT_DUMPABLE)
    if landlock.forbid_everything(_libc):
        applied.append(Restriction.NO_FILES)
    _limit(resource.RLIMIT_NOFILE, 0)
    if _allow_computing_only():
        applied.append(Restriction.FEW_CALLS)
    return applied


def _allow_computing_only() -> bool:
    """Let the filter refuse new processes; without it the limit must, and refuses threads too."""
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    if seccomp.allow_computing_only(_libc):
        return True
    _limit(resource.RLIMIT_NPROC, 0)
    return False


def _limit(which: int, most: int, at_last: int | None = None) -> None:
    """Lower a limit, never beyond what was inherited."""
    _, hard = resource.getrlimit(which)
    lowest = [most if at_last is None else at_last]
    if hard != resource.RLIM_INFINITY:
        lowest.append(hard)
    resource.setrlimit(which, (min(most, *lowest), min(lowest)))


def _leave_the_network() -> bool:
    ways = (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)  # the second as an ordinary user
    return any(_libc.unshare(way) == 0 for way in ways)


def _become_nobody() -> bool:
    """Leave the administrator's account, where we run under it; any other has less to lose."""
    if os.geteuid() != 0:
        return False
    try:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError:
        return False
    return True


def _drop_capabilities() -> bool:
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    return bool(_libc.capset(header, none) == 0)
