"""All of a case on paper, or as a file for one partner: asked, agreed, made, looked at."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain import case_files
from safehold.domain.access import Permission
from safehold.partnership import export_words
from safehold.partnership.export_forms import (
    AgreeExportForm,
    AskExportForm,
    LookedAtForm,
    PrintForm,
)
from safehold.records.agencies import queries as agencies
from safehold.records.cases import queries as cases
from safehold.records.exports import operations, queries
from safehold.records.exports.operations import NotAsked, NotWaiting, OwnExport
from safehold.records.exports.queries import ExportNotFound
from safehold.records.shares.must_not import OnTheList
from safehold.records.staff.queries import member_of

HERE: Final = "/staff/exports/"
_REFUSED = (NotWaiting, OwnExport, OnTheList, NotAsked)


@require_http_methods(["GET", "POST"])
@never_cache
def working_print(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case to be printed, protected addresses masked, to whoever says why."""
    case = _case(request, case_id)
    form = PrintForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {
        "title": "Working print",
        "here": HERE,
        "back": HERE,
        "back_to": "Exports",
        "case": case,
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        now, reason = timezone.now(), form.cleaned_data["look_reason"]
        contents = operations.working_print(
            case_id=case_id, reason=reason, by=member_of(request), at=now
        )
        barred, people = queries.must_not_receive(case)
        page |= {
            "printed": export_words.printed(contents),
            "looked": contents.looked,
            "barred": barred,
            "people": people,
            "reason": reason,
            "now": now,
        }
    return render(request, "partnership/case_print.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask that all of a case leaves."""
    case = _case(request, case_id)
    barred, people = queries.must_not_receive(case)
    form = AskExportForm(
        request.POST if request.method == "POST" else None,
        agencies=agencies.with_a_key(),
        listed=people,
        initial={"once": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.ask(
                case_id=case_id, by=member_of(request), at=timezone.now(), **form.said()
            )
        except NotAsked as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except OnTheList as error:
            form.add_error("agency_id", str(error))
        else:
            return redirect("partnership:export", export_id=made.pk)
    page = {
        "title": "Export a case",
        "here": HERE,
        "back": HERE,
        "back_to": "Exports",
        "case": case,
        "barred": barred,
        "people": people,
        "any": bool(form.fields["agency_id"].choices),  # type: ignore[attr-defined]  # a ChoiceField
        "form": form,
    }
    return render(request, "partnership/export_new.html", page)


@require_GET
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """List which cases left, to whom and why; first what waits for this member."""
    member, now = member_of(request), timezone.now()
    found = queries.page_of(by=member, page=page_number(request))
    may_export = member.may(Permission.EXPORT_CASE)
    page = {
        "title": "Exports",
        "here": HERE,
        "rows": [export_words.row_of(one, at=now) for one in found],
        "pages": pages_of(request, found),
        "to_agree": queries.to_agree(by=member),
        "agreed": queries.agreed_to(by=member),
        "to_look_at": queries.to_look_at(by=member),
        "look_days": case_files.look_within().days,
        "late_before": now - case_files.look_within(),
        "cases": cases.owned_by(by=member) if may_export else [],
    }
    return render(request, "partnership/exports.html", page)


@require_GET
@never_cache
def export(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Show one export: purpose, recipient, who asked and agreed, and nothing of the case."""
    return _page(request, export_id)


@require_POST
def agree(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Say whether all of a case may leave."""
    return _act(request, export_id, operations.agree, agreeing=AgreeExportForm(request.POST))


@require_POST
def review(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Say that one has looked at an export, and what one found."""
    form = LookedAtForm(request.POST)
    return _act(request, export_id, operations.look_afterwards, reviewing=form)


@require_POST
@never_cache
def make(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Make the file of an export that was agreed to."""
    try:
        operations.make(export_id=export_id, by=member_of(request), at=timezone.now())
    except (ExportNotFound, cases.CaseNotFound) as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        return _page(request, export_id, problem=str(error))
    return redirect("partnership:export", export_id=export_id)


@require_POST
@never_cache
def file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Give the file to whoever asked for it; its name says nothing."""
    try:
        content, name = operations.fetch(
            export_id=export_id, by=member_of(request), at=timezone.now()
        )
    except ExportNotFound as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        return _page(request, export_id, problem=str(error))
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _act(request: HttpRequest, export_id: UUID, act: Any, **given: Any) -> HttpResponse:
    """Do what the one form that is given says, else show it again on the page."""
    (form,) = given.values()
    if not form.is_valid():
        return _page(request, export_id, **given)
    try:
        act(export_id=export_id, by=member_of(request), at=timezone.now(), **form.said())
    except ExportNotFound as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        return _page(request, export_id, problem=str(error), **given)
    return redirect("partnership:export", export_id=export_id)


def _page(
    request: HttpRequest, export_id: UUID, *, problem: str = "", **forms: Form
) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    try:
        found = queries.one(export_id, by=member)
    except ExportNotFound as error:
        raise Http404(str(error)) from None
    page = {
        "title": "Export",
        "here": HERE,
        "back": reverse("partnership:exports"),
        "back_to": "All exports",
        "export": found,
        "row": export_words.row_of(found, at=now),
        "may": export_words.may_do(found, by=member, at=now),
        "agreeing": forms.get("agreeing") or AgreeExportForm(),
        "reviewing": forms.get("reviewing") or LookedAtForm(),
        "problem": problem,
        "form": next(iter(forms.values()), None),
    }
    return render(request, "partnership/export.html", page, status=409 if problem else 200)


def _case(request: HttpRequest, case_id: UUID) -> Any:
    try:
        return cases.get(case_id=case_id, by=member_of(request))
    except cases.CaseNotFound as error:
        raise Http404(str(error)) from None
