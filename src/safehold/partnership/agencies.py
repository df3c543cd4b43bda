"""Partner agencies and their keys: entered by one of us, confirmed by a second with the agency."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain import sharing
from safehold.partnership.share_forms import AgencyForm, ConfirmKeyForm, EndForm, EnterKeyForm
from safehold.records.agencies import operations, queries
from safehold.records.agencies.operations import (
    AgencyNotFound,
    EditConflict,
    Ended,
    NotAnAgeKey,
    NotSound,
    SamePerson,
)
from safehold.records.staff.queries import member_of

HERE: Final = "/staff/agencies/"
_REFUSED = (EditConflict, Ended, SamePerson)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List every agency, and which has a key that can be used."""
    page = {
        "title": "Agencies",
        "here": HERE,
        "rows": [(one, _stands(one)) for one in queries.everything(by=member_of(request))],
        "kinds": sharing.kinds(),
    }
    return render(request, "partnership/agencies.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an agency."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add(**_typed(form), by=member_of(request), at=timezone.now())
        except NotSound as error:
            form.add_error(error.field, str(error))
        else:
            return redirect("partnership:agency", agency_id=made.pk)
    page = {
        "title": "Add an agency",
        "here": HERE,
        "back": HERE,
        "back_to": "All agencies",
        "form": form,
    }
    return render(request, "partnership/agency_new.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Show one agency with its keys and history; a POST changes what is kept of it."""
    if request.method != "POST":
        return _page(request, agency_id)
    form = AgencyForm(request.POST)
    if not form.is_valid():
        return _page(request, agency_id, changing=form)
    try:
        operations.change(
            agency_id=agency_id,
            seen=form.cleaned_data["seen"] or 0,
            **_typed(form),
            by=member_of(request),
            at=timezone.now(),
        )
    except AgencyNotFound as error:
        raise Http404(str(error)) from None
    except NotSound as error:
        form.add_error(error.field, str(error))
        return _page(request, agency_id, changing=form)
    except _REFUSED as error:
        return _page(request, agency_id, problem=str(error), changing=_seen_now(request, agency_id))
    return redirect("partnership:agency", agency_id=agency_id)


@require_POST
def end(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """End working with an agency."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, agency_id, ending=form)
    try:
        operations.end(
            agency_id=agency_id,
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )
    except AgencyNotFound as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        return _page(request, agency_id, problem=str(error), ending=form)
    return redirect("partnership:agency", agency_id=agency_id)


@require_POST
def enter_key(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Enter the key that an agency sent."""
    form = EnterKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, agency_id, entering=form)
    try:
        operations.enter_key(
            agency_id=agency_id, by=member_of(request), at=timezone.now(), **form.cleaned_data
        )
    except AgencyNotFound as error:
        raise Http404(str(error)) from None
    except (NotAnAgeKey, NotSound) as error:
        again = _without_the_key(form)
        again.add_error("public", str(error))
        return _page(request, agency_id, entering=again)
    except _REFUSED as error:
        return _page(request, agency_id, problem=str(error), entering=_without_the_key(form))
    return redirect("partnership:agency", agency_id=agency_id)


def _without_the_key(form: EnterKeyForm) -> EnterKeyForm:
    # A secret key that was pasted by mistake is not shown again.
    again = EnterKeyForm({"came": form.cleaned_data["came"], "public": ""})
    again.is_valid()
    again.errors.clear()
    return again


@require_POST
def confirm_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Confirm a key with what the agency read out of it."""
    agency_id = _agency_of(request, key_id)
    form = ConfirmKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, agency_id, of=key_id, confirming=form)
    try:
        operations.confirm_key(
            key_id=key_id, by=member_of(request), at=timezone.now(), **form.cleaned_data
        )
    except NotSound as error:
        form.add_error(error.field, str(error))
        return _page(request, agency_id, of=key_id, confirming=form)
    except _REFUSED as error:
        return _page(request, agency_id, problem=str(error), of=key_id, confirming=form)
    return redirect("partnership:agency", agency_id=agency_id)


@require_POST
def end_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key at once."""
    agency_id = _agency_of(request, key_id)
    form = EndForm(request.POST, prefix=str(key_id))
    if not form.is_valid():
        return _page(request, agency_id, ending_key=form)
    try:
        operations.end_key(
            key_id=key_id,
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )
    except _REFUSED as error:
        return _page(request, agency_id, problem=str(error), ending_key=form)
    return redirect("partnership:agency", agency_id=agency_id)


def _page(
    request: HttpRequest,
    agency_id: UUID,
    *,
    problem: str = "",
    of: UUID | None = None,
    **forms: Form,
) -> HttpResponse:
    try:
        found = queries.one(agency_id, by=member_of(request))
    except AgencyNotFound as error:
        raise Http404(str(error)) from None
    page: dict[str, Any] = {
        "title": "Agency",
        "here": HERE,
        "back": HERE,
        "back_to": "All agencies",
        "agency": found,
        "kinds": sharing.kinds(),
        "ways": sharing.ways_to_check(),
        "keys": [
            (
                key,
                queries.in_groups(key),
                forms["confirming"] if key.pk == of else ConfirmKeyForm(),
                _end_form(key.pk, forms),
            )
            for key in queries.keys_of(found)
        ],
        "history": queries.history(found),
        "changing": forms.get("changing") or AgencyForm(initial=_stored(found)),
        "entering": forms.get("entering") or EnterKeyForm(),
        "ending": forms.get("ending") or EndForm(),
        "problem": problem,
        "form": next(iter(forms.values()), None),
    }
    return render(request, "partnership/agency.html", page, status=409 if problem else 200)


def _end_form(key_id: UUID, forms: dict[str, Form]) -> Form:
    given = forms.get("ending_key")
    return given if given and given.prefix == str(key_id) else EndForm(prefix=str(key_id))


def _seen_now(request: HttpRequest, agency_id: UUID) -> AgencyForm:
    """Return the form as it was typed, naming the version that stands: to save is to decide."""
    typed = request.POST.copy()
    typed["seen"] = str(queries.one(agency_id, by=member_of(request)).version)
    return AgencyForm(typed)


def _agency_of(request: HttpRequest, key_id: UUID) -> UUID:
    try:
        return queries.agency_of_key(key_id, by=member_of(request))
    except AgencyNotFound as error:
        raise Http404(str(error)) from None


def _stored(agency: Any) -> dict[str, Any]:
    return {
        "seen": agency.version,
        "name": agency.name,
        "kind": agency.kind,
        "contact": agency.contact,
    }


def _typed(form: AgencyForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("name", "kind", "contact")}


def _stands(agency: Any) -> str:
    if agency.ended_at:
        return "Ended"
    live = [key for key in agency.keys.all() if key.ended_at is None]
    if any(key.confirmed_at is None for key in live):
        return "A key waits to be confirmed"
    return "Ready" if live else "No key: nothing can be shared with them"
