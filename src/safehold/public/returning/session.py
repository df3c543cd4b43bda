"""What a code opened, held as a draft is: half of the key here, half on the device, not for long.

The code itself is in no cookie and no address: it is locked away with the rest, so that a message
that gives it away can be refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from safehold.crypto import codes
from safehold.crypto.codes import Code
from safehold.public.report import device
from safehold.public.report.drafts import RETURN
from safehold.records.intake import operations, queries, returns
from safehold.records.intake.returns import Place
from safehold.records.intake.tickets import DraftGone, DraftTicket


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the holder of its code has it open; `typed` and `problem` wait to be mended."""

    ticket: DraftTicket
    place: Place = field(repr=False)
    code: str = field(repr=False)
    typed: str = field(default="", repr=False)
    problem: str = ""
    wrote: bool = False


def open_place(response: HttpResponse, place: Place, code: Code, *, at: datetime) -> HttpResponse:
    """Give the browser the halves of what a code opened."""
    ticket = operations.start_draft(journey=RETURN, at=at)
    content = {"place": place.to_plain(), "code": codes.shown(code)}
    operations.save_answers(ticket=ticket, answers=content, at=at)
    device.give(response, ticket)
    return response


def held(request: HttpRequest, *, at: datetime) -> Opened | None:
    """Read what a browser has open by code; None where it has nothing."""
    ticket = device.ticket(request)
    if ticket is None:
        return None
    try:
        state = queries.draft_state(ticket, at)
    except DraftGone:
        return None
    if state.journey != RETURN:
        return None
    content: dict[str, Any] = state.answers
    return Opened(
        ticket,
        returns.place_from(content["place"]),
        content["code"],
        content.get("typed", ""),
        content.get("problem", ""),
        content.get("wrote") is True,
    )


def keep(
    opened: Opened, *, typed: str = "", problem: str = "", wrote: bool = False, at: datetime
) -> None:
    """Keep what was typed and what is wrong with it, for the page after. Raises DraftGone."""
    content = {
        "place": opened.place.to_plain(),
        "code": opened.code,
        "typed": typed,
        "problem": problem,
        "wrote": wrote,
    }
    operations.save_answers(ticket=opened.ticket, answers=content, at=at)


def close(opened: Opened, response: HttpResponse, *, at: datetime) -> HttpResponse:
    """Destroy what is open, and have the browser drop its halves."""
    operations.discard_draft(draft_id=opened.ticket.draft_id, at=at)
    device.take_back(response)
    return response
