"""Feedback on the desk: listed by its slip, opened with a reason, noted, or made a report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.protection import presenters
from safehold.protection.forms import FeedbackNoteForm, MakeReportForm, OpenForm
from safehold.records.feedback import operations, queries
from safehold.records.staff.queries import member_of

HERE = "/staff/feedback/"
_STATES = {"new": "New", "read": "Read", "report": "Made a report"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the feedback in one state: danger first, then the oldest."""
    asked = request.GET.get("state", "new")
    state = asked if asked in _STATES else "new"
    found = queries.listed(by=member_of(request), state=state, page=page_number(request))
    now = timezone.now()
    page = {
        "title": "Feedback",
        "here": HERE,
        "state": state,
        "states": _STATES,
        "rows": [presenters.feedback_row(each, at=now) for each in found],
        "pages": pages_of(request, found),
        "unopened": queries.danger_unopened(by=member_of(request)).count(),
    }
    return render(request, "protection/feedback.html", page)


@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """Show what was noted on feedback, for whoever writes the pages."""
    found = queries.notes(by=member_of(request), page=page_number(request))
    page = {
        "title": "Feedback notes",
        "here": f"{HERE}notes/",
        "notes": [presenters.note_row(each) for each in found],
        "pages": pages_of(request, found),
    }
    return render(request, "protection/feedback_notes.html", page)


@require_GET
@never_cache
def one(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show what the slip says and ask why the feedback should be opened."""
    return _page(request, report_id, OpenForm())


@require_http_methods(["GET", "POST"])
@never_cache
def opened(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Open feedback for this one answer: to see it again is to ask again."""
    if request.method == "GET":
        return redirect("protection:one_feedback", report_id=report_id)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, report_id, form)
    member, reason = member_of(request), form.cleaned_data["reason"]
    try:
        account = operations.open_feedback(
            report_id=report_id, reason=reason, by=member, at=timezone.now()
        )
    except operations.FeedbackNotFound as error:
        raise Http404(str(error)) from None
    except operations.AccountSealed as error:
        return _page(request, report_id, form, problem=str(error), status=409)
    found = queries.one(report_id=report_id, by=member)
    page = {
        **_around(found, "What was written"),
        "account": account,
        "reason": reason,
        "opened_at": timezone.now(),
        "note_form": FeedbackNoteForm(initial={"note": found.note}),
        "report_form": MakeReportForm(),
    }
    return render(request, "protection/feedback_opened.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def mark_as_read(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Note what changes because of feedback."""
    form = FeedbackNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.mark_as_read(
                report_id=report_id,
                note=form.cleaned_data["note"],
                by=member_of(request),
                at=timezone.now(),
            )
        except operations.FeedbackNotFound as error:
            raise Http404(str(error)) from None
        except (
            operations.NotReadYet,
            operations.AlreadyDecided,
            operations.SecondReaderNeeded,
        ) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:one_feedback", report_id=report_id)
    return _decision(request, report_id, form, "Mark as read")


@require_http_methods(["GET", "POST"])
@never_cache
def make_a_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Put feedback on the desk as a report, once."""
    form = MakeReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.make_a_report(
                report_id=report_id,
                reason=form.cleaned_data["report_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except operations.FeedbackNotFound as error:
            raise Http404(str(error)) from None
        except operations.NotReadYet as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:report", report_id=made)
    return _decision(request, report_id, form, "Make it a report")


def _looked_at(request: HttpRequest, report_id: UUID) -> Any:
    try:
        return operations.look_at_feedback(
            report_id=report_id, by=member_of(request), at=timezone.now()
        )
    except operations.FeedbackNotFound as error:
        raise Http404(str(error)) from None


def _page(
    request: HttpRequest, report_id: UUID, form: OpenForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    found = _looked_at(request, report_id)
    page = {
        **_around(found, "Feedback"),
        "back": reverse("protection:feedback"),
        "back_to": "All feedback",
        "reading": queries.last_reading(report_id=report_id, by=member_of(request)),
        "problem": problem,
        "form": form,
    }
    return render(request, "protection/one_feedback.html", page, status=status)


def _decision(request: HttpRequest, report_id: UUID, form: Form, title: str) -> HttpResponse:
    found = _looked_at(request, report_id)
    page = {**_around(found, title), "form": form}
    status = 409 if form.non_field_errors() else 200
    return render(request, "protection/feedback_decision.html", page, status=status)


def _around(found: Any, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "here": HERE,
        "back": reverse("protection:one_feedback", args=[found.pk]),
        "back_to": "The feedback",
        "found": found,
        "row": presenters.feedback_row(found, at=timezone.now()),
    }
