"""The outermost door: published pages, answered from memory before anything else is loaded.

A visitor's first page must come when the database, the CMS or the rest of the site does not, and
must cost next to nothing. So pages are held ready to send; a thread asks every few seconds whether
they have changed, and an outage leaves the last known ones in place.

A page is stored as most visitors get it. Whoever has chosen about cookies gets it with another
block, made when it is first asked for, and kept.
"""

from __future__ import annotations

import gzip
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brotli
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from safehold.config.content_policy import headers
from safehold.config.stores import INTAKE
from safehold.design.languages import named, offered
from safehold.public import cookies
from safehold.public.consent import banner, choice, counting
from safehold.records.snapshots import queries
from safehold.records.snapshots.paths import normalised

log = logging.getLogger("safehold.snapshots")

CHECK_EVERY = 3.0  # seconds
ASKED = "safehold.snapshots_asked"  # set on a request that the door has let pass
_LONGEST_HEADER = 200
_LONGEST_COOKIES = 4096
_QUALITY = 9  # somebody waits for it, once
_brotli: Callable[..., bytes] = brotli.compress


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes out: a status line, headers and a body, all ready."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One page ready to send: a body for each coding, and the headers that all of them carry."""

    bodies: Mapping[str, bytes]
    headers: tuple[tuple[str, str], ...]
    variants: dict[str, Answer] = field(default_factory=dict)

    def in_state(self, state: str) -> Answer:
        """Return the page with the cookie block of a state, made at the first time of asking."""
        if state == banner.ASKED:
            return self
        if state not in self.variants:
            html = banner.filled(self.bodies[""], state)
            self.variants[state] = Answer(bodies=_squeezed(html), headers=self.headers)
        return self.variants[state]

    def coded(self, coding: str) -> Sent:
        """Return the page in a coding that a browser takes; an empty string is none."""
        body = self.bodies[coding]
        encoded = (("Content-Encoding", coding),) if coding else ()
        length = ("Content-Length", str(len(body)))
        return Sent("200 OK", (*self.headers, *encoded, length), body)


def _squeezed(html: bytes) -> Mapping[str, bytes]:
    return {
        "br": _brotli(html, mode=brotli.MODE_TEXT, quality=_QUALITY),
        "gzip": gzip.compress(html, _QUALITY, mtime=0),
        "": html,
    }


