"""How long reports are kept: what is due, what is on hold, and one report with its decisions.

Nothing here shows what anybody told.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain import retention
from safehold.domain.access import Permission, Subject
from safehold.protection.retention_forms import HoldForm, KeepForm, LiftForm, ProposeForm
from safehold.records.retention import operations, queries, runs
from safehold.records.retention.certificates import backups_until
from safehold.records.staff.queries import member_of

HERE = "/staff/retention/"
CONFLICT = 409


@require_GET
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """List what is due, what waits for a second person, and what is on hold."""
    return _listing(request, ProposeForm())


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose that the reports that were chosen are destroyed."""
    form = ProposeForm(request.POST)
    chosen = request.POST.getlist("report")
    if not form.is_valid():
        return _listing(request, form, chosen=chosen)
    try:
        run = runs.propose(
            report_ids=_ids(chosen),
            reason=form.cleaned_data["propose_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except (runs.NotDue, runs.NothingChosen) as error:
        form.add_error(None, str(error))
        return _listing(request, form, chosen=chosen)
    return redirect("protection:retention_list", run_id=run.pk)


def _ids(chosen: list[str]) -> list[UUID]:
    try:
        return [UUID(key) for key in chosen]
    except ValueError:
        return []


def _listing(
    request: HttpRequest, form: ProposeForm, *, chosen: list[str] | None = None
) -> HttpResponse:
    member = member_of(request)
    found = queries.due(by=member, page=page_number(request))
    page = {
        "title": "How long reports are kept",
        "here": HERE,
        "rules": retention.table(),
        "due": [(row, rule_label(row.status)) for row in found],
        "pages": pages_of(request, found),
        "waiting": [(row, rule_label(row.status)) for row in queries.waiting(by=member)],
        "held": queries.held(by=member),
        "lists": queries.open_runs(by=member),
        "chosen": chosen or [],
        "form": form,
    }
    return render(
        request, "protection/retention.html", page, status=CONFLICT if form.errors else 200
    )


@require_GET
@never_cache
def one(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say until when one report is kept and why, with its holds and decisions."""
    return _one(request, report_id)


@require_POST
def keep(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Keep one report longer than its rule says."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _one(request, report_id, form)
    try:
        operations.keep_longer(
            report_id=report_id,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["keep_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.NotADay as error:
        form.add_error("until", str(error))
        return _one(request, report_id, form)
    except operations.ReportNotFound:
        return _gone(request, report_id, form)
    except operations.TooLate as error:
        form.add_error(None, str(error))
        return _one(request, report_id, form)
    return redirect("protection:retention_report", report_id=report_id)


@require_POST
def hold(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Put one report on hold."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _one(request, report_id, form)
    try:
        operations.set_hold(
            report_id=report_id,
            ground=form.cleaned_data["ground"],
            reason=form.cleaned_data["hold_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.ReportNotFound:
        return _gone(request, report_id, form)
    except operations.TooLate as error:
        form.add_error(None, str(error))
        return _one(request, report_id, form)
    return redirect("protection:retention_report", report_id=report_id)


@require_POST
def lift(request: HttpRequest, report_id: UUID, hold_id: UUID) -> HttpResponse:
    """Lift a hold that somebody else set."""
    form = LiftForm(request.POST, prefix=str(hold_id))
    if not form.is_valid():
        return _one(request, report_id, form, of=hold_id)
    try:
        operations.lift_hold(
            hold_id=hold_id,
            reason=form.cleaned_data["lift_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.ReportNotFound:
        return _gone(request, report_id, form)
    except (operations.NothingToLift, operations.SamePerson) as error:
        form.add_error(None, str(error))
        return _one(request, report_id, form, of=hold_id)
    return redirect("protection:retention_report", report_id=report_id)


def _one(
    request: HttpRequest, report_id: UUID, form: Form | None = None, *, of: UUID | None = None
) -> HttpResponse:
    member = member_of(request)
    try:
        looked = operations.look_at(report_id=report_id, by=member, at=timezone.now())
    except operations.ReportNotFound as error:
        if form is not None:
            return _gone(request, report_id, form)
        made = queries.certificate_of(report_id)
        if made is not None:
            return redirect("protection:certificate", certificate_id=made.pk)
        raise Http404(str(error)) from None
    party = looked.slip.police_party
    page: dict[str, Any] = {
        "title": "How long it is kept",
        "here": HERE,
        "back": reverse("protection:retention"),
        "back_to": "How long reports are kept",
        "slip": looked.slip,
        "found": looked.found,
        "waits": looked.facts.waits,
        "on_list": queries.open_run_of(report_id),
        "holds": [
            (each, form if of == each.pk else LiftForm(prefix=str(each.pk)))
            for each in queries.holds_of(report_id)
        ],
        "keeps": queries.keeps_of(report_id),
        "keeping": form if isinstance(form, KeepForm) else KeepForm(),
        "holding": form if isinstance(form, HoldForm) else HoldForm(),
        "proposing": ProposeForm(),
        "form": form,
        "may_review": _may(request, Permission.REVIEW_RETENTION, party=party),
        "may_hold": _may(request, Permission.HOLD_REPORT, party=party),
        "may_open": _may(request, Permission.SEE_INBOX, party=party),
    }
    status = CONFLICT if form is not None and form.errors else 200
    return render(request, "protection/retention_report.html", page, status=status)


def _gone(request: HttpRequest, report_id: UUID, form: Form) -> HttpResponse:
    made = queries.certificate_of(report_id)
    if made is None:
        raise Http404("There is no such report.")
    form.add_error(None, "This report was destroyed meanwhile. Below is what is kept of that.")
    return _certificate(request, made.pk, form)


@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """List what was destroyed, the newest first."""
    found = queries.certificates(by=member_of(request), page=page_number(request))
    page = {
        "title": "Certificates",
        "here": HERE,
        "back": reverse("protection:retention"),
        "back_to": "How long reports are kept",
        "rows": [(row, backups_until(row.destroyed_on)) for row in found],
        "pages": pages_of(request, found),
    }
    return render(request, "protection/certificates.html", page)


@require_GET
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show what was destroyed, under which rule, by whose decision."""
    return _certificate(request, certificate_id)


def _certificate(
    request: HttpRequest, certificate_id: UUID, form: Form | None = None
) -> HttpResponse:
    try:
        found = queries.certificate(certificate_id=certificate_id, by=member_of(request))
    except queries.NotFound as error:
        raise Http404(str(error)) from None
    said = queries.said_by(found)
    page = {
        "title": "Certificate",
        "here": HERE,
        "back": reverse("protection:certificates"),
        "back_to": "Certificates",
        "certificate": found,
        "said": said,
        "rule": rule_label(said["rule"]),
        "backups_until": backups_until(found.destroyed_on),
        "form": form,
    }
    status = CONFLICT if form else 200
    return render(request, "protection/certificate.html", page, status=status)


def rule_label(status: str) -> str:
    """Name a status in the rules' words; one that they no longer have as it is kept."""
    labels = {str(key): rule.label for key, rule in retention.table().rules.items()}
    return labels.get(status, status)


def _may(request: HttpRequest, permission: Permission, *, party: bool) -> bool:
    return member_of(request).may(permission, Subject(police_party=party))
