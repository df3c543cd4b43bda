"""Clare's Law on the unit's desk: what waits, and one application with all that was recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain import dvds as rules
from safehold.domain.access import Permission
from safehold.protection import dvds_words
from safehold.protection.dvds_forms import StartForm
from safehold.records.conflicts import recusals
from safehold.records.contacts import queries as contacts
from safehold.records.dvds import deciding, operations, queries
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import queries as triage

HERE = "/staff/clares-law/"


@require_http_methods(["GET", "POST"])
@recusals.read_once()
def listing(request: HttpRequest) -> HttpResponse:
    """List what waits, the soonest due first, and start what nobody asked for: Right to Know."""
    member, form = member_of(request), StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.start_right_to_know(**form.cleaned_data, by=member, at=timezone.now())
        return redirect("protection:application", application_id=made.pk)
    now = timezone.now()
    page = {
        "title": "Clare’s Law",
        "here": HERE,
        "rows": [dvds_words.row(one, at=now) for one in queries.unanswered(by=member)],
        "second": [dvds_words.to_second(one) for one in queries.waiting_second(by=member)],
        "form": form,
    }
    return render(request, "protection/applications.html", page)


@require_GET
@never_cache
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show one application: what was done, and what may be done next."""
    found, member = looked_at(request, application_id), member_of(request)
    steps = queries.steps_of(found)
    standing = deciding.standing_of(found)
    page: dict[str, Any] = frame(found) | {
        "title": "Application",
        "back": HERE,
        "back_to": "Clare’s Law",
        "contact": contacts.of_report(found.report_id) if found.report_id else None,
        "slip": _slip_of(found, member),
        "clocks": dvds_words.clocks(queries.clocks_of(found), at=timezone.now()),
        "steps": steps,
        "links": dvds_words.links(steps.links),
        "sources": dvds_words.sources(steps.search),
        "agencies": dvds_words.agencies(steps.view),
        "described": dvds_words.described(steps.characteristics),
        "missing": rules.before_deciding(standing),
        "standing": standing,
        "waits": deciding.waiting_of(found),
        "held": deciding.held(found),
        "may_agree": member.may(Permission.AGREE_DVDS),
        "me": member.pk,
    }
    return render(request, "protection/application.html", page)


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


def looked_at(request: HttpRequest, application_id: UUID) -> Any:
    """Return an application with the look on record. Raises Http404, or Refused."""
    try:
        return operations.look_at(
            application_id=application_id, by=member_of(request), at=timezone.now()
        )
    except queries.ApplicationNotFound as error:
        raise Http404(str(error)) from None


def frame(found: Any) -> dict[str, Any]:
    """Return what every page of an application shows around itself."""
    return {
        "here": HERE,
        "application": found,
        "back": reverse("protection:application", args=[found.pk]),
        "back_to": "The application",
        "must_not": shares.listed(found.pk),
    }


def _slip_of(found: Any, member: StaffMember) -> Any:
    if found.report_id is None or not member.may(Permission.SEE_INBOX):
        return None
    return triage.slip(report_id=found.report_id, by=member)
