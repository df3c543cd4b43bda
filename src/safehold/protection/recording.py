"""Recording an incident that came by no report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection.incident_forms import RecordForm
from safehold.records.incidents import queries, recording
from safehold.records.staff.queries import member_of


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Record an incident on one page: four questions are asked for, the rest as it is known."""
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = recording.record_by_officer(
                said=form.said(), by=member_of(request), at=timezone.now()
            )
        except recording.NotAnInterval as error:  # in the hour that the clocks leave out
            form.add_error("last", str(error))
        else:
            if not queries.seen_by(member_of(request)).filter(pk=made.pk).exists():
                return redirect("protection:person_passed")
            return redirect("protection:incident", incident_id=made.pk)
    page = {"title": "Record an incident", "here": "/staff/incidents/new/", "form": form}
    return render(request, "protection/incident_new.html", page)
