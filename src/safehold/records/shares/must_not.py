"""The must-not-receive list of a report: agencies, people by name, and the parts on it always.

What is on the list of a case that the report is in counts too (`case_lists`).

Whoever is said to have done it, and whoever is asked about, are on it from the moment a report
arrives, and no act here takes them off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.domain.access import Permission
from safehold.records import row_security
from safehold.records.agencies.models import Agency
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case
from safehold.records.contacts import operations as contacts
from safehold.records.contacts import queries as profiles
from safehold.records.opening_keys import keys_to_open
from safehold.records.people import finding
from safehold.records.shares.models import ListEntry, MustNotReceive
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about, must, must_not_know_the_name
from safehold.records.triage.reasons import meaningful

LONGEST_NAME = 200
_NAMED = "A person whom the list names"


class ListSealed(Exception):
    """An entry could not be opened; the message says why, for the officer."""


class NotListed(ValueError):
    """What was typed cannot stand on the list; the message says why."""


class EntryNotFound(LookupError):
    """No entry of this id stands on the list."""


class OwnEntry(Exception):
    """Somebody else has to end it: this member put it on the list."""


class OnTheList(Exception):
    """The agency must get nothing of this report."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list who is no agency: by part, or by an entry whose name may be opened."""

    key: str
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The list as it is opened for one request, and what they told of who must not know."""

    entries: tuple[tuple[ListEntry, str, str], ...]
    said: tuple[tuple[str, str], ...]


def put_agency(
    *, report_id: UUID, agency_id: UUID, why: str, by: StaffMember, at: datetime
) -> ListEntry:
    """Put an agency on the list; one that is on it stays as it is.

    Raises ReasonTooThin, Refused, ReportNotFound, or NotListed.
    """
    stated = meaningful(why)
    slip = _allowed(report_id, by)
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise NotListed("Choose an agency from the list.")
    return _put(slip, agency, {"why": stated}, by=by, at=at)


def put_person(*, report_id: UUID, name: str, why: str, by: StaffMember, at: datetime) -> ListEntry:
    """Put a person on the list by name, sealed. Raises as `put_agency` does."""
    stated, tidy = meaningful(why), " ".join(name.split())
    slip = _allowed(report_id, by)
    if not tidy or len(tidy) > LONGEST_NAME:
        raise NotListed("Say who it is: a name, or what they are called.")
    return _put(slip, None, {"name": tidy, "why": stated}, by=by, at=at)


@transaction.atomic
def end(*, entry_id: UUID, why: str, by: StaffMember, at: datetime) -> ListEntry:
    """Take an entry off the list; it is kept. Another person than whoever made it does.

    Raises ReasonTooThin, Refused, ReportNotFound, EntryNotFound, or OwnEntry.
    """
    stated = meaningful(why)
    entry = ListEntry.objects.select_for_update().filter(pk=entry_id, ended_at=None).first()
    if entry is None:
        raise EntryNotFound("Nothing of this stands on the list.")
    _allowed(entry.matter, by)
    if entry.added_by_id == by.pk:
        raise OwnEntry("You put it on the list yourself: another person takes it off.")
    entry.ended_at, entry.ended_by, entry.ended_why = at, by, stated
    entry.save()
    _record(Action.UNLISTED, entry.matter, by=by, at=at, reason=stated, entry=entry)
    return entry


def look_at(*, report_id: UUID, by: StaffMember, at: datetime) -> TriageSlip:
    """Record the look at a list without names, then return its report.

    Raises Refused, or ReportNotFound.
    """
    slip = _allowed(report_id, by)
    reason = f"{by.role_label}: who must receive nothing of it"
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    return slip


def report_of(entry_id: UUID, *, by: StaffMember) -> UUID:
    """Return whose list an entry stands on. Raises Refused, or EntryNotFound."""
    entry = ListEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise EntryNotFound("Nothing of this stands on the list.")
    _allowed(entry.matter, by)
    return entry.matter


def open_names(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> Shown:
    """Record and commit who looks and why, then open every entry, in memory.

    With it comes what they told, in safe contact, of who must not know. Raises ReasonTooThin,
    Refused, ReportNotFound, ListSealed, or ContactSealed.
    """
    stated = meaningful(reason)
    slip = _allowed(report_id, by)
    audit.record_look(by=by, reason=stated, subject=about(report_id), at=at)
    entries = tuple((each, *_opened(each, slip)) for each in standing(report_id))
    with transaction.atomic():
        _record(Action.LIST_OPENED, report_id, by=by, at=at, reason=stated)
    return Shown(entries, _said(report_id, stated, by=by, at=at))


def standing(report_id: UUID) -> list[ListEntry]:
    """Return the entries that stand, the oldest first."""
    live = ListEntry.objects.filter(matter=report_id, ended_at=None)
    return list(live.select_related("agency", "added_by").order_by("since", "pk"))


def counting(report_id: UUID) -> list[ListEntry]:
    """Return the entries that stand on the list of a report, or of a case that it is in."""
    with row_security.as_system():  # a case of which whoever asks may not know counts too
        matters = [report_id, *cases.with_report(report_id).values_list("pk", flat=True)]
    live = ListEntry.objects.filter(matter__in=matters, ended_at=None)
    return list(live.select_related("agency", "person").order_by("since", "pk"))


def ended(report_id: UUID) -> list[ListEntry]:
    """Return the entries that were taken off, the newest first."""
    over = ListEntry.objects.filter(matter=report_id).exclude(ended_at=None)
    return list(over.select_related("agency", "added_by", "ended_by").order_by("-ended_at", "pk"))


def people(report_id: UUID) -> list[Person]:
    """Return everybody on the list who is no agency, without a name."""
    parts = MustNotReceive.objects.filter(matter=report_id).order_by("pk")
    named = [each for each in counting(report_id) if each.agency_id is None]
    # Two lists may name one person: the question is one.
    of_ours = {each.person.identity: each for each in named if each.person}
    return [
        *(Person(each.who, each.get_who_display()) for each in parts),
        *(Person(str(each.pk), _NAMED) for each in named if each.person is None),
        *(Person(str(each.pk), _NAMED) for each in of_ours.values()),
    ]


def people_by_name(slip: TriageSlip, *, by: StaffMember) -> list[Person]:
    """Return the same with names, for a look that is on record. Raises ListSealed.

    Of somebody on the list of a case comes the name and not why: whoever shares a report may not
    know of the case. One whom the member may not know of has no name here.
    """
    live = {str(each.pk): each for each in counting(slip.pk)}
    known = finding.visible_to(by).filter(pk__in=[each.person_id for each in live.values()])
    names = finding.names_of(known.values_list("identity", flat=True))
    return [
        _by_name(each, live[each.key], slip, names) if each.key in live else each
        for each in people(slip.pk)
    ]


def _by_name(
    each: Person, entry: ListEntry, slip: TriageSlip, names: dict[UUID, list[str]]
) -> Person:
    if entry.person is None:
        return Person(each.key, *_opened(entry, slip))
    return Person(each.key, names.get(entry.person.identity, [_NAMED])[0])


def must_be_allowed(*, report_id: UUID, agency_id: UUID) -> None:
    """Raise OnTheList where the agency must get nothing of the report, or of a case with it.

    The sentence is the same: whoever shares the report may not know of the case.
    """
    if agency_id in {each.agency_id for each in counting(report_id)}:
        raise OnTheList("This agency is on the must-not-receive list of this report.")


def locked(report_id: UUID) -> TriageSlip:
    """Lock a report against changes of its list, to the end of the transaction."""
    return TriageSlip.objects.select_for_update(no_key=True).get(pk=report_id)


def lock_cases_of(report_id: UUID) -> None:
    """Lock the cases with a report against changes of their lists, before the report.

    Also those of which whoever shares may not know: their lists count.
    """
    rows = Case.objects.select_for_update(no_key=True)
    with row_security.as_system():
        list(rows.filter(pk__in=cases.with_report(report_id).values("pk")).order_by("pk"))


def _allowed(report_id: UUID, by: StaffMember) -> TriageSlip:
    must(Permission.SHARE_REPORT, report_id=report_id, by=by)
    must_not_know_the_name(report_id=report_id, by=by)
    return triage.slip(report_id=report_id, by=by)


@transaction.atomic
def _put(
    slip: TriageSlip,
    agency: Agency | None,
    words: dict[str, str],
    *,
    by: StaffMember,
    at: datetime,
) -> ListEntry:
    locked(slip.pk)
    if agency is not None:
        known = ListEntry.objects.filter(matter=slip.pk, agency=agency, ended_at=None).first()
        if known is not None:
            return known
    entry_id = uuid4()
    entry = ListEntry.objects.create(
        id=entry_id,
        matter=slip.pk,
        agency=agency,
        sealed=sealed_words(entry_id, words, for_standards=slip.police_party),
        added_by=by,
        since=at,
    )
    _record(Action.LISTED, slip.pk, by=by, at=at, entry=entry)
    return entry


def sealed_words(entry_id: UUID, words: dict[str, str], *, for_standards: bool) -> bytes:
    """Seal what an entry says to whoever opens accounts of its side."""
    purpose = Kind.LISTED.purpose_where(for_standards=for_standards)
    return seal(
        json.dumps(words, ensure_ascii=False).encode(),
        kind=Kind.LISTED,
        subject=str(entry_id),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
    )


def _opened(entry: ListEntry, slip: TriageSlip) -> tuple[str, str]:
    """Open one entry: whose it is, and why."""
    try:
        keys = keys_to_open(Kind.LISTED, for_standards=slip.police_party)
        plain = open_envelope(
            bytes(entry.sealed), kind=Kind.LISTED, subject=str(entry.pk), keys=keys
        )
        words = json.loads(plain)
    except (CryptoError, ValueError) as error:
        raise ListSealed(str(error)) from error
    name = entry.agency.name if entry.agency else str(words.get("name", ""))
    return name, str(words.get("why", ""))


def _said(
    report_id: UUID, reason: str, *, by: StaffMember, at: datetime
) -> tuple[tuple[str, str], ...]:
    profile = profiles.of_report(report_id)
    if profile is None or profile.hidden or not by.may(Permission.OPEN_CONTACT):
        return ()
    details = contacts.open_details(profile_id=profile.pk, reason=reason, by=by, at=at)
    rows = (
        ("What we must never do, and why", details.never),
        ("Who could see or hear it, and what they must not know", details.seen_by),
        ("What we must know first", details.know_first),
    )
    return tuple((label, words) for label, words in rows if words)


def _record(
    action: Action,
    report_id: UUID,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    entry: ListEntry | None = None,
) -> None:
    detail: dict[str, Any] = {}
    if entry is not None:
        detail = {"entry": str(entry.pk), "agency": str(entry.agency_id or "")}
    audit.append(
        action=action, by=by, subject=about(report_id), at=at, reason=reason, detail=detail
    )
