"""Asking clamd, with a stand-in for it that listens on a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safehold.files import ScanState, scan

Daemon = Callable[..., str]


def received(connection: socket.socket, count: int) -> bytes:
    parts = b""
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            return parts
        parts += part
    return parts


def stream(connection: socket.socket) -> bytes:
    """Read INSTREAM as clamd does: pieces with their length before them, an empty one last."""
    assert received(connection, 10) == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(received(connection, 4), "big"):
        content += received(connection, size)
    return content


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Start a daemon that treats one connection as the function says; give its socket's path."""
    path = str(tmp_path / "clamd.socket")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    threads = []

    def started(serve: Callable[[socket.socket], None]) -> str:
        def once() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        threads.append(threading.Thread(target=once, daemon=True))
        threads[0].start()
        return path

    yield started
    for thread in threads:
        thread.join(5)
    listener.close()


def answering(answer: bytes, seen: list[bytes]) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        seen.append(stream(connection))
        connection.sendall(answer)

    return serve


def test_the_whole_content_is_sent_and_ok_is_clean(daemon):
    content, seen = bytes(range(256)) * 2000, []

    found = scan(content, socket=daemon(answering(b"stream: OK\0", seen)))

    assert found.state is ScanState.CLEAN
    assert seen == [content]


def test_what_is_found_is_named(daemon):
    path = daemon(answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0", []))

    found = scan(b"x", socket=path)

    assert (found.state, found.signature) == ("found", "Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK and more\0",
        b"OK\0",
        b"\xff\xfe\0",
        b"stream: <b>x</b> FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"x" * 10_000,
    ],
)
def test_no_other_answer_is_clean(daemon, answer):
    found = scan(b"x", socket=daemon(answering(answer, [])))

    assert found.state is ScanState.NOT_SCANNED
    assert found.sentence.endswith("not scanned.")


def test_a_size_limit_in_the_middle_of_sending_is_said(daemon):
    def serve(connection: socket.socket) -> None:
        received(connection, 14)
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        connection.shutdown(socket.SHUT_RDWR)

    found = scan(bytes(5_000_000), socket=daemon(serve))

    assert found.state is ScanState.NOT_SCANNED


def test_a_broken_connection_is_not_scanned(daemon):
    found = scan(bytes(5_000_000), socket=daemon(lambda connection: None))

    assert found.state is ScanState.NOT_SCANNED


def test_a_daemon_that_says_nothing_is_not_waited_for(daemon):
    wait = threading.Event()

    found = scan(b"x", socket=daemon(lambda connection: wait.wait(5)), seconds=0.2)
    wait.set()

    assert found.state is ScanState.NOT_SCANNED
    assert "too long" in found.sentence


@pytest.mark.parametrize("path", ["", "/nowhere/clamd.socket", "/etc/hostname", "a\0b", "x" * 500])
def test_no_daemon_is_not_scanned(path):
    found = scan(b"x", socket=path)

    assert found.state is ScanState.NOT_SCANNED
    assert found.signature == ""
    assert found.sentence.endswith("not scanned.")
