"""How often a page was opened by people who agreed to be counted; held here for a minute.

No request waits for the store, and a minute that is lost with its process is lost on purpose:
nothing but a path, a week and a number was ever held.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import date, datetime
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from safehold.public.consent import may_count
from safehold.records.usage.operations import Event, add, week_of

log = logging.getLogger("safehold.usage")

FLUSH_EVERY: Final = 60.0  # seconds
NEVER: Final = ("/exit/", "/staff/", "/healthz")
_OK, _SEE_OTHER = 200, 303
_STEP: Final = "step_of_a_form"

_held: Counter[tuple[date, str, Event]] = Counter()
_lock = threading.Lock()


def opened(page: str, *, at: datetime) -> None:
    """Count that a page was opened. Only for whoever agreed; the caller has asked."""
    _one(page, Event.OPENED, at)


def counted_as(request: HttpRequest, step: str) -> None:
    """Have a page counted as a step of a form: its address is a number and says nothing."""
    setattr(request, _STEP, step)


def of_live_page(request: HttpRequest, response: HttpResponseBase) -> None:
    """Count a page that was drawn for a request, or a step of a journey that was completed."""
    match = request.resolver_match
    if match is None or request.path.startswith(NEVER) or not may_count(request):
        return
    step = getattr(request, _STEP, "")
    page = step or (f"/{match.route}" if "<" in match.route else request.path)
    kind = response.get("Content-Type", "")
    if request.method == "GET" and response.status_code == _OK and kind.startswith("text/html"):
        _one(page, Event.OPENED, timezone.now())
    elif _went_on(request, response):
        _one(page, Event.COMPLETED, timezone.now())


def flush() -> None:
    """Add what is held to the store and forget it; what the store cannot take is lost."""
    with _lock:
        taken = dict(_held)
        _held.clear()
    if not taken:
        return
    try:
        add(counts=taken)
    except DatabaseError:
        log.warning("The intake store cannot be written; a minute of page counts was lost.")


def begin() -> None:
    """Start this process's flushing, every minute until it ends."""
    threading.Thread(target=_flush_for_ever, daemon=True).start()


def _flush_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(FLUSH_EVERY):
        close_old_connections()
        flush()


def _one(page: str, event: Event, at: datetime) -> None:
    with _lock:
        _held[week_of(at), page, event] += 1


def _went_on(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.method == "POST"
        and bool(getattr(request, _STEP, ""))
        and response.status_code == _SEE_OTHER
        and response.get("Location", "") != request.path
    )
