"""Ending the work on a pile that was set aside: what it reaches, what is left out, the act."""

from __future__ import annotations

import time
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.domain import retention
from safehold.domain.retention import Status
from safehold.protection import presenters
from safehold.protection.flood_forms import EndPileForm
from safehold.records.staff.queries import member_of
from safehold.records.triage import ending_piles, piles
from safehold.records.triage.ending_piles import Ending

SECONDS = 15.0  # of one request; the page then says how many are left


@require_http_methods(["GET", "POST"])
@never_cache
def end(request: HttpRequest, flood_id: UUID) -> HttpResponse:
    """Say what ending the work on a pile does, and end it."""
    form = EndPileForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            until = time.monotonic() + SECONDS
            ending_piles.end_pile(
                flood_id=flood_id,
                enough=lambda: time.monotonic() >= until,
                by=member_of(request),
                at=timezone.now(),
                **form.said(),
            )
            return redirect("protection:flood_end", flood_id=flood_id)
    except piles.FloodNotFound as error:
        raise Http404(str(error)) from None
    except (ending_piles.NotSetAside, ending_piles.NothingToEnd) as error:
        form.add_error(None, str(error))
    return _page(request, flood_id, form)


def _page(request: HttpRequest, flood_id: UUID, form: EndPileForm) -> HttpResponse:
    try:
        found = ending_piles.look(flood_id=flood_id, by=member_of(request))
    except piles.FloodNotFound as error:
        raise Http404(str(error)) from None
    left_out = found.page(page_number(request))
    page = {
        "title": "End the work on a pile",
        "here": "/staff/reports/",
        "back": reverse("protection:flood", args=[flood_id]),
        "back_to": "The pile",
        "kind": presenters.kind_label(found.flood.kind),
        "found": found,
        "period": _period(found),
        "left_out": left_out,
        "pages": pages_of(request, left_out),
        "form": form,
    }
    return render(request, "protection/flood_end.html", page)


def _period(found: Ending) -> str:
    status = Status.COLLEAGUE if found.flood.police_party else Status.SET_ASIDE
    return retention.table().rules[status].period
