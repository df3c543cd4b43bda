"""What a web process sets up before it answers anybody."""

from __future__ import annotations

import http.client
import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from safehold.config import web
from safehold.crypto import codes
from tests.servers import ROOT, _free_port, environment

# The server as it is, around an application that reads whatever is sent to its end.
READS_ALL = """
import sys
from safehold.config import web

def reads_all(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole"]

web.load = lambda: web.Guarded(reads_all)
web._share_memory = web._begin_to_count = lambda: None
web.run(host="127.0.0.1", port=int(sys.argv[1]), workers=1)
"""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server of its own."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", READS_ALL, str(port)], env=environment(), cwd=ROOT
    )
    try:
        until = time.monotonic() + 30
        while True:
            try:
                asks(port, "/healthz")
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def asks(port: int, path: str, body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET" if body is None else "POST", path, body)
    status = connection.getresponse().status
    connection.close()
    return status


def stalls(port: int, length: int) -> socket.socket:
    """Begin to send a file and send no more of it."""
    sending = socket.create_connection(("127.0.0.1", port), timeout=5)
    sending.sendall(
        f"POST {web.FILES_PATH} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: {length}\r\n\r\nbegun".encode()
    )
    return sending


@pytest.mark.timeout(90)
def test_files_that_never_come_leave_every_other_page_answering(port: int) -> None:
    stalled = [stalls(port, length) for length in (1_000_000_000, 20) for _ in range(web.THREADS)]
    time.sleep(1)
    try:
        assert [asks(port, path) for path in ("/exit/", "/healthz", "/")] == [200, 200, 200]
        # and who sends one more is told to come again
        assert asks(port, web.FILES_PATH, b"x") == 503
    finally:
        for each in stalled:
            each.close()
    until = time.monotonic() + 20
    while asks(port, web.FILES_PATH, b"x") != 200:
        assert time.monotonic() < until, "nobody could add a file any more"
        time.sleep(0.2)


def test_a_refused_file_says_when_to_come_again() -> None:
    guarded = web.Guarded(lambda *given: [])
    for _ in range(web.FILES_AT_A_TIME):
        guarded.long_files.acquire()
    said: list[Any] = []
    environ = {
        "PATH_INFO": web.FILES_PATH,
        "CONTENT_LENGTH": "1000000",
        "wsgi.input": None,  # it is not read
    }

    guarded(environ, lambda *given: said.append(given))

    assert said[0][0].startswith("503")
    assert ("Retry-After", "5") in said[0][1]


def test_a_body_that_comes_too_slowly_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(web.time, "monotonic", lambda: clock[0])

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            clock[0] += per_piece
            return super().read(size)

    per_piece = 1.0
    megabytes = bytes(5_000_000)
    assert web.Paced(Slow(megabytes)).read() == megabytes
    per_piece = 3.0
    with pytest.raises(web.TooSlow):
        web.Paced(Slow(megabytes)).read(len(megabytes))


def test_web_processes_share_the_memory_that_codes_may_take(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    shared: list[int] = []
    settings.WORKERS = 2
    monkeypatch.setattr(web, "end_with_parent", lambda master: None)
    monkeypatch.setattr(web, "load", lambda: None)
    monkeypatch.setattr(web, "_begin_to_count", lambda: None)
    monkeypatch.setattr(codes, "share_turns", shared.append)

    web.load_in_worker(1)

    assert shared == [2]
