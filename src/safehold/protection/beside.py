"""Reports side by side: which may tell of the same, both accounts at once, and what is decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain import alike, linking
from safehold.protection import presenters, side_by_side
from safehold.protection.beside_forms import JoinForm, OpenBothForm, VerdictForm
from safehold.records.beside import operations, queries
from safehold.records.incidents import queries as incidents
from safehold.records.staff.queries import member_of
from safehold.records.triage import operations as triage_operations
from safehold.records.triage import queries as triage
from safehold.records.triage.operations import AccountSealed, AlreadyAccepted, NotReadYet


@require_GET
@never_cache
def listing(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """List the reports that may tell of the same as one, each with its reasons."""
    now, member = timezone.now(), member_of(request)
    try:
        slip = triage_operations.look_at_slip(report_id=report_id, by=member, at=now)
        found = queries.candidates(report_id=report_id, by=member)
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    page = {
        "title": "Reports that may be the same",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "row": presenters.slip_row(slip, at=now),
        "found": [(presenters.slip_row(each.slip, at=now), each) for each in found],
        "days": alike.DAYS.days,
        "fewest_letters": alike.FEWEST_LETTERS,
        "has_square": bool(slip.cell),
    }
    return render(request, "protection/beside.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def pair(request: HttpRequest, report_id: UUID, other_id: UUID) -> HttpResponse:
    """Ask why two accounts are opened; show both for this one answer."""
    if request.method == "GET":
        return _page(request, report_id, other_id)
    form = OpenBothForm(request.POST)
    if not form.is_valid():
        return _page(request, report_id, other_id, open_form=form)
    try:
        both = operations.open_both(
            report_id=report_id,
            other_id=other_id,
            reason=form.cleaned_data["reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except AccountSealed as error:
        form.add_error(None, str(error))
        return _page(request, report_id, other_id, open_form=form)
    rows, silent = side_by_side.compared(*both)
    shown = {"reason": form.cleaned_data["reason"], "opened": rows, "silent": silent}
    return _page(request, report_id, other_id, **shown)


@require_http_methods(["GET", "POST"])
@never_cache
def decide(request: HttpRequest, report_id: UUID, other_id: UUID) -> HttpResponse:
    """Keep what the officer decided about two reports."""
    if request.method == "GET":
        return redirect("protection:beside_pair", report_id=report_id, other_id=other_id)
    tied = queries.may_be_tied((report_id, other_id))
    form = VerdictForm(request.POST, may_be_tied=tied)
    if form.is_valid():
        try:
            operations.decide(
                report_id=report_id,
                other_id=other_id,
                verdict=form.cleaned_data["verdict"],
                reason=form.cleaned_data["verdict_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except triage.ReportNotFound as error:
            raise Http404(str(error)) from None
        except (NotReadYet, operations.MayNotBeTied) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:beside_pair", report_id=report_id, other_id=other_id)
    return _page(request, report_id, other_id, verdict_form=form)


@require_POST
def join(request: HttpRequest, report_id: UUID, other_id: UUID) -> HttpResponse:
    """Take a report into the incident of another."""
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            incident = operations.join(
                report_id=report_id,
                other_id=other_id,
                note=form.cleaned_data["join_note"],
                by=member_of(request),
                at=timezone.now(),
            )
        except triage.ReportNotFound as error:
            raise Http404(str(error)) from None
        except AlreadyAccepted as error:
            form.add_error(None, presenters.accepted_words(error.incident))
        except (NotReadYet, AccountSealed, operations.NotAlike) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:incident", incident_id=incident.pk)
    return _page(request, report_id, other_id, join_form=form)


def _page(request: HttpRequest, report_id: UUID, other_id: UUID, **shown: Any) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    try:
        slip, other = queries.pair(report_id=report_id, other_id=other_id, by=member)
        history = queries.history(report_id=report_id, other_id=other_id, by=member)
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    keys = (report_id, other_id)
    tied = queries.may_be_tied(keys)
    read = [triage.last_opening(report_id=key, by=member) is not None for key in keys]
    forms = [value for value in shown.values() if isinstance(value, Form)]
    page = {
        "title": "Two reports side by side",
        "here": "/staff/reports/",
        "back": reverse("protection:beside", args=[report_id]),
        "back_to": "All that may be the same",
        "row": presenters.slip_row(slip, at=now),
        "other": presenters.slip_row(other, at=now),
        "history": history,
        "incidents": [incidents.of_report(key) for key in keys],
        "tied": tied,
        "bases": [_basis_words(key) for key in keys],
        "both_read": all(read),
        "open_form": OpenBothForm(),
        "verdict_form": VerdictForm(may_be_tied=tied),
        "join_form": JoinForm(),
        "opened_at": now,
        **shown,
        "form": forms[0] if forms else None,
    }
    return render(request, "protection/beside_pair.html", page)


def _basis_words(report_id: UUID) -> str:
    basis = incidents.basis_of(report_id)
    return "Not accepted yet." if basis is None else linking.SENTENCES[basis]
