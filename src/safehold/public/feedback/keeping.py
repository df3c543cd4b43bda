"""What is held of feedback between two pages: what could not be taken, or that it was sent.

It lies as a draft does, under a key of which half is on the device, and is apart from the draft of
a report: giving feedback half way through a report touches nothing of the report. One cookie holds
the id and the half, so that leaving drops both in one turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from safehold.domain.feedback import KIND
from safehold.domain.own_paths import page_of
from safehold.public import cookies
from safehold.public.report import attempts
from safehold.public.report.attempts import Attempt
from safehold.records.intake import operations, queries
from safehold.records.intake.tickets import DraftGone, DraftState, DraftTicket

_ID_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held: the page to go back to, and an attempt to mend, or that it was sent."""

    came_from: str = ""
    attempt: Attempt | None = None
    once: str = ""
    sent: bool = False


def kept(request: HttpRequest, *, at: datetime) -> Kept:
    """Read what this browser holds, and count that as use; nothing where it leads nowhere."""
    held = _held(request, at)
    if held is None:
        return Kept()
    operations.use_draft(ticket=held[0], at=at)
    plain = held[1].answers
    return Kept(
        came_from=page_of(str(plain.get("came_from", ""))),
        attempt=attempts.from_plain(plain.get("attempt")),
        once=str(plain.get("once", "")),
        sent=bool(plain.get("sent")),
    )


def keep(request: HttpRequest, response: HttpResponse, what: Kept, *, at: datetime) -> HttpResponse:
    """Hold this until the next page, in the place of what was held before."""
    plain: dict[str, Any] = {"came_from": what.came_from, "once": what.once, "sent": what.sent}
    if what.attempt is not None:
        plain["attempt"] = what.attempt.to_plain()
    held = _held(request, at)
    ticket = held[0] if held else operations.start_draft(journey=KIND, at=at)
    try:
        operations.save_answers(ticket=ticket, answers=plain, at=at)
    except DraftGone:  # left meanwhile in another tab
        held, ticket = None, operations.start_draft(journey=KIND, at=at)
        operations.save_answers(ticket=ticket, answers=plain, at=at)
    if held is None:
        value = f"{ticket.draft_id.hex}{ticket.device_half}"
        cookies.give(response, cookies.FEEDBACK_COOKIE, value, httponly=False)
    return response


def destroy(request: HttpRequest, *, at: datetime) -> None:
    """Destroy what this browser holds of feedback, if it holds anything."""
    known = _draft_id(request)
    if known is not None:
        operations.discard_draft(draft_id=known, at=at)


def forget(response: HttpResponse) -> HttpResponse:
    """Have the browser drop its cookie."""
    cookies.take_back(response, cookies.FEEDBACK_COOKIE)
    return response


def _held(request: HttpRequest, at: datetime) -> tuple[DraftTicket, DraftState] | None:
    # Never a draft of something else: what is kept here would take the place of a report.
    known = _draft_id(request)
    half = cookies.read(request, cookies.FEEDBACK_COOKIE)[_ID_LENGTH:]
    if known is None or not half:
        return None
    ticket = DraftTicket(known, half)
    try:
        state = queries.draft_state(ticket, at)
    except DraftGone:
        return None
    return (ticket, state) if state.journey == KIND else None


def _draft_id(request: HttpRequest) -> UUID | None:
    try:
        return UUID(hex=cookies.read(request, cookies.FEEDBACK_COOKIE)[:_ID_LENGTH])
    except ValueError:
        return None
