"""Who is in an incident: a part is tied to a person, untied, or added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain import linking
from safehold.protection import incident_words
from safehold.protection.incident_forms import PartForm, TieForm, UntieForm
from safehold.protection.people_forms import SearchForm
from safehold.records.incidents import operations, queries, ties
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin

_TYING = "To say who has a part in it"
_NOT_TIED = (ties.NeverTied, ties.TiedAlready, ties.NotThisPart, ties.NoSuchPart, PersonNotFound)


@require_http_methods(["GET", "POST"])
@never_cache
def tie(request: HttpRequest, incident_id: UUID, role_id: UUID) -> HttpResponse:
    """Search for a person with a reason, and tie a part to one who was found."""
    incident, role = _looked_at(request, incident_id, role_id)
    sent = request.POST if request.method == "POST" else None
    search, chosen, findings = SearchForm(sent), None, None
    if incident.linkable and sent is not None and search.is_valid():
        findings = search.find(by=member_of(request), at=timezone.now())
        asked = sent if sent.get("do") == "tie" else None
        chosen = TieForm(asked, part=role.part, people=findings.people, on=localdate())
    if chosen is not None and chosen.is_bound and _tied(request, incident_id, role_id, chosen):
        return redirect("protection:incident", incident_id=incident_id)
    page = _frame(incident_id) | {
        "title": "Tie a part to a person",
        "role": incident_words.part_words(role),
        "linkable": incident.linkable,
        "tied": linking.SENTENCES[linking.Basis(incident.link_basis)],
        "form": chosen if chosen is not None and chosen.is_bound else search,
        "search": search,
        "chosen": chosen,
        "findings": findings,
    }
    return render(request, "protection/part_tie.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def untie(request: HttpRequest, incident_id: UUID, role_id: UUID) -> HttpResponse:
    """Ask why a part is not the person's that it was tied to."""
    _looked_at(request, incident_id, role_id)
    form = UntieForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ties.untie(
                incident_id=incident_id,
                role_id=role_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except (ties.NoSuchPart, ReasonTooThin) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:incident", incident_id=incident_id)
    return _form_page(request, incident_id, form, "This is not them", "Untie it")


@require_http_methods(["GET", "POST"])
@never_cache
def add(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Add a part to an incident that an officer recorded."""
    _looked_at(request, incident_id, None)
    form = PartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ties.add_part(
                incident_id=incident_id,
                part=form.cleaned_data["part"],
                by=member_of(request),
                at=timezone.now(),
            )
        except (ties.NotThisPart, ties.NotRecordedHere) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:incident", incident_id=incident_id)
    return _form_page(request, incident_id, form, "Add somebody to this incident", "Add them")


def _tied(request: HttpRequest, incident_id: UUID, role_id: UUID, form: TieForm) -> bool:
    if not form.is_valid():
        return False
    try:
        ties.tie(
            incident_id=incident_id,
            role_id=role_id,
            identity=UUID(form.cleaned_data["identity"]),
            category=form.cleaned_data["category"],
            relationship=form.cleaned_data.get("relationship", ""),
            by=member_of(request),
            at=timezone.now(),
        )
    except _NOT_TIED as error:
        form.add_error(None, str(error))
        return False
    return True


def _looked_at(request: HttpRequest, incident_id: UUID, role_id: UUID | None) -> tuple[Any, Any]:
    """Record the look, then return the incident and the part. Raises Http404."""
    member = member_of(request)
    try:
        if role_id is not None:
            ties.part_of(incident_id=incident_id, role_id=role_id, by=member)
        incident = operations.look_at_incident(
            incident_id=incident_id, reason=_TYING, by=member, at=timezone.now()
        )
        if role_id is None:
            return incident, None
        return ties.part_of(incident_id=incident_id, role_id=role_id, by=member)
    except (queries.IncidentNotFound, ties.NoSuchPart) as error:
        raise Http404(str(error)) from None


def _form_page(
    request: HttpRequest, incident_id: UUID, form: Form, title: str, button: str
) -> HttpResponse:
    page = _frame(incident_id) | {"title": title, "form": form, "button": button}
    return render(request, "protection/person_form.html", page)


def _frame(incident_id: UUID) -> dict[str, Any]:
    return {
        "here": "/staff/people/",
        "back": reverse("protection:incident", args=[incident_id]),
        "back_to": "The incident",
    }
