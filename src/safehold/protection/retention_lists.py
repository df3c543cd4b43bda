"""One list of reports to destroy: read, confirmed by a second person, or called off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from safehold.domain import retention
from safehold.domain.access import Permission, Subject
from safehold.protection.retention import CONFLICT, HERE, rule_label
from safehold.protection.retention_forms import CallOffForm, ConfirmListForm
from safehold.records.retention import queries, runs
from safehold.records.staff.queries import member_of


@require_GET
@never_cache
def one(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show a list, who proposed it, and how far it has come."""
    return _page(request, run_id)


@require_POST
def confirm(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Confirm a list that somebody else proposed."""
    form = ConfirmListForm(request.POST)
    if not form.is_valid():
        return _page(request, run_id, form)
    try:
        runs.confirm(
            run_id=run_id,
            digest=form.cleaned_data["digest"],
            by=member_of(request),
            at=timezone.now(),
        )
    except runs.NotFound as error:
        raise Http404(str(error)) from None
    except (runs.ClosedBefore, runs.SamePerson, runs.NotAsShown) as error:
        form.add_error(None, str(error))
        return _page(request, run_id, form)
    return redirect("protection:retention_list", run_id=run_id)


@require_POST
def call_off(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Call a list off, as far as nothing of it has gone."""
    form = CallOffForm(request.POST)
    if not form.is_valid():
        return _page(request, run_id, form)
    try:
        runs.call_off(
            run_id=run_id,
            reason=form.cleaned_data["call_off_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except runs.NotFound as error:
        raise Http404(str(error)) from None
    except runs.ClosedBefore as error:
        form.add_error(None, str(error))
        return _page(request, run_id, form)
    return redirect("protection:retention_list", run_id=run_id)


def _page(request: HttpRequest, run_id: UUID, form: Form | None = None) -> HttpResponse:
    member = member_of(request)
    try:
        run = queries.run(run_id=run_id, by=member)
    except queries.NotFound as error:
        raise Http404(str(error)) from None
    rows, subject = queries.reports_of(run, by=member), Subject(police_party=run.police_party)
    wait = timedelta(hours=retention.table().wait_hours)
    page = {
        "title": "List to destroy",
        "here": HERE,
        "back": reverse("protection:retention"),
        "back_to": "How long reports are kept",
        "run": run,
        "rows": [(row, rule_label(row.status)) for row in rows],
        "form": form,
        "confirming": form
        if isinstance(form, ConfirmListForm)
        else ConfirmListForm(initial={"digest": run.digest}),
        "calling_off": form if isinstance(form, CallOffForm) else CallOffForm(),
        "not_before": run.confirmed_at + wait if run.confirmed_at else None,
        "wait_hours": retention.table().wait_hours,
        "can_call_off": any(row.state in {"proposed", "confirmed"} for row in rows),
        "may_confirm": member.may(Permission.DESTROY_REPORT, subject)
        and run.proposed_by_id != member.pk
        and run.confirmed_at is None
        and run.closed_at is None,
        "own": run.proposed_by_id == member.pk,
        "may_call_off": member.may(Permission.REVIEW_RETENTION, subject),
    }
    status = CONFLICT if form is not None and form.errors else 200
    return render(request, "protection/retention_list.html", page, status=status)
