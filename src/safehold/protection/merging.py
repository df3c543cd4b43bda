"""People who may be one: a list, two beside each other, and what somebody decides about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.domain import access
from safehold.protection import merge_words
from safehold.protection.forms import LookForm
from safehold.protection.merge_forms import ApartForm, MergeForm
from safehold.records.histories import queries as histories
from safehold.records.people import alike, merging, queries
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff.queries import StaffMember, member_of

HERE = "/staff/people/"
_REFUSED = (merging.NotLookedAt, merging.NeverOne, merging.DecidedMeanwhile)


@require_GET
@never_cache
def work_list(request: HttpRequest) -> HttpResponse:
    """List people who may be one, by reference: who they are is shown beside each other."""
    found = alike.page_of(by=member_of(request), page=page_number(request))
    page = {
        "title": "People who may be one",
        "here": HERE,
        "back": HERE,
        "back_to": "People",
        "pairs": alike.pairs_of(found),
        "pages": pages_of(request, found),
    }
    return render(request, "protection/people_alike.html", page)


@require_GET
@never_cache
def alike_to(request: HttpRequest, identity: UUID) -> HttpResponse:
    """List who may be the same person as one, looked for now."""
    if (now := _standing(request, identity)) != identity:
        return redirect("protection:person_alike", identity=now)
    page = {
        "title": "May be the same person",
        "here": HERE,
        "back": reverse("protection:person", args=[identity]),
        "back_to": "The person",
        "identity": identity,
        "reference": _references(request, identity)[0],
        "candidates": alike.candidates(identity, by=member_of(request)),
    }
    return render(request, "protection/person_alike.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def pair(request: HttpRequest, identity: UUID, other_id: UUID) -> HttpResponse:
    """Show two people beside each other to whoever said why within this shift; ask anybody else."""
    one, other = _standing(request, identity), _standing(request, other_id)
    if one == other:
        return redirect("protection:person", identity=one)
    if (one, other) != (identity, other_id):
        return redirect("protection:person_pair", identity=one, other_id=other)
    form = LookForm(request.POST if request.method == "POST" else None)
    reason = ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    return _page(request, one, other, reason=reason, look_form=form)


@require_http_methods(["GET", "POST"])
@never_cache
def merge(request: HttpRequest, identity: UUID, other_id: UUID) -> HttpResponse:
    """Put two people together."""
    if request.method == "GET" or _together(request, identity, other_id):
        return redirect("protection:person_pair", identity=identity, other_id=other_id)
    form = MergeForm(request.POST, between=_between(request, identity, other_id))
    if form.is_valid():
        kept = UUID(form.cleaned_data["kept"])
        try:
            merging.merge(
                kept=kept,
                folded=other_id if kept == identity else identity,
                why=form.cleaned_data["merge_why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except PersonNotFound as error:
            raise Http404(str(error)) from None
        except _REFUSED as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person", identity=kept)
    return _page(request, identity, other_id, merge_form=form)


@require_http_methods(["GET", "POST"])
@never_cache
def apart(request: HttpRequest, identity: UUID, other_id: UUID) -> HttpResponse:
    """Keep that two are two people."""
    if request.method == "GET" or _together(request, identity, other_id):
        return redirect("protection:person_pair", identity=identity, other_id=other_id)
    form = ApartForm(request.POST)
    if form.is_valid():
        try:
            merging.say_apart(
                one=identity,
                other=other_id,
                why=form.cleaned_data["apart_why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except PersonNotFound as error:
            raise Http404(str(error)) from None
        except _REFUSED as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person_pair", identity=identity, other_id=other_id)
    return _page(request, identity, other_id, apart_form=form)


def _page(
    request: HttpRequest, one: UUID, other: UUID, *, reason: str = "", **forms: Any
) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    reason = reason or _reason(one, other, member, at=now)
    between = _between(request, one, other)
    decided = merging.apart_of(one, other)
    page = {
        "title": "Two people beside each other",
        "here": HERE,
        "back": reverse("protection:people_alike"),
        "back_to": "People who may be one",
        "one": one,
        "other": other,
        "references": _references(request, one, other),
        "apart": decided,
        "reason": reason,
        "look_form": forms.get("look_form") or LookForm(),
        "merge_form": forms.get("merge_form") or MergeForm(between=between, initial={"kept": one}),
        "apart_form": forms.get("apart_form") or ApartForm(),
        "form": next(iter(forms.values()), None),
        **(_both(one, other, member, reason=reason, at=now) if reason else {}),
    }
    return render(request, "protection/person_pair.html", page)


def _both(
    one: UUID, other: UUID, member: StaffMember, *, reason: str, at: datetime
) -> dict[str, Any]:
    found = [
        queries.look_at_person(identity=key, reason=reason, by=member, at=at)
        for key in (one, other)
    ]
    return {
        "people": found,
        "rows": merge_words.beside(*found, on=localdate()),
        "parts_in": [histories.count_of_person(key, by=member) for key in (one, other)],
    }


def _reason(one: UUID, other: UUID, member: StaffMember, *, at: datetime) -> str:
    """Return why the member opened both in this shift, empty where not both."""
    since = at - access.table().shift
    opened = [queries.opened_for(identity=key, by=member, since=since) for key in (one, other)]
    looks = [look for look in opened if look is not None]
    return max(looks)[1] if len(looks) == len(opened) else ""


def _together(request: HttpRequest, one: UUID, other: UUID) -> bool:
    """Tell whether two are not the two any more that a page was about."""
    now = _standing(request, one), _standing(request, other)
    return now != (one, other) or one == other


def _between(request: HttpRequest, one: UUID, other: UUID) -> list[tuple[str, str]]:
    references = _references(request, one, other)
    return [(str(key), name) for key, name in zip((one, other), references, strict=True)]


def _references(request: HttpRequest, *identities: UUID) -> list[str]:
    found = queries.references_of(map(str, identities), by=member_of(request))
    return [found.get(str(key), "") for key in identities]


def _standing(request: HttpRequest, identity: UUID) -> UUID:
    try:
        return queries.identity_of(identity, by=member_of(request))
    except PersonNotFound as error:
        raise Http404(str(error)) from None
