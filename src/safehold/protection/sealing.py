"""Passing a person, an incident or a case to professional standards once that is learnt."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain import access
from safehold.protection.forms import PassForm
from safehold.records.audit import queries as looks
from safehold.records.audit.actors import About
from safehold.records.cases import passing
from safehold.records.cases.queries import CaseNotFound
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff.queries import member_of


@require_http_methods(["GET", "POST"])
@never_cache
def person(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Ask why a person is passed on, with all that hangs on them."""
    return _pass_on(request, "person", identity, reverse("protection:person", args=[identity]))


@require_http_methods(["GET", "POST"])
@never_cache
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Ask why an incident is passed on, with all that hangs on it."""
    back = reverse("protection:incident", args=[incident_id])
    return _pass_on(request, "incident", incident_id, back)


@require_http_methods(["GET", "POST"])
@never_cache
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask why a case is passed on, with all that hangs on it."""
    return _pass_on(request, "case", case_id, reverse("protection:case", args=[case_id]))


def _pass_on(request: HttpRequest, kind: str, key: UUID, back: str) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    try:
        sealed = passing.is_sealed(kind=kind, key=key, by=member)
    except (PersonNotFound, IncidentNotFound, CaseNotFound) as error:
        raise Http404(str(error)) from None
    since = now - access.table().shift
    opened = looks.last_look(subject=About(kind, str(key)), by=member, since=since)
    form = PassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and opened and form.is_valid():
        act = passing.pass_to_unit if sealed else passing.pass_to_standards
        try:
            act(kind=kind, key=key, reason=form.cleaned_data["pass_reason"], by=member, at=now)
        except passing.NotPassed as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:cases" if kind == "case" else "protection:people")
    page = {
        "title": "Pass this on",
        "here": "/staff/cases/" if kind == "case" else "/staff/people/",
        "back": back,
        "back_to": f"The {kind}",
        "kind": kind,
        "sealed": sealed,
        "opened": opened is not None,
        "may_take_back": str(member.role) == passing.STANDARDS,
        "form": form,
    }
    return render(request, "protection/sealing.html", page)
