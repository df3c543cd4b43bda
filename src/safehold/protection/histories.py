"""What happened before: of two people, of an address, of a child; and who opens an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.words import moment
from safehold.domain import access
from safehold.protection import person_words
from safehold.protection.incident_forms import ReaderForm
from safehold.protection.people import FRAME, standing
from safehold.protection.people_forms import WhyForm
from safehold.records.histories import looking, queries
from safehold.records.people import queries as persons
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage.reasons import ReasonTooThin


@require_http_methods(["GET", "POST"])
@never_cache
def pair(request: HttpRequest, identity: UUID, other: UUID) -> HttpResponse:
    """Show what two people both have a part in, to whoever said why of both in this shift."""
    one, two = standing(request, identity), standing(request, other)
    if one == two:
        return redirect("protection:person", identity=one)
    if (one, two) != (identity, other):
        return redirect("protection:pair", identity=one, other=two)
    member, now = member_of(request), timezone.now()
    said = _said_of(one, member) if _said_of(two, member) else ""
    reason, form = _reason(request, said)
    if not reason:
        return _ask_why(request, form, "Two people")
    found = looking.look_at_pair(one=one, other=two, reason=reason, by=member, at=now)
    searches = [
        (name, *person_words.searched_words(replace(found.history, looked=tuple(looked))))
        for name, key in zip(found.names, (one, two), strict=True)
        for looked in (queries.looked_for([key]),)
    ]
    page = _history(found.history, reason, member) | {
        "title": "Two people",
        "people": list(zip(found.names, (one, two), strict=True)),
        "searches": searches,
        "back": reverse("protection:person", args=[one]),
        "back_to": "The person",
    }
    return render(request, "protection/history.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def childhood(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Show what a child has a part in, and what happened where they lived while they did."""
    moved = standing(request, identity)
    if moved != identity:
        return redirect("protection:childhood", identity=moved)
    member = member_of(request)
    reason, form = _reason(request, _said_of(identity, member))
    if not reason:
        return _ask_why(request, form, "A child’s history")
    found = persons.look_at_person(identity=identity, reason=reason, by=member, at=timezone.now())
    if not person_words.may_be_child(found, on=localdate()):
        raise Http404("Nothing here says that this person is a child.")
    history = queries.of_child(identity, by=member)
    page = _history(history, reason, member) | {
        "title": "A child’s history",
        "people": [(found.name, identity)],
        "child": True,
        "searches": [(found.name, *person_words.searched_words(history))],
        "back": reverse("protection:person", args=[identity]),
        "back_to": "The person",
    }
    return render(request, "protection/history.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def address(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Show what happened at an address; a protected one only to whoever is named for it."""
    member, now = member_of(request), timezone.now()
    found = _address(address_id, member)
    shown = {
        "title": "Address",
        "may_name": looking.may_name(found, member),
        "address_id": found.pk,
    }
    if not looking.may_read(found, member):
        page = FRAME | shown | {"masked": person_words.MASKED}
        return render(request, "protection/address.html", page)
    since = now - access.table().shift
    opened = looking.opened_for(address_id=address_id, by=member, since=since)
    reason, form = _reason(request, opened[1] if opened else "")
    if not reason:
        return _ask_why(request, form, "Address")
    there = looking.look_at_address(address_id=address_id, reason=reason, by=member, at=now)
    page = (
        _history(there.history, reason, member)
        | shown
        | {
            "words": person_words.address_words(there.address),
            "protected": there.address.protected,
            "lived": [
                (
                    each.name,
                    each.identity,
                    person_words.while_words(each.home.since, each.home.until),
                )
                for each in there.people
            ],
            "searches": [("", *person_words.searched_words(there.history))],
        }
    )
    return render(request, "protection/address.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def readers(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Name a member who may open a protected address, with a reason."""
    member = member_of(request)
    found = _address(address_id, member)
    if not looking.may_name(found, member):
        raise Http404("There is no such page for you.")
    offered = [
        (str(each.pk), f"{each.name}, {each.role_label}")
        for each in looking.who_may_be_named(found)
        if each.pk != member.pk
    ]
    sent = request.POST if request.method == "POST" else None
    form = ReaderForm(sent, members=offered)
    if sent is not None and form.is_valid():
        try:
            looking.name_reader(
                address_id=address_id,
                member_id=int(form.cleaned_data["member"]),
                why=form.cleaned_data["why"],
                by=member,
                at=timezone.now(),
            )
        except (looking.CannotRead, looking.NotYours, ReasonTooThin) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:address_readers", address_id=address_id)
    page = {
        "title": "Who may open this address",
        "here": "/staff/people/",
        "back": reverse("protection:address", args=[address_id]),
        "back_to": "The address",
        "form": form,
        "offered": offered,
        "named": [
            (row.member.name, row.why, row.named_by.name, moment(row.named_at))
            for row in looking.readers_of(found)
        ],
    }
    return render(request, "protection/address_readers.html", page)


def _history(history: queries.History, reason: str, by: StaffMember) -> dict[str, Any]:
    return FRAME | {
        "reason": reason,
        "entries": person_words.entry_rows(history, by=by),
        "more": history.more,
    }


def _reason(request: HttpRequest, said: str) -> tuple[str, WhyForm]:
    """Return why somebody looks: as they say it now, or as they said it before in this shift."""
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return (form.cleaned_data["look_reason"] if form.is_valid() else ""), form
    return said, form


def _said_of(identity: UUID, member: StaffMember) -> str:
    since = timezone.now() - access.table().shift
    opened = persons.opened_for(identity=identity, by=member, since=since)
    return opened[1] if opened else ""


def _ask_why(request: HttpRequest, form: WhyForm, title: str) -> HttpResponse:
    return render(
        request, "protection/incident_reason.html", FRAME | {"title": title, "form": form}
    )


def _address(address_id: UUID, member: StaffMember) -> Any:
    try:
        return looking.get(address_id, by=member)
    except looking.AddressNotFound as error:
        raise Http404(str(error)) from None
