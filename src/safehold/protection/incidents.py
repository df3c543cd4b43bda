"""One incident, and whether it is a crime."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safehold.domain import linking
from safehold.domain.access import Permission
from safehold.protection import incident_words, order_words, pair_words, presenters
from safehold.protection.forms import CrimeForm, LookForm
from safehold.records.cases import queries as cases
from safehold.records.contacts import queries as contacts
from safehold.records.incidents import operations, outcomes, queries, recorded, ties
from safehold.records.risk import pairs
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import queries as triage

_DECIDING = "To decide whether it is a crime"


@require_http_methods(["GET", "POST"])
@never_cache
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Show an incident to whoever works on it; ask anybody else why they need to see it."""
    try:
        reason = triage.standing_reason(incident_id=incident_id, by=member_of(request))
    except queries.IncidentNotFound as error:
        raise Http404(str(error)) from None
    form = LookForm(request.POST or None)
    if not reason and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    if not reason:
        return render(request, "protection/incident_reason.html", _frame() | {"form": form})
    return _page(request, incident_id, CrimeForm(), reason=reason)


@require_POST
def decide_crime(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Record whether an incident is a crime; a later decision replaces it and both are kept."""
    form = CrimeForm(request.POST)
    if not form.is_valid():
        return _page(request, incident_id, form, reason=_DECIDING)
    try:
        operations.decide_crime(
            incident_id=incident_id,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["crime_reason"],
            earlier=request.POST.get("earlier"),
            by=member_of(request),
            at=timezone.now(),
        )
    except queries.IncidentNotFound as error:
        raise Http404(str(error)) from None
    except (operations.Settled, operations.Unread, operations.DecidedMeanwhile) as error:
        form.add_error(None, str(error))
        return _page(request, incident_id, form, reason=_DECIDING)
    return redirect("protection:incident", incident_id=incident_id)


def _page(request: HttpRequest, incident_id: UUID, form: CrimeForm, *, reason: str) -> HttpResponse:
    try:
        found = operations.look_at_incident(
            incident_id=incident_id, reason=reason, by=member_of(request), at=timezone.now()
        )
    except queries.IncidentNotFound as error:
        raise Http404(str(error)) from None
    page = {
        **_way_back(found, member_of(request)),
        "incident": found,
        "contact": contacts.of_report(found.report_id) if found.report_id else None,
        "cases": cases.of_incident(found.pk, by=member_of(request)),
        "reason": reason,
        **_recorded(found, member_of(request)),
        "stamp": operations.stamp(found),
        "earlier": presenters.earlier_decisions(found),
        "others": _others(request, found),
        "joined_notes": queries.notes_in(found),
        "tied": linking.SENTENCES[linking.Basis(found.link_basis)],
        "to_open": _to_open(request, found),
        "rests_on_record": not member_of(request).may(Permission.OPEN_ACCOUNT),
        "may_decide": _may_decide(member_of(request), found),
        "aggressor": pair_words.aggressor_words(
            pairs.aggressor_question_in(incident_id=incident_id, by=member_of(request))
        ),
        "form": form,
    }
    return render(request, "protection/incident.html", _frame() | page)


def _recorded(found: Any, member: StaffMember) -> dict[str, Any]:
    """Return what an incident says, who is in it, by when it is decided, and what came of it."""
    due, waits = incident_words.due_words(recorded.clock_of(found), at=timezone.now())
    return {
        "said": incident_words.said_of(found, reader=member),
        "parts": incident_words.part_rows(found, reader=member),
        "may_add": ties.takes_parts(found) and member.may(Permission.RECORD_PEOPLE),
        "by_officer": found.report_id is None and ties.takes_parts(found),
        "broken": order_words.broken(found.pk, by=member, at=timezone.now()),
        "due": due,
        "due_waits": waits,
        "outcomes": incident_words.outcome_rows(outcomes.all_of(found)),
        "may_give": outcomes.may_have_one(found) and member.may(Permission.DECIDE_CRIME),
        "is_crime": outcomes.may_have_one(found),
    }


def _others(request: HttpRequest, found: Any) -> list[tuple[str, str]]:
    keys = [str(key) for key in queries.reports_in(found) if key != found.report_id]
    references = triage.references_of(keys, by=member_of(request))
    return [(key, references[key]) for key in keys if key in references]


def _to_open(request: HttpRequest, found: Any) -> list[tuple[str, str]]:
    """Return the reports that the member has to open before deciding, each with its reference."""
    left = [str(key) for key in operations.still_to_open(found, by=member_of(request))]
    references = triage.references_of(left, by=member_of(request))
    return [(key, references[key]) for key in left if key in references]


def _may_decide(member: StaffMember, found: Any) -> bool:
    if found.crime_settled and not member.may(Permission.SETTLE_CRIME):
        return False
    return member.may(Permission.DECIDE_CRIME)


def _way_back(found: Any, member: StaffMember) -> dict[str, str]:
    if not member.may(Permission.SEE_PLACES):
        path = reverse("protection:crime_decisions")
        return {"back": path, "back_to": "Crime decisions", "here": path}
    if found.place_id is None:
        return {"back": reverse("protection:work"), "back_to": "My work", "here": "/staff/"}
    return {"back": reverse("protection:place", args=[found.place_id]), "back_to": "The place"}


def _frame() -> dict[str, object]:
    return {
        "title": "Incident",
        "here": "/staff/places/",
        "back": reverse("protection:places"),
        "back_to": "All places",
    }
