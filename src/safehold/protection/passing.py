"""Passing a report on: to professional standards, or by them to the unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.words import moment
from safehold.domain.triage_slip import Said
from safehold.protection import presenters
from safehold.protection.forms import PassForm
from safehold.protection.looking import looked_at
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import passing
from safehold.records.triage import queries as triage

_BY_A_NAME = "A name in it was met on arrival with one on the register, or of a colleague."


@require_http_methods(["GET", "POST"])
@never_cache
def pass_on(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Ask why a report that the member has read is passed on; then it is gone from their list."""
    member, now = member_of(request), timezone.now()
    slip = looked_at(request, report_id)
    form = PassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = passing.pass_to_unit if slip.police_party else passing.pass_to_standards
        try:
            act(report_id=report_id, reason=form.cleaned_data["pass_reason"], by=member, at=now)
        except passing.NotPassed as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:inbox")
    page = {
        "title": "Pass this report on",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "here": "/staff/reports/",
        "slip": slip,
        "row": presenters.slip_row(slip, at=now),
        "read": triage.last_opening(report_id=report_id, by=member) is not None,
        "form": form,
    }
    return render(request, "protection/pass_on.html", page)


def how_it_came(slip: Any, *, by: StaffMember) -> list[str]:
    """Say how a report came to whoever has it, in sentences; nothing where it came straight."""
    if not by.may(passing.PASS, triage.subject_of(slip)):
        return []
    came = [_BY_A_NAME] if slip.party_is_police == Said.NAME else []
    for each in passing.how_it_came(report_id=slip.pk, by=by):
        said = _VERBS[Said(each.to)].format(each.by.name)
        came.append(f"{said}, {moment(each.at)}{_why(each.reason)}.")
    return came


_VERBS = {
    Said.NAME_LATER: "A name in it was met when {} opened it, and it was not shown",
    Said.PASSED: "{} passed it to professional standards",
    Said.NOT_OURS: "Professional standards ({}) passed it to the unit",
}


def _why(reason: str) -> str:
    return f": “{reason.rstrip('.')}”" if reason else ""
