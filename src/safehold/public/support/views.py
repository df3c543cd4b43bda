"""Who can help and is not the police: lines at once, and a list that she narrows to herself.

What she chooses is posted, and read from a locked cookie by a page with one address for everybody:
no need and no place stands in a history.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_http_methods, require_safe

from safehold.domain.force import Helpline
from safehold.domain.services import find, lasts
from safehold.public.report import posted
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import idle_minutes
from safehold.public.report.pages import TOO_MUCH
from safehold.public.support import choice, form, presenters
from safehold.public.support.choice import Choice
from safehold.records.services import queries as services

log = logging.getLogger("safehold.public")
ON_A_PAGE: Final = 15


def lines() -> list[Helpline]:
    """List the lines that the force has confirmed, those at any hour first."""
    phones = settings.FORCE.phones
    return [line for line in (phones.all_hours, phones.sarc, *phones.helplines) if line]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Give the confirmed lines, the way to the list, and what to think of before a call."""
    page: dict[str, Any] = {"force": settings.FORCE, "lines": lines(), "listed": 0}
    try:
        page |= _finder(request)
    except DatabaseError:
        # The lines are in the profile: they are there whatever else is not.
        log.exception("The register cannot be read; the page gives the lines alone")
    return render(request, "public/support/list.html", page)


def _finder(request: HttpRequest) -> dict[str, Any]:
    kept, listed = choice.kept(request, at=now()), services.shown(localtime().date())
    # What she chose is not laid open to whoever opens this page next; only a place to mend is.
    return _around(kept if kept.problem else Choice()) | {"listed": len(listed)}


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, page: int = 1) -> HttpResponse:
    """List the services that fit what was chosen, those that may help after them."""
    if request.method == "POST":
        return _chosen(request)
    at = now()
    kept = choice.kept(request, at=at)
    if kept.problem:
        return see_other(reverse("public:support"))
    response = render(request, "public/support/found.html", _page(kept, page, at))
    return response if kept == Choice() else choice.keep(response, kept, at=at)


def _chosen(request: HttpRequest) -> HttpResponse:
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        page = _around(choice.kept(request, at=now())) | {"too_much": TOO_MUCH, "lines": lines()}
        listed = len(services.shown(localtime().date()))
        return render(request, "public/support/list.html", page | {"listed": listed}, status=413)
    if given.do == form.CLEAR:
        return choice.forget(see_other(reverse("public:support")))
    wanted = form.read(given, choice.kept(request, at=now()))
    onward = "public:support" if wanted.problem else "public:support-found"
    return choice.keep(see_other(reverse(onward)), wanted, at=now())


def _page(kept: Choice, number: int, at: datetime) -> dict[str, Any]:
    here = localtime(at)
    fits, others = find(services.shown(here.date()), kept.wanted, at=here)
    paginator = Paginator([*fits, *others], ON_A_PAGE)
    try:
        page = paginator.page(number)
    except EmptyPage:
        raise Http404("There is no such page of the list.") from None
    first, start = page.start_index(), len(fits)
    said = presenters.lines(list(page.object_list), first=first, at=here)
    return _around(kept) | {
        "fits": [line for line in said if line.number <= start],
        "others": [line for line in said if line.number > start],
        "none_fits": not fits,
        "total": paginator.count,
        "number": number,
        "pages": paginator.num_pages,
        "chosen": not kept.wanted.nothing,
    }


def _around(kept: Choice) -> dict[str, Any]:
    return {
        "force": settings.FORCE,
        "form": form.FinderForm(kept),
        "kept_minutes": idle_minutes(),
        "lasts_days": lasts().days,
    }
