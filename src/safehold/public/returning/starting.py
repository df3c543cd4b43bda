"""A caller takes a code of her own, with the start code that a member read out to her."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now

from safehold.crypto import codes
from safehold.design.words import day
from safehold.public.report import drafts
from safehold.public.report.addresses import see_other
from safehold.public.report.posted import Posted
from safehold.public.report.receipt import KEPT, NEW
from safehold.public.returning import session
from safehold.public.returning.session import Beginning
from safehold.records.intake import calls


def page(request: HttpRequest, opened: Beginning) -> HttpResponse:
    """Show what a start code is for, the code that she took, or that it was used before."""
    context = {
        "force": settings.FORCE,
        "own_code": opened.own,
        "used": day(date.fromisoformat(opened.used)) if opened.used else "",
        "idle_minutes": drafts.idle_minutes(),
        "kept": True,
    }
    return session.that_closes(render(request, "public/returning/start.html", context))


def pressed(request: HttpRequest, opened: Beginning, given: Posted) -> HttpResponse:
    """Give her a code of her own, or close the page. Raises StartUsed, NothingSaved, DraftGone."""
    here = see_other(reverse("public:return"))
    if given.do in NEW and opened.start:
        own = NEW[given.do]()
        calls.start(codes.read(opened.start), own=own, at=now())
        session.keep_own(opened, own, at=now())
        return here
    if given.do == KEPT or not opened.start:
        return session.close(opened, here, at=now())
    return here
