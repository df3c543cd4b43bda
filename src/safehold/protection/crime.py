"""Whether every report was decided in time to be a crime or none: the crime registrar's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from safehold.design.paging import page_number, pages_of
from safehold.protection import clock_words
from safehold.records.incidents import queries as incidents
from safehold.records.staff.queries import member_of
from safehold.records.triage import waiting

_STATES = {
    "waiting": "Not yet decided",
    "late": "Late",
    "aside": "Set aside, not yet decided",
    "decided": "Decided",
}
_NONE = {
    "waiting": "Every report is decided.",
    "late": "No decision is late.",
    "aside": "No report that was set aside waits for a decision.",
    "decided": "Nothing is decided yet.",
}


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """List the reports without a decision on crime, or those with one; nothing of what was told."""
    member, now = member_of(request), timezone.now()
    asked = request.GET.get("state", "waiting")
    state = asked if asked in _STATES else "waiting"
    if state == "decided":
        made = waiting.decided_crime(by=member, page=page_number(request))
        rows, pages = [clock_words.decided_row(each) for each in made], pages_of(request, made)
    else:
        late_at = now if state == "late" else None
        found = waiting.undecided_crime(
            by=member,
            late_at=late_at,
            aside_only=state == "aside",
            page=page_number(request),
        )
        recorded = incidents.by_report([slip.pk for slip in found])
        rows = [clock_words.undecided_row(slip, recorded.get(slip.pk), at=now) for slip in found]
        pages = pages_of(request, found)
    page = {
        "title": "Crime decisions",
        "here": "/staff/crime-decisions/",
        "state": state,
        "states": _STATES,
        "made": state == "decided",
        "nothing": _NONE[state],
        "rows": rows,
        "pages": pages,
        "figure": clock_words.figure_words(waiting.decided_in_time(by=member, at=now)),
        "colleagues": waiting.colleagues_undecided(by=member, at=now),
    }
    return render(request, "protection/crime_decisions.html", page)
