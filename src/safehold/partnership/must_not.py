"""Who must get nothing of a report: put on, opened with a reason, taken off by somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safehold.partnership.share_forms import (
    EndForm,
    ListAgencyForm,
    ListPersonForm,
    OpenListForm,
)
from safehold.records.agencies import queries as agencies
from safehold.records.contacts.operations import ContactSealed
from safehold.records.shares import must_not, queries
from safehold.records.shares.must_not import EntryNotFound, ListSealed, NotListed, OwnEntry, Shown
from safehold.records.staff.queries import member_of
from safehold.records.triage import queries as triage

_PERSON = "id_person_%s"  # two forms of one page ask why: each has ids of its own


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def the_list(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show the list without names; with a reason, once, with them."""
    if request.method != "POST":
        return _page(request, report_id)
    form = OpenListForm(request.POST)
    if not form.is_valid():
        return _page(request, report_id, opening=form)
    try:
        shown = must_not.open_names(
            report_id=report_id,
            reason=form.cleaned_data["reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except (ListSealed, ContactSealed) as error:
        form.add_error(None, str(error))
        return _page(request, report_id, opening=form)
    return _page(request, report_id, shown=shown)


@require_POST
@never_cache
def add(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Put an agency or a person on the list."""
    name, form = _adding(request)
    if form.is_valid():
        put = must_not.put_person if name == "person" else must_not.put_agency
        try:
            put(
                report_id=report_id,
                by=member_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except triage.ReportNotFound as error:
            raise Http404(str(error)) from None
        except NotListed as error:
            form.add_error(None, str(error))
        else:
            return redirect("partnership:must_not", report_id=report_id)
    if name == "person":
        return _page(request, report_id, person=form)
    return _page(request, report_id, agency=form)


@require_POST
@never_cache
def end(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take an entry off the list."""
    form = EndForm(request.POST, prefix=str(entry_id))
    try:
        report_id = must_not.report_of(entry_id, by=member_of(request))
        if form.is_valid():
            must_not.end(
                entry_id=entry_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
            return redirect("partnership:must_not", report_id=report_id)
    except EntryNotFound as error:
        raise Http404(str(error)) from None
    except OwnEntry as error:
        form.add_error(None, str(error))
    return _page(request, report_id, ending=form)


def _agency_form(data: Any = None) -> ListAgencyForm:
    return ListAgencyForm(data, agencies=agencies.in_use(), auto_id="id_agency_%s")


def _adding(request: HttpRequest) -> tuple[str, Form]:
    if request.POST.get("what") == "person":
        return "person", ListPersonForm(request.POST, auto_id=_PERSON)
    return "agency", _agency_form(request.POST)


def _page(
    request: HttpRequest, report_id: UUID, *, shown: Shown | None = None, **forms: Form
) -> HttpResponse:
    try:
        slip = must_not.look_at(report_id=report_id, by=member_of(request), at=timezone.now())
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    said = "\n".join(f"They told us: {words}" for _, words in shown.said) if shown else ""
    names = {entry.pk: (name, why) for entry, name, why in shown.entries} if shown else {}
    page: dict[str, Any] = {
        "title": "Must receive nothing",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "slip": slip,
        "parts": queries.listed(report_id),
        "entries": [
            (entry, *names.get(entry.pk, ("", "")), _end_form(entry.pk, forms))
            for entry in must_not.standing(report_id)
        ],
        "ended": must_not.ended(report_id),
        "shown": shown,
        "opening": forms.get("opening") or OpenListForm(),
        "agency": forms.get("agency") or _agency_form(),
        "person": forms.get("person")
        or ListPersonForm(initial={"why": said[:1_000]}, auto_id=_PERSON),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "partnership/must_not.html", page)


def _end_form(entry_id: UUID, forms: dict[str, Form]) -> Form:
    given = forms.get("ending")
    return given if given and given.prefix == str(entry_id) else EndForm(prefix=str(entry_id))
