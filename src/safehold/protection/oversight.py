"""Who looked at what, and what went wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain.access import Permission, Role, Subject
from safehold.protection import presenters, troubles
from safehold.protection.audit_lines import is_well_formed, rows_of, subject_words
from safehold.protection.forms import PersonForm
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.cases import queries as cases
from safehold.records.conflicts import queries as conflicts
from safehold.records.contacts import queries as contacts
from safehold.records.deadlines import queries as deadlines
from safehold.records.dvds import queries as dvds
from safehold.records.exports import queries as exports
from safehold.records.feedback import queries as feedback
from safehold.records.histories import looking as histories
from safehold.records.incidents import queries as incidents
from safehold.records.orders import queries as orders
from safehold.records.people import queries as people
from safehold.records.risk import queries as risk
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, keys_with_role, member_of
from safehold.records.triage import operations, piles
from safehold.records.triage import queries as triage

ROWS_A_PAGE = 50
_MADE_OF: dict[str, Any] = {
    "incident": incidents,
    "application": dvds,
    "contact": contacts,
    "share": shares,
    "export": exports,
}
_ROOMS: dict[str, Any] = {
    **_MADE_OF,
    "report": triage,
    "feedback": feedback,
    "pile": piles,
    "linked": conflicts,
    "person": people,
    "case": cases,
    "address": histories,
    "assessment": risk,
    "deadline": deadlines,
    "order": orders,
}


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked at what and why: of one subject, or the latest of all. Itself a look."""
    form = PersonForm(request.GET) if "reference" in request.GET else PersonForm()
    if form.is_valid():
        found_one = people.by_reference(
            reference=form.cleaned_data["reference"], by=member_of(request)
        )
        if found_one is not None:
            query = urlencode({"about": "person", "id": str(found_one)})
            return redirect(f"{reverse('protection:looks')}?{query}")
        form.add_error("reference", "No person that you may know of has this reference.")
    subject = _subject(request)
    audit.record_look(
        by=member_of(request),
        reason=f"{member_of(request).role_label}: who looked",
        subject=About("audit", str(subject) if subject else ""),
        at=timezone.now(),
    )
    rows = _known_to(member_of(request), _rows(subject))
    found = Paginator(rows, ROWS_A_PAGE).get_page(page_number(request))
    page = {
        "title": "Who looked",
        "here": "/staff/looks/",
        "about": subject_words(subject, reader=member_of(request)) if subject else "",
        # The number of a row is its place in the whole chain: gaps would tell what is left out.
        "numbered": _sees_all(member_of(request)),
        "lines": rows_of(found, reader=member_of(request)),
        "pages": pages_of(request, found),
        "form": form,
    }
    return render(request, "protection/looks.html", page)


def _rows(subject: About | None) -> QuerySet[Any]:
    if subject is None:
        return events.every_event()
    if subject.kind == "member":
        return events.events_with_member(subject)
    if subject.kind == "person":  # of all that was put together, and each search that gave them
        return events.looks_at_person(people.rows_of_the_person_of(subject.identifier))
    return events.events_about(subject)


def _sees_all(member: StaffMember) -> bool:
    # Professional standards see their own looks too, and answer to each other for them.
    return member.may(Permission.SEE_LOOKS, Subject(police_party=True))


def _known_to(member: StaffMember, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out what the member may not know of, and who worked on it.

    What is said of colleagues is for their standards alone, and so is what these look at: whom they
    look into, and whether. What a member is kept from is for others.
    """
    if _sees_all(member):
        return rows
    rows = events.without_looks_by(rows, keys_with_role(Role.PROFESSIONAL_STANDARDS))
    if member.role == Role.AUDITOR:  # who looked and never what was said, whoever it is about
        return rows
    with row_security.as_system():  # what the store hides could not be left out
        hidden = _hidden_from(member)
    # Of what came back from them too: who passed it on, or was kept from it, tells whom it names.
    unsaid = [
        Action.REPORT_PASSED,
        Action.READER_RECUSED,
        Action.PERSON_PASSED,
        Action.INCIDENT_PASSED,
        Action.CASE_PASSED,
    ]
    reader = About("member", str(member.pk))
    known = events.without(rows, hidden, kinds=_ROOMS, reader=reader)
    return known.exclude(action__in=unsaid)


def _hidden_from(member: StaffMember) -> list[About]:
    others = {kind: room for kind, room in _ROOMS.items() if kind != "case"}
    hidden = [About(kind, key) for kind, room in others.items() for key in room.about_colleagues()]
    kept = conflicts.kept_from(member)
    hidden += [About("case", key) for key in cases.hidden_from(member)]
    hidden += [About("case", str(key)) for key in cases.kept_from(member)]
    hidden += [About("report", str(key)) for key in kept]
    hidden += [About(kind, key) for kind, room in _MADE_OF.items() for key in room.made_of(kept)]
    hidden += [About("person", key) for key in people.kept_from(member)]
    hidden += [About("incident", str(key)) for key in incidents.kept_from(member)]
    hidden += [About("order", key) for key in orders.kept_from(member)]
    return hidden


def _subject(request: HttpRequest) -> About | None:
    kind, identifier = request.GET.get("about", ""), request.GET.get("id", "")
    subject = About(kind, identifier)
    return subject if is_well_formed(subject) else None


@require_GET
def trouble(request: HttpRequest) -> HttpResponse:
    """Show slips that cannot be opened and scheduled work that has stopped."""
    return _trouble_page(request)


def _trouble_page(request: HttpRequest, problem: str = "") -> HttpResponse:
    now = timezone.now()
    page = {
        "title": "Trouble",
        "here": "/staff/trouble/",
        "notices": troubles.notices(member_of(request), at=now),
        "sealed": [presenters.sealed_row(slip) for slip in triage.sealed()],
        "problem": problem,
        "may_mend": member_of(request).may(Permission.MEND_TROUBLE),
    }
    return render(request, "protection/trouble.html", page)


@require_POST
def try_again(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Try once more to open a slip, after its key was brought back."""
    try:
        operations.try_slip_again(report_id=report_id, by=member_of(request), at=timezone.now())
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except operations.SlipSealed as error:
        return _trouble_page(request, str(error))
    return redirect("protection:trouble")