class Shelf:
    """The published pages that this process holds."""

    def __init__(self) -> None:
        self.answers: Mapping[str, Answer] = {}
        self.translated: Mapping[tuple[str, str], Answer] = {}
        self._version = -1
        self._process = 0
        self._lock = threading.Lock()

    def now(self) -> Mapping[str, Answer]:
        """Return the pages by path; the first call in a process loads them and begins the watch."""
        if connections[INTAKE].in_atomic_block:
            # Whoever asks from inside a transaction means to see its own changes.
            self.load()
        elif self._process != os.getpid():
            self._begin()
        return self.answers

    def refresh(self) -> None:
        """Load the pages if they have changed; keep what is held if the store cannot be asked."""
        try:
            if queries.current_version() != self._version:
                self.load()
        except DatabaseError:
            # No word on the page or the visitor: only that the store is out of reach.
            log.warning("The intake store cannot be read; published pages stay as they were.")

    def load(self) -> None:
        """Load the pages anew. Raises DatabaseError where the store cannot be read."""
        # The number first: a page published meanwhile is then seen at the next look.
        version = queries.current_version()
        english, translated = {}, {}
        for page in queries.all_current():
            if page.language == offered()[0].code:
                english[page.path] = ready(page)
            else:
                translated[page.path, page.language] = ready(page)
        self.answers, self.translated = english, translated
        self._version = version

    def _begin(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            self.refresh()
            self._process = os.getpid()
            threading.Thread(target=_watch, args=(weakref.ref(self),), daemon=True).start()


def ready(page: queries.Page) -> Answer:
    """Prepare a published page for sending."""
    always = {
        **headers(page.path),
        "Content-Type": "text/html; charset=utf-8",
        # Back must show nothing, and no proxy may keep what a visitor read.
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding",
    }
    if settings.SECURE_HSTS_SECONDS:
        always["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return Answer(
        bodies={"br": page.brotli, "gzip": page.gzip, "": page.html},
        headers=tuple(always.items()),
    )


@lru_cache(maxsize=128)
def coding(accepted: str) -> str:
    """Choose br, gzip or none (an empty string) from an Accept-Encoding header (RFC 9110)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.partition(";")
        weights[name.strip()] = _weight(rest)
    rest_of_them = weights.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda name: weights.get(name, rest_of_them))
    weight = weights.get(best, rest_of_them)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


def _watch(held: weakref.ref[Shelf]) -> None:
    while True:
        time.sleep(CHECK_EVERY)
        shelf = held()
        if shelf is None:
            connections.close_all()
            return
        close_old_connections()
        shelf.refresh()
        del shelf  # or it could never be let go


def answer_to(
    shelf: Shelf, *, method: str, path: str, accepted: str, sent_cookies: str = ""
) -> Sent | None:
    """Find what a request for a published page is sent, None where Django has to be asked."""
    if method not in {"GET", "HEAD"}:
        return None
    answers = shelf.now()
    answer = shelf.translated.get((path, _language(shelf, sent_cookies))) or answers.get(path)
    if answer is not None:
        made = choice.in_header(sent_cookies)
        if made is not None and made.count and method == "GET":
            counting.opened(path, at=timezone.now())
        found = answer.in_state(banner.state_of(made))
        sent = found.coded(coding(accepted) if len(accepted) <= _LONGEST_HEADER else "")
        return _told(sent, made) if made is not None and made.just_saved else sent
    meant = normalised(path)
    return _led_to(meant) if meant != path and meant in answers else None


def _language(shelf: Shelf, sent_cookies: str) -> str:
    """Read the language that a browser's visitor chose; anything that is not offered is English."""
    if not shelf.translated or not sent_cookies or len(sent_cookies) > _LONGEST_COOKIES:
        return offered()[0].code
    name = cookies.name(cookies.LANGUAGE_COOKIE)
    for pair in sent_cookies.split(";"):
        found, _, value = pair.strip().partition("=")
        if found == name:
            return named(value).code
    return offered()[0].code


def _told(sent: Sent, made: choice.Choice) -> Sent:
    # The page says that the choice is saved: from the next one on there is nothing to say.
    keeping = HttpResponse()
    choice.keep(keeping, choice.told(made))
    given = (("Set-Cookie", each.OutputString()) for each in keeping.cookies.values())
    return Sent(sent.status, (*sent.headers, *given), sent.body)


def _led_to(path: str) -> Sent:
    # Found, not moved for good: a browser keeps the latter, and what it keeps is a trace.
    leading = {
        **headers(path),
        "Location": path,
        "Cache-Control": "no-store",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": "0",
    }
    return Sent("302 Found", tuple(leading.items()), b"")


class SnapshotMiddleware:
    """Answer a GET or HEAD of a published path from memory; pass everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASKED in request.META:
            return self.get_response(request)
        sent = answer_to(
            self.shelf,
            method=request.method or "",
            path=request.path_info,
            accepted=request.META.get("HTTP_ACCEPT_ENCODING", ""),
            sent_cookies=request.META.get("HTTP_COOKIE", ""),
        )
        if sent is None:
            return self.get_response(request)
        body = sent.body if request.method == "GET" else b""
        return HttpResponse(body, status=int(sent.status[:3]), headers=dict(sent.headers))


class SnapshotDoor:
    """The same answer before Django is asked at all: what our own server puts in front.

    Most of the cost of a stored page is a framework's request and response, which it needs not.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.shelf = Shelf()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        sent = answer_to(
            self.shelf,
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            accepted=environ.get("HTTP_ACCEPT_ENCODING", ""),
            sent_cookies=environ.get("HTTP_COOKIE", ""),
        )
        if sent is None:
            environ[ASKED] = "1"
            return self.application(environ, start_response)
        start_response(sent.status, list(sent.headers))
        return [sent.body if environ["REQUEST_METHOD"] == "GET" else b""]
