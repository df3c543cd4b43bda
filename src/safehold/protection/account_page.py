"""The page of an opened account: shown once, kept by nobody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from safehold.domain.access import Permission
from safehold.domain.journey.whereabouts import A_POINT
from safehold.files import safe_name
from safehold.protection import message_words, name_words, place_map, presenters
from safehold.protection.forms import NEW_PLACE, AcceptForm, AcceptPersonForm, choices_of
from safehold.records.beside import queries as beside
from safehold.records.calls import operations as calls
from safehold.records.contacts import queries as contacts
from safehold.records.exhibits import operations as exhibits
from safehold.records.incidents import queries as incidents
from safehold.records.places import queries as places
from safehold.records.places.queries import Nearby
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import handing_on
from safehold.records.triage import queries as triage
from safehold.records.triage.accounts import Account


def shown(request: HttpRequest, account: Account, *, reason: str) -> HttpResponse:
    """Render what a person told us, with the places that may be hers, for this one answer."""
    now, slip = timezone.now(), triage.slip(report_id=account.report_id, by=member_of(request))
    nearby = [] if account.about_somebody else _nearby(account, by=member_of(request))
    page = {
        "title": "Account",
        "back": reverse("protection:report", args=[account.report_id]),
        "back_to": "Close the account",
        "here": "/staff/reports/",
        "account": account,
        "reason": reason,
        "opened_at": now,
        "row": presenters.slip_row(slip, at=now),
        "for_standards": slip.police_party,
        "may_hand_on": handing_on.may_hand_on(slip, by=member_of(request)),
        "conversation": message_words.standing(member_of(request), account.report_id),
        "incident": incidents.of_report(account.report_id),
        "undecided": _undecided(account, by=member_of(request)),
        "nearby": nearby,
        "map": place_map.of_spot(account.spot, [found.place for found in nearby]),
        "form": _form(account, nearby),
        "typed": calls.typed_words(account.call_id),
        "files": _files(account),
        "contact": contacts.of_report(account.report_id),
        "name": name_words.panel(slip, by=member_of(request), at=now),
        "beside": beside.count(report_id=account.report_id, by=member_of(request)),
        "children": [role for role in account.roles if role.child],
    }
    return render(request, "protection/account.html", page)


def _undecided(account: Account, *, by: StaffMember) -> Any:
    """Return the incident that the reader may decide to be a crime or none, if nobody has yet."""
    found = incidents.decision_of(account.report_id)
    waits = found is not None and found.crime_decision == incidents.CrimeDecision.NOT_YET
    return found if waits and by.may(Permission.DECIDE_CRIME) else None


def _files(account: Account) -> list[dict[str, object]]:
    known = exhibits.of_report(account.report_id)
    return [
        {
            "id": each.file_id,
            "name": safe_name(each.name),
            "size": f"{each.size:,} bytes",
            "intimate": each.intimate or (each.file_id in known and known[each.file_id].intimate),
            "place": each.place or (each.file_id in known and known[each.file_id].place),
        }
        for each in account.files
    ]


def _form(account: Account, nearby: list[Nearby]) -> AcceptForm | AcceptPersonForm:
    if account.about_somebody:
        return AcceptPersonForm(initial={"classification": presenters.suggested(account.kind)})
    # With a neighbour there is a choice to make, and none is made for the officer.
    named = "" if account.place_name == A_POINT else account.place_name
    initial = {"name": named, "place": "" if nearby else NEW_PLACE}
    return AcceptForm(initial=initial, places=choices_of(nearby))


def _nearby(account: Account, *, by: StaffMember) -> list[Nearby]:
    spot = account.spot
    if spot.longitude is None or spot.latitude is None:
        return []
    return places.near(longitude=spot.longitude, latitude=spot.latitude, by=by)
