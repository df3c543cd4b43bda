"""Clare's Law on the unit's desk: what waits, one application, and each act on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold import rules
from safehold.domain.access import Permission
from safehold.protection.dvds_forms import (
    AbuserForm,
    DecisionForm,
    EndApplicationForm,
    IdentityForm,
    StartForm,
    ToldForm,
)
from safehold.records.contacts import queries as contacts
from safehold.records.dvds import operations, queries
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import queries as triage
from safehold.records.triage.endings import NotOver, Unread

Act = tuple[type[Form], Callable[..., queries.Application]]
# Each act by its word in the address; its form's fields are its arguments.
ACTS: Mapping[str, Act] = {
    "identity": (IdentityForm, operations.check_identity),
    "abuser": (AbuserForm, operations.check_abuser),
    "decision": (DecisionForm, operations.decide),
    "told": (ToldForm, operations.tell),
    "end": (EndApplicationForm, operations.end),
}


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List what waits, and start what nobody asked for: Right to Know."""
    member, form = member_of(request), StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.start_right_to_know(
            basis=form.cleaned_data["basis"], by=member, at=timezone.now()
        )
        return redirect("protection:application", application_id=made.pk)
    page = {
        "title": "Clare’s Law",
        "here": "/staff/clares-law/",
        "rows": [(row, queries.answer_by(row)) for row in queries.unanswered(by=member)],
        "today": timezone.localdate(),
        "days": rules.load("dvds").tables["days"]["answer"],
        "form": form,
    }
    return render(request, "protection/applications.html", page)


@require_GET
@never_cache
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show one application: what was done, and what may be done next."""
    return _page(request, application_id)


@require_POST
def act(request: HttpRequest, application_id: UUID, what: str) -> HttpResponse:
    """Record one act on an application."""
    if what not in ACTS:
        raise Http404("There is no such act.")
    form_class, operation = ACTS[what]
    form = form_class(request.POST)
    if form.is_valid():
        try:
            operation(
                application_id=application_id,
                by=member_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except queries.ApplicationNotFound as error:
            raise Http404(str(error)) from None
        except (operations.DoneBefore, operations.TooEarly, NotOver, Unread) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:application", application_id=application_id)
    return _page(request, application_id, form=form, of=what)


@require_POST
def open_application(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Open an application out of a report that was read."""
    try:
        made = operations.open_from_report(
            report_id=report_id, by=member_of(request), at=timezone.now()
        )
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except (operations.NotReadYet, operations.AccountSealed, operations.NotAnApplication):
        return redirect("protection:report", report_id=report_id)
    return redirect("protection:application", application_id=made.pk)


def _slip_of(found: Any, member: StaffMember) -> Any:
    if found.report_id is None or not member.may(Permission.SEE_INBOX):
        return None
    return triage.slip(report_id=found.report_id, by=member)


def _page(
    request: HttpRequest, application_id: UUID, *, form: Form | None = None, of: str = ""
) -> HttpResponse:
    try:
        found = operations.look_at(
            application_id=application_id, by=member_of(request), at=timezone.now()
        )
    except queries.ApplicationNotFound as error:
        raise Http404(str(error)) from None
    page: dict[str, Any] = {
        "title": "Application",
        "here": "/staff/clares-law/",
        "back": reverse("protection:applications"),
        "back_to": "Clare’s Law",
        "application": found,
        "contact": contacts.of_report(found.report_id) if found.report_id else None,
        "slip": _slip_of(found, member_of(request)),
        "answer_by": queries.answer_by(found),
        "days": rules.load("dvds").tables["days"]["answer"],
        "must_not": shares.listed(found.pk),
        "forms": {
            name: form if form is not None and name == of else form_class()
            for name, (form_class, _) in ACTS.items()
        },
        "form": form,
    }
    return render(request, "protection/application.html", page)
