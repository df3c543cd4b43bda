"""The two cookies of a draft: its id, which no script can read, and half of its key.

The half can be read by script because that is how Escape destroys it in the same tick, with no
request.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from safehold.public import cookies
from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE
from safehold.records.intake.tickets import DraftTicket


def holds_something(request: HttpRequest) -> bool:
    """Tell whether a browser sent either cookie, whole or not."""
    return any(cookies.read(request, cookie) for cookie in (DRAFT_COOKIE, KEY_COOKIE))


def draft_id(request: HttpRequest) -> UUID | None:
    """Read the id of a draft, which is enough to destroy it, or None."""
    try:
        return UUID(hex=cookies.read(request, DRAFT_COOKIE))
    except ValueError:
        return None


def ticket(request: HttpRequest) -> DraftTicket | None:
    """Read a draft's ticket, or None where a cookie is missing or is no cookie of ours."""
    known, half = draft_id(request), cookies.read(request, KEY_COOKIE)
    return DraftTicket(known, half) if known and half else None


def give(response: HttpResponse, ticket: DraftTicket) -> None:
    """Give a browser both cookies, until it is closed."""
    cookies.give(response, DRAFT_COOKIE, ticket.draft_id.hex)
    cookies.give(response, KEY_COOKIE, ticket.device_half, httponly=False)


def take_back(response: HttpResponse) -> None:
    """Have a browser drop both cookies."""
    cookies.take_back(response, DRAFT_COOKIE, KEY_COOKIE)
