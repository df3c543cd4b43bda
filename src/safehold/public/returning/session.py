"""What a code opened, held as a draft is: half of the key here, half on the device, not for long.

The code itself is in no cookie and no address: it is locked away with the rest, so that a message
that gives it away can be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    news: dict[str, Any] = field(default_factory=dict, repr=False)


def open_place(response: HttpResponse, place: Place, code: Code, *, at: datetime) -> HttpResponse:
    """Give the browser the halves of what a code opened."""
    ticket = operations.start_draft(journey=RETURN, at=at)
    content = {"place": place.to_plain(), "code": codes.shown(code)}
    operations.save_answers(ticket=ticket, answers=content, at=at)
    device.give(response, ticket)
    return response


@dataclass(frozen=True, slots=True)
class Beginning:
    """A start code as a browser has it open: still to be used, used before, or just used.

    `own` is the code of her own, shown until she says that it is kept; `used` a day.
    """

    ticket: DraftTicket
    start: str = field(repr=False)
    own: str = field(default="", repr=False)
    used: str = ""


def open_start(response: HttpResponse, code: Code, *, at: datetime) -> HttpResponse:
    """Give the browser the halves of a start code that may be used."""
    return _open(response, {"start": codes.shown(code)}, at=at)


def say_used(response: HttpResponse, day: date, *, at: datetime) -> HttpResponse:
    """Give the browser what says on which day a start code was used."""
    return _open(response, {"start": "", "used": day.isoformat()}, at=at)


def beginning(request: HttpRequest, *, at: datetime) -> Beginning | None:
    """Read what a browser has open of a start code; None where it has none."""
    found = _state(request, at=at)
    if found is None or "start" not in found[1]:
        return None
    ticket, content = found
    return Beginning(ticket, content["start"], content.get("own", ""), content.get("used", ""))


def keep_own(opened: Beginning, own: Code, *, at: datetime) -> None:
    """Keep the code that she took, for the page after. Raises DraftGone."""
    content = {"start": "", "own": codes.shown(own)}
    operations.save_answers(ticket=opened.ticket, answers=content, at=at)


def _open(response: HttpResponse, content: dict[str, str], *, at: datetime) -> HttpResponse:
    ticket = operations.start_draft(journey=RETURN, at=at)
    operations.save_answers(ticket=ticket, answers=content, at=at)
    device.give(response, ticket)
    return response


def _state(request: HttpRequest, *, at: datetime) -> tuple[DraftTicket, dict[str, Any]] | None:
    ticket = device.ticket(request)
    if ticket is None:
        return None
    try:
        state = queries.draft_state(ticket, at)
    except DraftGone:
        return None
    return (ticket, state.answers) if state.journey == RETURN else None


def held(request: HttpRequest, *, at: datetime) -> Opened | None:
    """Read what a browser has open by code; None where it has nothing."""
    found = _state(request, at=at)
    if found is None or "place" not in found[1]:
        return None
    ticket, content = found
    return Opened(
        ticket,
        returns.place_from(content["place"]),
        content["code"],
        content.get("typed", ""),
        content.get("problem", ""),
        content.get("wrote") is True,
        content.get("news") or {},
    )


def keep(
    opened: Opened,
    *,
    typed: str = "",
    problem: str = "",
    wrote: bool = False,
    news: Mapping[str, Any] | None = None,
    at: datetime,
) -> None:
    """Keep what was typed and what is wrong with it, for the page after. Raises DraftGone."""
    content = {
        "place": opened.place.to_plain(),
        "code": opened.code,
        "typed": typed,
        "problem": problem,
        "wrote": wrote,
        "news": dict(news or {}),
    }
    operations.save_answers(ticket=opened.ticket, answers=content, at=at)


def close(opened: Opened | Beginning, response: HttpResponse, *, at: datetime) -> HttpResponse:
    """Destroy what is open, and have the browser drop its halves."""
    operations.discard_draft(draft_id=opened.ticket.draft_id, at=at)
    device.take_back(response)
    return response
