"""What a code opened, held as a draft is: half of the key here, half on the device, not for long.

The code itself is in no cookie and no address: it is locked away with the rest, so that a message
that gives it away can be refused. A draft of this kind holds one of four things, by its first key:
a place, a start code, a code that waits for its turn, or a message whose page had closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from safehold.crypto import codes
from safehold.crypto.codes import Code
from safehold.public.report import device
from safehold.public.report.drafts import RETURN, idle_minutes
from safehold.records.intake import operations, queries, returns
from safehold.records.intake.returns import Place
from safehold.records.intake.tickets import DraftGone, DraftTicket

PLACE, START, TURN, UNSENT = "place", "start", "turn", "unsent"


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the holder of its code has it open; `typed` and `problem` wait to be mended.

    `once` names the message that the page offers to write: sent twice, it is one. `sent` is the
    digest of the last that was sent, by which that is told from another page's words.
    """

    ticket: DraftTicket
    place: Place = field(repr=False)
    code: str = field(repr=False)
    once: str
    typed: str = field(default="", repr=False)
    problem: str = ""
    wrote: bool = False
    news: dict[str, Any] = field(default_factory=dict, repr=False)
    sent: str = ""

    def was_sent(self, text: str) -> bool:
        """Tell whether a text is the last that was sent from here."""
        return self.sent == _digest(text)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A start code as a browser has it open: still to be used, used before, or just used.

    `own` is the code of her own, shown until she says that it is kept; `used` a day.
    """

    ticket: DraftTicket
    start: str = field(repr=False)
    own: str = field(default="", repr=False)
    used: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A code that waits for its turn."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message whose page had closed; it is there to send once the page is open again."""

    text: str = field(repr=False)


def open_place(
    request: HttpRequest, response: HttpResponse, place: Place, code: Code, *, at: datetime
) -> HttpResponse:
    """Give the browser the halves of what a code opened, with a message that waited for it."""
    before = read(request, at=at)
    content = {
        PLACE: place.to_plain(),
        "code": codes.shown(code),
        "once": uuid4().hex,
        "typed": before.text if isinstance(before, Unsent) else "",
    }
    return _open(response, content, at=at)


def open_start(response: HttpResponse, code: Code, *, at: datetime) -> HttpResponse:
    """Give the browser the halves of a start code that may be used."""
    return _open(response, {START: codes.shown(code)}, at=at)


def say_used(response: HttpResponse, day: date, *, at: datetime) -> HttpResponse:
    """Give the browser what says on which day a start code was used."""
    return _open(response, {START: "", "used": day.isoformat()}, at=at)


def wait_with(response: HttpResponse, code: Code, *, at: datetime) -> HttpResponse:
    """Have a code wait for its turn: the page asks again by itself."""
    return _open(response, {TURN: codes.shown(code)}, at=at)


def keep_unsent(response: HttpResponse, text: str, *, at: datetime) -> HttpResponse:
    """Keep a message whose page had closed, until a code opens the page again."""
    return _open(response, {UNSENT: text}, at=at)


def read(request: HttpRequest, *, at: datetime) -> Opened | Beginning | Waiting | Unsent | None:
    """Read what a browser has open by code; None where it has nothing."""
    ticket = device.ticket(request)
    if ticket is None:
        return None
    try:
        state = queries.draft_state(ticket, at)
    except DraftGone:
        return None
    return _read(ticket, state.answers) if state.journey == RETURN else None


def _read(
    ticket: DraftTicket, content: Mapping[str, Any]
) -> Opened | Beginning | Waiting | Unsent | None:
    if PLACE in content:
        return Opened(
            ticket,
            returns.place_from(content[PLACE]),
            content["code"],
            content["once"],
            content.get("typed", ""),
            content.get("problem", ""),
            content.get("wrote") is True,
            content.get("news") or {},
            content.get("sent", ""),
        )
    if START in content:
        own, used = content.get("own", ""), content.get("used", "")
        return Beginning(ticket, content[START], own, used)
    if TURN in content:
        return Waiting(str(content[TURN]))
    return Unsent(str(content[UNSENT])) if UNSENT in content else None


def that_closes(response: HttpResponse) -> HttpResponse:
    """Have the screen ask again once nobody used a page: it shows nothing of it any more."""
    seconds = (idle_minutes() + 2) * 60
    response["Refresh"] = f"{seconds}; url={reverse('public:return')}"
    return response


def used(opened: Opened, *, at: datetime) -> None:
    """Count the reading of a page as use, so that what it says of its time is true."""
    operations.use_draft(ticket=opened.ticket, at=at)


def keep(
    opened: Opened,
    *,
    typed: str = "",
    problem: str = "",
    wrote: str = "",
    news: Mapping[str, Any] | None = None,
    at: datetime,
) -> None:
    """Keep what was typed and what is wrong with it, for the page after. Raises DraftGone.

    `wrote` is a message that was sent just now: of it a digest is kept.
    """
    content = {
        PLACE: opened.place.to_plain(),
        "code": opened.code,
        "once": uuid4().hex if wrote else opened.once,
        "typed": typed,
        "problem": problem,
        "wrote": bool(wrote),
        "news": dict(news or {}),
        "sent": _digest(wrote) if wrote else opened.sent,
    }
    operations.save_answers(ticket=opened.ticket, answers=content, at=at)


def keep_own(opened: Beginning, own: Code, *, at: datetime) -> None:
    """Keep the code that she took, for the page after. Raises DraftGone."""
    content = {START: "", "own": codes.shown(own)}
    operations.save_answers(ticket=opened.ticket, answers=content, at=at)


def close(opened: Opened | Beginning, response: HttpResponse, *, at: datetime) -> HttpResponse:
    """Destroy what is open, and have the browser drop its halves."""
    operations.discard_draft(draft_id=opened.ticket.draft_id, at=at)
    device.take_back(response)
    return response


def _open(response: HttpResponse, content: dict[str, Any], *, at: datetime) -> HttpResponse:
    ticket = operations.start_draft(journey=RETURN, at=at)
    operations.save_answers(ticket=ticket, answers=content, at=at)
    device.give(response, ticket)
    return response


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
