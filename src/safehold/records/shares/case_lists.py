"""The must-not-receive list of a case: agencies, and people whom we know, by identity.

What is on it counts for each share of any report in the case, and for whatever is exported or
printed of it: `barred_from_case`. Whoever is said to have done it is on it always.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.domain.access import Permission
from safehold.domain.case_access import Part
from safehold.records.agencies.models import Agency
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import operations as cases
from safehold.records.cases import queries
from safehold.records.cases.models import Case, CaseParty
from safehold.records.incidents.models import Part as InIncident
from safehold.records.opening_keys import keys_here
from safehold.records.people import finding
from safehold.records.people import operations as people
from safehold.records.shares.models import ListEntry, MustNotReceive
from safehold.records.shares.must_not import NotListed, OwnEntry, sealed_words
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

NOT_HERE = "Why it stands here cannot be opened on this machine."


class EndedMeanwhile(Exception):
    """Somebody took the entry off; the message says who and why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as it is shown after a look: whose it is, why, and whether this member may end it.

    `name` is empty for somebody whom the member may not know of.
    """

    entry: ListEntry
    name: str
    why: str
    own: bool


@dataclass(frozen=True, slots=True)
class Barred:
    """Who must get nothing of a case, for whatever leaves with words of it.

    `named` counts the people whom lists of its reports name, sealed: they cannot be compared, so
    each is asked about. `parts` are those who are barred by their part in a report of it.
    """

    agencies: frozenset[UUID]
    identities: frozenset[UUID]
    named: int
    parts: tuple[str, ...]


def barred_from_case(case_id: UUID) -> Barred:
    """Return who must get nothing of a case: by its list, and by those of its reports."""
    reports = queries.reports_in(case_id)
    live = ListEntry.objects.filter(matter__in=[case_id, *reports], ended_at=None)
    rows = list(live.values_list("agency_id", "person__identity"))
    suspects = CaseParty.objects.filter(case_id=case_id, part=InIncident.SUSPECT)
    listed = MustNotReceive.objects.filter(matter__in=reports).order_by("who")
    return Barred(
        agencies=frozenset(agency for agency, _ in rows if agency),
        identities=frozenset(
            [
                *(identity for _, identity in rows if identity),
                *suspects.values_list("person__identity", flat=True),
            ]
        ),
        named=sum(agency is None and identity is None for agency, identity in rows),
        parts=tuple(dict.fromkeys(each.get_who_display() for each in listed)),
    )


@transaction.atomic
def put_agency(
    *, case_id: UUID, agency_id: UUID, why: str, by: StaffMember, at: datetime
) -> ListEntry:
    """Put an agency on the list of a case; one that is on it stays as it is.

    Raises ReasonTooThin, Refused, CaseNotFound, or NotListed.
    """
    stated = meaningful(why)
    case = _locked(case_id, by)
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise NotListed("Choose an agency from the list.")
    known = ListEntry.objects.filter(matter=case.pk, agency=agency, ended_at=None).first()
    if known is not None:
        return known
    entry = ListEntry(id=uuid4(), matter=case.pk, agency=agency, added_by=by, since=at)
    return _put(entry, case, stated, by=by, at=at)


@transaction.atomic
def put_person(
    *, case_id: UUID, identity: UUID, why: str, by: StaffMember, at: datetime
) -> ListEntry:
    """Put somebody whom we know on the list of a case; whoever is on it stays as they are.

    Raises ReasonTooThin, Refused, CaseNotFound, or PersonNotFound.
    """
    stated = meaningful(why)
    case = _locked(case_id, by)
    person = people.standing(identity, by=by)
    live = ListEntry.objects.filter(matter=case.pk, person__identity=identity, ended_at=None)
    if (known := live.first()) is not None:
        return known
    entry = ListEntry(id=uuid4(), matter=case.pk, person=person, added_by=by, since=at)
    return _put(entry, case, stated, by=by, at=at)


@transaction.atomic
def end(*, case_id: UUID, entry_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Take an entry off the list of a case; it is kept. Another person than whoever made it does.

    Raises ReasonTooThin, Refused, CaseNotFound where the case has no such entry, EndedMeanwhile, or
    OwnEntry.
    """
    stated = meaningful(why)
    case = _locked(case_id, by)
    rows = ListEntry.objects.select_for_update(no_key=True)
    entry = rows.filter(pk=entry_id, matter=case.pk).first()
    if entry is None:
        raise queries.CaseNotFound("There is no such case.")
    if entry.ended_by is not None:
        raise EndedMeanwhile(f"{entry.ended_by.name} took it off already: “{entry.ended_why}”.")
    if entry.added_by_id == by.pk:
        raise OwnEntry("You put it on the list yourself: another person takes it off.")
    entry.ended_at, entry.ended_by, entry.ended_why = at, by, stated
    entry.save(update_fields=["ended_at", "ended_by", "ended_why"])
    _record(Action.UNLISTED, case, by=by, at=at, reason=stated, entry=entry)


def open_list(*, case_id: UUID, reason: str, by: StaffMember, at: datetime) -> list[Shown]:
    """Record who opens the list of a case and why, then return it, the oldest first.

    The look at the case is on record before. Raises Refused, or CaseNotFound.
    """
    by.must(Permission.SHARE_REPORT)
    case = queries.get(case_id=case_id, by=by)
    live = ListEntry.objects.filter(matter=case.pk, ended_at=None)
    entries = list(live.select_related("agency", "person", "added_by").order_by("since", "pk"))
    if entries:
        with transaction.atomic():
            _record(Action.LIST_OPENED, case, by=by, at=at, reason=reason)
    known = finding.visible_to(by).filter(pk__in=[each.person_id for each in entries])
    names = finding.names_of(known.values_list("identity", flat=True))
    return [
        Shown(each, _name(each, names), _why(each), own=each.added_by_id == by.pk)
        for each in entries
    ]


def ended(case_id: UUID) -> list[ListEntry]:
    """Return the entries that were taken off the list of a case, the newest first."""
    over = ListEntry.objects.filter(matter=case_id).exclude(ended_at=None)
    return list(over.select_related("agency", "added_by", "ended_by").order_by("-ended_at", "pk"))


def _locked(case_id: UUID, by: StaffMember) -> Case:
    by.must(Permission.WORK_CASES)
    return cases.locked(case_id, by, Part.MEMBERS, closed=None)


def _put(entry: ListEntry, case: Case, why: str, *, by: StaffMember, at: datetime) -> ListEntry:
    entry.sealed = sealed_words(entry.pk, {"why": why}, for_standards=bool(case.sealed_to))
    entry.save(force_insert=True)
    _record(Action.LISTED, case, by=by, at=at, entry=entry)
    return entry


def _name(entry: ListEntry, names: dict[UUID, list[str]]) -> str:
    if entry.agency is not None:
        return entry.agency.name
    return names.get(entry.person.identity, [""])[0] if entry.person else ""


def _why(entry: ListEntry) -> str:
    try:
        plain = open_envelope(
            bytes(entry.sealed),
            kind=Kind.LISTED,
            subject=str(entry.pk),
            keys=keys_here(Kind.LISTED),
        )
    except CryptoError:
        return NOT_HERE
    return str(json.loads(plain)["why"])


def _record(
    action: Action,
    case: Case,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    entry: ListEntry | None = None,
) -> None:
    detail = {"entry": str(entry.pk), "agency": str(entry.agency_id or "")} if entry else {}
    audit.append(
        action=action, by=by, subject=cases.about(case.pk), at=at, reason=reason, detail=detail
    )
