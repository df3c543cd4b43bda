"""Messages with the holder of a code: opened with a reason, answered in few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safehold.design.words import day
from safehold.domain.conversation import STATUSES, Kind
from safehold.protection.forms import MessageForm, OpenMessagesForm, StatusForm
from safehold.records.conversations import operations
from safehold.records.conversations.operations import (
    CodeClosed,
    ConversationSealed,
    KeyChanged,
    NotToBeSaid,
)
from safehold.records.staff.queries import member_of
from safehold.records.triage import queries as triage

_CLOSED = "The code was closed: nobody reads what is written here any more."


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in words."""

    day: str
    who: str
    says: str


@require_http_methods(["GET", "POST"])
@never_cache
def conversation(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show how much was said; what was said once, after a reason."""
    form = OpenMessagesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _opened(request, report_id, form)
    return _page(request, report_id, {"opening": form})


def _opened(
    request: HttpRequest, report_id: UUID, opening: OpenMessagesForm, **forms: Form
) -> HttpResponse:
    """Show what was said, for this one answer; whoever answers goes on seeing it."""
    rows = None
    try:
        lines = operations.open_conversation(
            report_id=report_id,
            reason=opening.cleaned_data["reason"],
            by=member_of(request),
            at=timezone.now(),
        )
        rows = [_row(line) for line in lines]
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except ConversationSealed as error:
        opening.add_error(None, str(error))
    return _page(request, report_id, {"opening": opening, **forms}, rows=rows)


def _after(request: HttpRequest, report_id: UUID, **forms: Form) -> HttpResponse:
    """Show the page after something was said, or could not be: opened where it was open before."""
    opening = OpenMessagesForm(request.POST)
    if "reason" in request.POST and opening.is_valid():
        return _opened(request, report_id, opening, **forms)
    if not forms:
        return redirect("protection:conversation", report_id=report_id)
    return _page(request, report_id, forms)


@require_POST
def say_status(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Tell the holder of the code where the report stands."""
    return _said(request, report_id, "status", StatusForm(request.POST), operations.say_status)


@require_POST
def write_back(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Write a message to the holder of the code."""
    return _said(request, report_id, "message", MessageForm(request.POST), operations.write)


def _said(
    request: HttpRequest, report_id: UUID, name: str, form: Form, operation: Callable[..., None]
) -> HttpResponse:
    """Say what a form holds to the holder of the code; its fields are the operation's arguments."""
    if form.is_valid():
        try:
            operation(
                report_id=report_id, by=member_of(request), at=timezone.now(), **form.cleaned_data
            )
        except triage.ReportNotFound as error:
            raise Http404(str(error)) from None
        except CodeClosed:
            form.add_error(None, _CLOSED)
        except (NotToBeSaid, KeyChanged, ConversationSealed, operations.SaidMeanwhile) as error:
            form.add_error("text" if isinstance(error, NotToBeSaid) else None, str(error))
        else:
            return _after(request, report_id)
    return _after(request, report_id, **{name: form})


def _page(
    request: HttpRequest,
    report_id: UUID,
    forms: Mapping[str, Form],
    *,
    rows: list[Row] | None = None,
) -> HttpResponse:
    try:
        slip = triage.slip(report_id=report_id, by=member_of(request))
        standing = operations.standing(report_id=report_id, by=member_of(request))
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    page: dict[str, Any] = {
        "title": "Messages",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": f"Report {slip.reference}",
        "report_id": report_id,
        "reference": slip.reference,
        "standing": standing,
        "rows": rows,
        "opening": forms.get("opening") or OpenMessagesForm(),
        "status": forms.get("status") or StatusForm(initial={"once": uuid4()}),
        "message": forms.get("message") or MessageForm(initial={"once": uuid4()}),
        "reason": _reason(forms.get("opening")) if rows is not None else "",
        "form": next(
            (forms[name] for name in ("status", "message", "opening") if name in forms), None
        ),
    }
    return render(request, "protection/conversation.html", page)


def _reason(opening: Form | None) -> str:
    return "" if opening is None else str(opening.cleaned_data.get("reason", ""))


def _row(line: operations.Line) -> Row:
    who = "Us" if line.from_us else "Holder of the code"
    entry = line.entry
    if entry is None:
        return Row(day(line.day), who, "This cannot be opened here.")
    if entry.kind is Kind.STATUS:
        return Row(day(line.day), who, STATUSES.get(entry.text, entry.text))
    if entry.kind is Kind.CLOSED:
        return Row(day(line.day), who, "Closed the code: someone else may have had it.")
    return Row(day(line.day), who, entry.text)
