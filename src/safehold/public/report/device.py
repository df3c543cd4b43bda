"""The two cookies of a draft: its id, which no script can read, and half of its key.

The half can be read by script because that is how Escape destroys it in the same tick, with no
request. On https both carry the `__Host-` prefix, so that no neighbouring host can set them.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE
from safehold.records.intake.tickets import DraftTicket

_HOST_ONLY = "__Host-"


def name(cookie: str) -> str:
    """Give the name that a cookie has on this installation."""
    return f"{_HOST_ONLY}{cookie}" if settings.HTTPS else cookie


def holds_something(request: HttpRequest) -> bool:
    """Tell whether a browser sent either cookie, whole or not."""
    return any(request.COOKIES.get(name(cookie)) for cookie in (DRAFT_COOKIE, KEY_COOKIE))


def draft_id(request: HttpRequest) -> UUID | None:
    """Read the id of a draft, which is enough to destroy it, or None."""
    try:
        return UUID(hex=request.COOKIES.get(name(DRAFT_COOKIE), ""))
    except ValueError:
        return None


def ticket(request: HttpRequest) -> DraftTicket | None:
    """Read a draft's ticket, or None where a cookie is missing or is no cookie of ours."""
    known, half = draft_id(request), request.COOKIES.get(name(KEY_COOKIE), "")
    return DraftTicket(known, half) if known and half else None


def give(response: HttpResponse, ticket: DraftTicket) -> None:
    """Give a browser both cookies, until it is closed."""
    _set(response, DRAFT_COOKIE, ticket.draft_id.hex, httponly=True)
    _set(response, KEY_COOKIE, ticket.device_half, httponly=False)


def take_back(response: HttpResponse) -> None:
    """Have a browser drop both cookies."""
    for cookie in (DRAFT_COOKIE, KEY_COOKIE):
        response.set_cookie(
            name(cookie), "", max_age=0, path="/", secure=settings.HTTPS, samesite="Strict"
        )


def _set(response: HttpResponse, cookie: str, value: str, *, httponly: bool) -> None:
    response.set_cookie(
        name(cookie),
        value,
        path="/",
        secure=settings.HTTPS,
        httponly=httponly,
        samesite="Strict",
    )
