"""Giving a crime its outcome."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection import incident_words
from safehold.protection.incident_forms import OutcomeForm
from safehold.records.incidents import operations, outcomes, queries
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin

_GIVING = "To give it an outcome"


@require_http_methods(["GET", "POST"])
@never_cache
def give(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Give an incident that is a crime an outcome; a later one stands in its place."""
    member, now = member_of(request), timezone.now()
    try:
        found = operations.look_at_incident(
            incident_id=incident_id, reason=_GIVING, by=member, at=now
        )
    except queries.IncidentNotFound as error:
        raise Http404(str(error)) from None
    sent = request.POST if request.method == "POST" else None
    form = OutcomeForm(sent, initial={"given_on": localdate()})
    if sent is not None and form.is_valid():
        try:
            outcomes.give_outcome(
                incident_id=incident_id,
                said=form.said(),
                shown=sent.get("shown"),
                by=member,
                at=now,
            )
        except outcomes.NotAnOutcome as error:
            form.add_error(error.where, str(error))
        except (outcomes.NotACrime, outcomes.GivenMeanwhile, ReasonTooThin) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:incident", incident_id=incident_id)
    given = outcomes.all_of(found)
    page = {
        "title": "Give an outcome",
        "here": "/staff/crime-decisions/",
        "back": reverse("protection:incident", args=[incident_id]),
        "back_to": "The incident",
        "form": form,
        "may_have_one": outcomes.may_have_one(found),
        "given": incident_words.outcome_rows(given),
        "stamp": outcomes.stamp(given[0] if given else None),
    }
    return render(request, "protection/outcome.html", page)
