"""Asking clamd whether it knows the content, by INSTREAM over its unix socket.

Own code, because no client of clamd is well kept and the protocol is two lines. Whatever goes wrong
is `not_scanned` with its sentence: only the daemon's own "OK" is `clean`.
"""

from __future__ import annotations

import contextlib
import re
import socket as sockets
import time
from dataclasses import dataclass
from enum import StrEnum

_PIECE = 1 << 17
_SECONDS = 120
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"stream: ([\w.\-/:()+ ]{1,200}) FOUND\Z")


class ScanState(StrEnum):
    """How a scan ended."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class Scan:
    """The answer: `signature` is the scanner's name for what it found, else empty."""

    state: ScanState
    signature: str
    sentence: str


def scan(content: bytes, *, socket: str, seconds: float = _SECONDS) -> Scan:
    """Have the content scanned by the clamd at this socket; never raises for what it does."""
    if not socket:
        return _not_scanned("No virus scanner is set up, so the file was not scanned.")
    try:
        answer = _ask(content, socket, time.monotonic() + seconds)
    except TimeoutError:
        return _not_scanned("The virus scanner took too long, so the file was not scanned.")
    except (FileNotFoundError, ConnectionRefusedError, PermissionError):
        return _not_scanned("The virus scanner cannot be reached, so the file was not scanned.")
    except (OSError, ValueError):
        return _not_scanned("The virus scanner broke off, so the file was not scanned.")
    return _read(answer)


def _ask(content: bytes, path: str, deadline: float) -> str:
    with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as connection:
        _set_time(connection, deadline)
        connection.connect(path)
        # Past its limit of size it answers and closes: what it said is still to be read.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            _send(connection, content, deadline)
        return _receive(connection, deadline)


def _send(connection: sockets.socket, content: bytes, deadline: float) -> None:
    connection.sendall(b"zINSTREAM\0")
    view = memoryview(content)
    for start in range(0, len(view), _PIECE):
        piece = view[start : start + _PIECE]
        _set_time(connection, deadline)
        connection.sendall(len(piece).to_bytes(4, "big") + piece)
    connection.sendall(bytes(4))


def _receive(connection: sockets.socket, deadline: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        _set_time(connection, deadline)
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("ascii", "replace").strip()


def _set_time(connection: sockets.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _read(answer: str) -> Scan:
    if answer == "stream: OK":
        return Scan(ScanState.CLEAN, "", "The virus scanner knows nothing bad in this file.")
    found = _FOUND.match(answer)
    if found:
        return Scan(ScanState.FOUND, found[1], "The virus scanner found something in this file.")
    if "size limit exceeded" in answer:
        return _not_scanned("The file is larger than the virus scanner takes: it was not scanned.")
    if not answer:
        return _not_scanned("The virus scanner broke off, so the file was not scanned.")
    return _not_scanned("The virus scanner reported an error, so the file was not scanned.")


def _not_scanned(sentence: str) -> Scan:
    return Scan(ScanState.NOT_SCANNED, "", sentence)
