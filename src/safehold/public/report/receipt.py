"""What can be done on a receipt: take a code to come back with, once, and say that it is kept.

A page of the form that still stood open in another tab posts here too: what was written on it is
shown as not sent.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from safehold.crypto import codes
from safehold.crypto.errors import KeyFileRefused
from safehold.public.report import forms, late, posted
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import Held
from safehold.public.report.forms import ASKED
from safehold.records.intake import calls, returns
from safehold.records.intake.tickets import DraftGone, DraftTicket

log = logging.getLogger(__name__)

NEW = {"digits": codes.new_digits, "words": codes.new_words}
KEPT, START = "kept", "start"


def shown(held: Held) -> dict[str, Any]:
    """Give what the receipt shows of a code: whether one is offered, is to be kept, or was."""
    is_kept = held.return_code == KEPT
    return {
        "offers_code": held.may_return and not held.typed and not held.return_code,
        "offers_start": held.may_return and held.typed and not held.return_code,
        "typed": held.typed,
        "start_days": calls.START_LASTS.days,
        "code": "" if is_kept else held.return_code,
        "code_kept": is_kept,
    }


def pressed(request: HttpRequest, held: Held) -> HttpResponse:
    """Give a code or take note that it is kept, and lead back to the receipt."""
    here = see_other(request.path)
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        return late.keep_unread(held)
    named = forms.asked_by(given.first(ASKED))
    if named is not None:
        return late.keep(held, *named, given)
    if given.do == late.COPIED:
        return late.copied(held)
    if held.ticket is not None:
        _give(held, held.ticket, given.do)
    return here


def _give(held: Held, ticket: DraftTicket, do: str) -> None:
    try:
        if do in NEW and shown(held)["offers_code"]:
            returns.give_code(ticket=ticket, code=NEW[do](), at=now())
        elif do == START and held.typed and not held.return_code:
            calls.give_start_code(ticket=ticket, at=now())
        elif do == KEPT:
            returns.code_kept(ticket=ticket, at=now())
    except DraftGone:
        return
    except (KeyFileRefused, OperationalError):
        # Her report is in; the page still offers a code, which she can ask for again.
        log.exception("A code could not be given; the report is in")
