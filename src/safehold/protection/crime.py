"""Whether every report, and every incident that an officer recorded, was decided in time to be a
crime or none: the crime registrar's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from safehold.design.paging import page_number, pages_of
from safehold.protection import clock_words
from safehold.protection.clock_words import CrimeRow
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import recorded
from safehold.records.risk import pairs
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import waiting

_STATES = {
    "waiting": "Not yet decided",
    "late": "Late",
    "recorded": "Recorded by officers, not yet decided",
    "aside": "Set aside, not yet decided",
    "decided": "Decided",
}
_OF_REPORTS = {"waiting", "late", "aside"}
_NONE = {
    "waiting": "Every report is decided.",
    "late": "No decision about a report is late.",
    "recorded": "Every incident that officers recorded is decided.",
    "aside": "No report that was set aside waits for a decision.",
    "decided": "Nothing is decided yet.",
}


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """List what has no decision on crime, or what has one; nothing of what was told."""
    member, now = member_of(request), timezone.now()
    asked = request.GET.get("state", "waiting")
    state = asked if asked in _STATES else "waiting"
    rows, pages = _rows(request, member, state, at=now)
    beside = _beside(member, state, at=now) if page_number(request) == 1 else None
    page = {
        "title": "Crime decisions",
        "here": "/staff/crime-decisions/",
        "state": state,
        "states": _STATES,
        "made": state == "decided",
        "of": "Report" if state in _OF_REPORTS else "Incident",
        "beside": beside,
        "nothing": _NONE[state],
        "rows": rows,
        "pages": pages,
        "figure": clock_words.figure_words(waiting.decided_in_time(by=member, at=now)),
        "colleagues": waiting.colleagues_undecided(by=member, at=now),
    }
    return render(request, "protection/crime_decisions.html", page)


def _rows(
    request: HttpRequest, member: StaffMember, state: str, *, at: datetime
) -> tuple[list[Any], Any]:
    number = page_number(request)
    if state == "decided":
        made = waiting.decided_crime(by=member, page=number)
        return _asked([clock_words.decided_row(each) for each in made], member), pages_of(
            request, made
        )
    if state == "recorded":
        waits = recorded.undecided(by=member, page=number)
        rows = [clock_words.recorded_row(each, at=at) for each in waits]
        return _asked(rows, member), pages_of(request, waits)
    found = waiting.undecided_crime(
        by=member,
        late_at=at if state == "late" else None,
        aside_only=state == "aside",
        page=number,
    )
    known = incidents.by_report([slip.pk for slip in found])
    rows = [clock_words.undecided_row(slip, known.get(slip.pk), at=at) for slip in found]
    return _asked(rows, member), pages_of(request, found)


def _asked(rows: list[CrimeRow], member: StaffMember) -> list[CrimeRow]:
    """Mark the incidents of which "primary aggressor?" is asked before anybody decides."""
    keys = [UUID(row.incident_id) for row in rows if row.incident_id]
    asked = {str(key) for key in pairs.asked_in(keys, by=member)}
    return [replace(row, aggressor=row.incident_id in asked) for row in rows]


def _beside(member: StaffMember, state: str, *, at: datetime) -> dict[str, Any] | None:
    """Return the first incidents that officers recorded, to stand before the reports."""
    if state not in {"waiting", "late"}:
        return None
    found = recorded.undecided(by=member, late_at=at if state == "late" else None)
    rows = [clock_words.recorded_row(each, at=at) for each in found]
    return {"rows": _asked(rows, member), "more": found.has_next()} if rows else None
