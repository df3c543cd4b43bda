"""Sharing parts of a report: to whom and why, what goes, exactly that to read, then the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain import sharing
from safehold.domain.sharing import NotShared
from safehold.partnership.share_forms import BeginForm, ChooseForm, plan_of, typed_in
from safehold.records.agencies import queries as agencies
from safehold.records.contacts.operations import ContactSealed
from safehold.records.shares import choosing, queries
from safehold.records.shares import sharing as operations
from safehold.records.shares.choosing import Opened
from safehold.records.shares.must_not import ListSealed
from safehold.records.shares.sharing import OnTheList, OtherThanShown
from safehold.records.staff.queries import member_of
from safehold.records.triage import queries as triage
from safehold.records.triage.operations import AccountSealed, NotReadYet

_SEALED = (AccountSealed, ContactSealed, ListSealed)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Lead from an agency and a basis to a file, one page after another."""
    try:
        choosing.may_begin(report_id=report_id, by=member_of(request))
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except NotReadYet as error:
        status = 409 if request.method == "POST" else 200
        return _begin(request, report_id, read_first=str(error), status=status)
    if request.method != "POST":
        return _begin(request, report_id)
    form = BeginForm(request.POST, agencies=agencies.with_a_key())
    if not form.is_valid():
        return _begin(request, report_id, form=form)
    try:
        return _step(request, report_id, form)
    except OnTheList as error:
        form.add_error("agency_id", str(error))
    except _SEALED as error:
        form.add_error(None, str(error))
    except NotShared as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return _begin(request, report_id, form=form)


def _step(request: HttpRequest, report_id: UUID, form: BeginForm) -> HttpResponse:
    step, problem = request.POST.get("step", ""), ""
    if step == "make":
        try:
            made = operations.share(
                report_id=report_id,
                plan=plan_of(request.POST),
                seen=request.POST.get("seen", ""),
                once=_once(request),
                by=member_of(request),
                at=timezone.now(),
            )
        except OtherThanShown as error:
            problem = str(error)
        except NotShared as error:
            if error.field in form.fields:
                raise
            problem = str(error)
        else:
            return redirect("partnership:share", share_id=made.pk)
    opened = choosing.open_to_share(
        report_id=report_id,
        agency_id=UUID(form.cleaned_data["agency_id"]),
        basis=form.cleaned_data["basis"],
        by=member_of(request),
        at=timezone.now(),
    )
    if step == "preview":
        return _preview(request, report_id, opened)
    typed = request.POST if step in {"again", "make"} else None
    choose = ChooseForm(typed, opened=opened)
    return _choose(request, report_id, opened, choose, problem=problem)


def _begin(
    request: HttpRequest,
    report_id: UUID,
    *,
    form: BeginForm | None = None,
    read_first: str = "",
    status: int = 200,
) -> HttpResponse:
    page = _frame(request, report_id) | {
        "form": form or BeginForm(agencies=agencies.with_a_key()),
        "read_first": read_first,
        "any": bool(agencies.with_a_key()),
        # The page that it was typed on comes after this one.
        "unsaved": typed_in(request.POST),
        "listed": queries.listed(report_id),
        "listed_agencies": queries.listed_agencies(report_id),
    }
    return render(request, "partnership/share_begin.html", page, status=status)


def _choose(
    request: HttpRequest, report_id: UUID, opened: Opened, form: ChooseForm, *, problem: str = ""
) -> HttpResponse:
    page = _frame(request, report_id) | _of(opened) | {"form": form, "problem": problem}
    status = 409 if problem else 200
    return render(request, "partnership/share_choose.html", page, status=status)


def _preview(request: HttpRequest, report_id: UUID, opened: Opened) -> HttpResponse:
    form = ChooseForm(request.POST, opened=opened)
    if not form.is_valid():
        return _choose(request, report_id, opened, form)
    try:
        ready = choosing.ready(plan_of(request.POST), opened)
    except NotShared as error:
        if error.field in {"basis", "agency_id"}:
            raise
        form.say(str(error), error.field)
        return _choose(request, report_id, opened, form)
    page = (
        _frame(request, report_id)
        | _of(opened)
        | {
            "form": None,
            "text": choosing.preview(ready, at=timezone.now()),
            "hours": int(sharing.file_stays().total_seconds() // 3600),
            "carried": _carried(request, form) | {"seen": [sharing.fingerprint(ready.parts)]},
        }
    )
    return render(request, "partnership/share_preview.html", page)


def _of(opened: Opened) -> dict[str, Any]:
    return {
        "opened": opened,
        "agency": opened.key.agency,
        "basis": opened.basis,
        "said_of_sharing": _SAID.get(opened.may_share, ""),
    }


_SAID = {
    "yes": "Yes. They were asked about their name and safe contact, and about nothing else.",
    "talk": "Talk to me first.",
    "no": "No.",
}


def _carried(request: HttpRequest, form: Form) -> dict[str, list[str]]:
    """Return what was typed, so that the next page can send it on."""
    names = ["agency_id", "basis", *form.fields]
    typed = {name: request.POST.getlist(name) for name in names if name in request.POST}
    return typed | {"once": [str(_once(request))]}


def _once(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid4()


def _frame(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    slip = triage.slip(report_id=report_id, by=member_of(request))
    return {
        "title": "Share",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "slip": slip,
    }
