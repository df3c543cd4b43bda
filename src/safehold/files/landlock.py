"""Landlock: the kernel refuses this process every file, every TCP port and signals to others."""

from __future__ import annotations

import ctypes
import os

_CREATE_RULESET = 444  # the same number on every architecture
_RESTRICT_SELF = 446
_ASK_VERSION = 1


class _Handled(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


def _all_of(version: int) -> tuple[_Handled, int]:
    """Name every right that this version of Landlock can take away, and the structure's size."""
    files = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    handled = _Handled(files=(1 << files) - 1)
    if version < 4:
        return handled, 8
    handled.ports = 0b11
    if version < 6:
        return handled, 16
    handled.scope = 0b11
    return handled, 24


def forbid_everything(libc: ctypes.CDLL) -> bool:
    """Take every right away and grant none back; False where the kernel has no Landlock."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    if version < 1:
        return False
    handled, size = _all_of(version)
    ruleset = libc.syscall(
        _CREATE_RULESET, ctypes.byref(handled), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    if ruleset < 0:
        return False
    restricted = libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    os.close(ruleset)
    return bool(restricted)
