"""A hidden name on the unit's desk: opened where it is released, asked for where it is not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safehold.protection import name_words, presenters
from safehold.protection.forms import AskForNameForm, OpenReleasedForm
from safehold.records.contacts import queries as contacts
from safehold.records.staff.queries import member_of
from safehold.records.triage import name_requests, releases
from safehold.records.triage import queries as triage
from safehold.records.triage.identities import IdentitySealed


@require_http_methods(["GET", "POST"])
@never_cache
def released_name(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Ask why a name that the unit may see should be opened; show it once."""
    page, form = _page(request, report_id, "Name"), OpenReleasedForm(request.POST or None)
    page |= {"form": form, "answers": (), "opened_at": timezone.now()}
    status = 200
    if request.method == "POST" and form.is_valid():
        page["reason"] = form.cleaned_data["reason"]
        try:
            page["answers"] = releases.open_released_name(
                report_id=report_id,
                reason=page["reason"],
                by=member_of(request),
                at=page["opened_at"],
            )
            page["contact"] = contacts.of_report(report_id)
        except IdentitySealed as error:
            form.add_error(None, str(error))
        except releases.NotReleased as error:
            form.add_error(None, str(error))
            status = 409
    return render(request, "protection/released_name.html", page, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def ask_for_name(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Ask a keeper for a hidden name that nothing released."""
    page, form = _page(request, report_id, "Ask for a name"), AskForNameForm(request.POST or None)
    page["form"] = form
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            name_requests.ask(
                report_id=report_id, by=member_of(request), at=timezone.now(), **form.cleaned_data
            )
        except (name_requests.AskedBefore, name_requests.NothingToAskFor) as error:
            form.add_error(None, str(error))
            status = 409
        else:
            return redirect(_report(report_id))
    return render(request, "protection/ask_for_name.html", page, status=status)


@require_POST
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a request back that is no longer needed."""
    try:
        report_id = name_requests.of_report(request_id=request_id, by=member_of(request))
        name_requests.withdraw(request_id=request_id, by=member_of(request), at=timezone.now())
    except name_requests.RequestNotFound as error:
        raise Http404(str(error)) from None
    except name_requests.AnsweredBefore:
        pass  # the page says by whom
    return redirect(_report(report_id))


def _report(report_id: UUID) -> str:
    return f"{reverse('protection:report', args=[report_id])}#name"


def _page(request: HttpRequest, report_id: UUID, title: str) -> dict[str, Any]:
    member, now = member_of(request), timezone.now()
    try:
        slip = triage.slip(report_id=report_id, by=member)
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    return {
        "title": title,
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "row": presenters.slip_row(slip, at=now),
        "name": name_words.panel(slip, by=member, at=now),
    }
