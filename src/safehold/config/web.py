"""The web process: granian around the application, with limits and without a log of requests."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from safehold.config.marks import Marks, is_this_machine
from safehold.config.processes import end_with_parent

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BODY_LIMIT = 3_000_000  # bytes; forms stop at 2.5 million, DATA_UPLOAD_MAX_MEMORY_SIZE
# One path takes files, which are locked while they come and never held whole: what is longer than
# a file may be is read to its end and dropped, so that the page can say so.
FILES_PATH = "/report/files/"
FILES_LIMIT = 2_200_000_000  # ten files and what stands around them
# A proxy passes what comes there on as it comes, so whoever stalls holds a thread. Long and short
# bodies may together hold so many, each kind half, that others are left for every other page.
FILES_AT_A_TIME = 4
SHORT_BODY = 64 * 1024  # what a script says of a file, and a form without one
RETRY_SECONDS = 5
PART_SECONDS = 120  # in which each further megabyte must come
_PART = 1024 * 1024
_PIECE = 16 * 1024  # so much is waited for at once, before it is asked how long it took
CODES_PATH = "/return/"
MARK = "safehold.mark"
HEADER_SECONDS = 10  # to send all headers in
HEADER_BYTES = 64 * 1024
# Each holds a database connection for each store; a file that comes slowly holds one meanwhile.
THREADS = 12
_ADDRESSES = ("REMOTE_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")
WAITING = 256  # connections taken on while all threads are busy


_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
log = logging.getLogger("safehold.web")


class TooSlow(OSError):
    """A body came so slowly that it is not waited for any longer."""


class Paced:
    """The body of a request, which must keep coming; whoever reads it hears TooSlow otherwise."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._since = time.monotonic()
        self._of_part = 0

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, fewer only at the end. Raises TooSlow."""
        pieces = bytearray()
        while size < 0 or len(pieces) < size:
            piece = self._body.read(_PIECE if size < 0 else min(_PIECE, size - len(pieces)))
            if not piece:
                break
            self._came(len(piece))
            pieces += piece
        return bytes(pieces)

    def readline(self, size: int = -1) -> bytes:
        """Read a line. Raises TooSlow."""
        line: bytes = self._body.readline() if size < 0 else self._body.readline(size)
        self._came(len(line))
        return line

    def _came(self, length: int) -> None:
        if time.monotonic() - self._since > PART_SECONDS:
            raise TooSlow("The body came too slowly.")
        self._of_part += length
        if self._of_part >= _PART:
            self._since, self._of_part = time.monotonic(), 0


class Guarded:
    """Refuse a body that is too long before it is read, and let nothing in that may not be kept.

    The server copies the process's environment into that of every request, where an error report
    could show the addresses of the stores. And no view, log or row ever sees a visitor's address:
    where wrong codes are counted, a mark stands for it (`config/marks.py`).
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.ours = frozenset(os.environ)
        self.marks = Marks()
        self.long_files = threading.BoundedSemaphore(FILES_AT_A_TIME)
        self.short_files = threading.BoundedSemaphore(FILES_AT_A_TIME)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        takes_files = environ.get("PATH_INFO") == FILES_PATH
        if _body_length(environ) > (FILES_LIMIT if takes_files else BODY_LIMIT):
            start_response("413 Content Too Large", _HEADERS)
            return [_page("This is too long to send", "Nothing that you have just sent was kept.")]
        clean = {name: value for name, value in environ.items() if name not in self.ours}
        mark = self._mark(environ)
        for name in _ADDRESSES:
            clean.pop(name, None)
        if mark:
            clean[MARK] = mark
        clean["REMOTE_ADDR"] = "0.0.0.0"  # noqa: S104 - nobody's address: nothing may keep one
        if takes_files and _body_length(environ) > 0:
            return self._taking_files(clean, start_response)
        return self._answered(clean, start_response)

    def _taking_files(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer where files come, unless as many come already as may hold a thread each."""
        is_short = _body_length(environ) <= SHORT_BODY
        turn = self.short_files if is_short else self.long_files
        if not turn.acquire(blocking=False):
            wait = ("Retry-After", str(RETRY_SECONDS))
            start_response("503 Service Unavailable", [*_HEADERS, wait])
            return [_page("Too many files are coming just now", "Go back and try again soon.")]
        try:
            environ["wsgi.input"] = Paced(environ["wsgi.input"])
            return self._answered(environ, start_response)
        finally:
            turn.release()

    def _answered(
        self, clean: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        try:
            return self.application(clean, start_response)
        except Exception:
            # What the server itself would print holds the message, and so perhaps what was typed.
            log.exception("a request failed outside every view")
            start_response("500 Internal Server Error", _HEADERS)
            return [_page("Something went wrong", "It is not because of anything you did.")]

    def _mark(self, environ: dict[str, Any]) -> str:
        """Return the mark of whoever gives a code; the proxy tells an address there alone."""
        if environ.get("PATH_INFO") != CODES_PATH or environ.get("REQUEST_METHOD") != "POST":
            return ""
        # What a proxy on this machine tells is believed, and nobody else's word.
        return self.marks.of(environ.get("REMOTE_ADDR", "")) or (
            self.marks.of(environ.get("HTTP_X_REAL_IP", ""))
            if is_this_machine(environ.get("REMOTE_ADDR", ""))
            else ""
        )


def _page(title: str, text: str) -> bytes:
    """Return a page with a way out that needs none of the code that just failed."""
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        '<p><a href="/exit/">Leave this site</a></p>'
        f"<h1>{title}</h1><p>{text}</p><p>In danger now: call 999.</p></html>"
    ).encode()


def _body_length(environ: dict[str, Any]) -> int:
    """Return the length that the request states; too long where it states none but has a body."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return FILES_LIMIT + 1
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return FILES_LIMIT + 1


def load_in_worker(master: int) -> Application:
    """Load the application in a process that ends with its master, however the master ends.

    It would keep the port otherwise, and answer with old code.
    """
    end_with_parent(master)
    application = load()
    _share_memory()
    _begin_to_count()
    return application


def _share_memory() -> None:
    """Let all web processes together derive from as many codes at a time as one alone may."""
    from django.conf import settings

    from safehold.crypto import codes

    codes.share_turns(settings.WORKERS)


def _begin_to_count() -> None:
    from django.conf import settings

    if settings.HAS_PUBLIC:
        from safehold.public.consent import counting

        counting.begin()


def load() -> Application:
    """Load the application, which refuses to start where something is missing."""
    from django.conf import settings
    from django.db import connections
    from django.urls import get_resolver

    from safehold.config.wsgi import application  # first: it loads the apps

    from safehold.config.snapshots_middleware import SnapshotDoor  # isort: skip

    get_resolver().check()  # a page that cannot be imported must stop the start, not a visitor
    connections.close_all()  # an open connection must not be shared with forked workers
    return Guarded(SnapshotDoor(application) if settings.HAS_PUBLIC else application)


def _is_news(record: logging.LogRecord) -> bool:
    # More threads than cores are meant: most of them wait for a slow connection.
    return "Python threads" not in record.getMessage()


def run(*, host: str, port: int, workers: int) -> None:
    """Serve until a signal; one line on each start and end, none on a request."""
    load()
    logging.getLogger("_granian").addFilter(_is_news)
    server = Server(
        "safehold.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=WAITING,
        backlog=1024,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000,
            max_buffer_size=HEADER_BYTES,
        ),
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    )
    server.serve(target_loader=partial(load_in_worker, os.getpid()), wrap_loader=False)
