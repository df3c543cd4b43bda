"""A file that came with a report: why it is opened, what it is, and taking it out."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safehold.files import safe_name
from safehold.protection import presenters
from safehold.protection.forms import OpenFileForm, TakeOutForm
from safehold.records.exhibits import operations
from safehold.records.exhibits.operations import (
    INTIMATE,
    AccountSealed,
    Busy,
    Copy,
    FileDamaged,
    Looked,
    NoSuchFile,
    NotTakenOut,
)
from safehold.records.staff.queries import member_of
from safehold.records.triage import queries as triage

_UNREADABLE = (AccountSealed, Busy, FileDamaged, NotTakenOut)
_NOT_THERE = (NoSuchFile, triage.ReportNotFound)
_ENDINGS = {"jpeg": "jpg", "text": "txt", "other": "bin", "": "bin"}


@require_http_methods(["GET", "POST"])
@never_cache
def file(request: HttpRequest, report_id: UUID, file_id: UUID) -> HttpResponse:
    """Ask why a file has to be opened; show it once, by itself."""
    form = OpenFileForm(request.POST or None)
    looked = None
    if request.method == "POST" and form.is_valid():
        try:
            looked = operations.look(
                report_id=report_id,
                file_id=file_id,
                reason=form.cleaned_data["reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except _NOT_THERE as error:
            raise Http404(str(error)) from None
        except _UNREADABLE as error:
            form.add_error(None, str(error))
    return _page(request, report_id, file_id, form, looked=looked)


@require_POST
@never_cache
def take_out(request: HttpRequest, report_id: UUID, file_id: UUID) -> HttpResponse:
    """Give a file to whoever took it out with a reason; its name says nothing."""
    form = TakeOutForm(request.POST)
    if not form.is_valid():
        return _page(request, report_id, file_id, OpenFileForm(), taking=form)
    try:
        content, kind = operations.take_out(
            report_id=report_id,
            file_id=file_id,
            which=Copy(form.cleaned_data["which"]),
            reason=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )
    except _NOT_THERE as error:
        raise Http404(str(error)) from None
    except _UNREADABLE as error:
        form.add_error(None, str(error))
        return _page(request, report_id, file_id, OpenFileForm(), taking=form)
    answer = HttpResponse(content, content_type="application/octet-stream")
    name = f"{str(file_id)[:8]}-{form.cleaned_data['which']}.{_ENDINGS.get(kind, kind)}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def mark(request: HttpRequest, report_id: UUID, file_id: UUID) -> HttpResponse:
    """Mark a file as intimate, so that few may open it from now on."""
    try:
        operations.mark_intimate(file_id=file_id, by=member_of(request), at=timezone.now())
    except _NOT_THERE as error:
        raise Http404(str(error)) from None
    return redirect("protection:file", report_id=report_id, file_id=file_id)


def _page(
    request: HttpRequest,
    report_id: UUID,
    file_id: UUID,
    form: OpenFileForm,
    *,
    looked: Looked | None = None,
    taking: TakeOutForm | None = None,
) -> HttpResponse:
    try:
        slip = triage.slip(report_id=report_id, by=member_of(request))
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    now = timezone.now()
    known = operations.of_report(report_id).get(file_id)
    may_open = known is None or operations.may_open(known, by=member_of(request))
    page: dict[str, Any] = {
        "title": "File",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "row": presenters.slip_row(slip, at=now),
        "file_id": file_id,
        "form": taking or form,
        "opening": form,
        "taking": taking or TakeOutForm(),
        "opened_at": now,
        "known": known,
        "closed": "" if may_open else INTIMATE,
        "looked": looked,
    }
    if looked is not None:
        page |= {
            "name": safe_name(looked.file.name),
            "reason": form.cleaned_data["reason"],
            "previews": _previews(looked),
        }
    return render(request, "protection/file.html", page)


def _previews(looked: Looked) -> list[dict[str, object]]:
    if looked.found is None:
        return []
    return [
        {
            "source": f"data:image/jpeg;base64,{base64.b64encode(each.content).decode()}",
            "width": each.width,
            "height": each.height,
        }
        for each in looked.found.previews
    ]
