"""Marking an address for whoever goes to the door, looking at the marker again, and ending it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from safehold.domain import safety
from safehold.domain.safety import Standing, TooFar
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases.models import Case, CaseParty
from safehold.records.cases.operations import about
from safehold.records.people import finding
from safehold.records.people.models import Address, AddressReader
from safehold.records.safety.models import AddressMarker, MarkerReview
from safehold.records.safety.reaching import locked_case
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotAMarker(ValueError):
    """What was typed is no marker yet; the message says what is missing, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class MarkerNotFound(LookupError):
    """The case has no such marker on an address that the member may read."""


class NotHolding(Exception):
    """The marker holds no more; the message says why."""


class MarkedAlready(Exception):
    """The address has a marker of this kind from this case."""


@transaction.atomic
def set_marker(
    *,
    case_id: UUID,
    address_id: UUID,
    kind: str,
    words: str,
    reason: str,
    expires: date,
    by: StaffMember,
    at: datetime,
) -> AddressMarker:
    """Mark an address of somebody whom a case is about, until a day.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, NotAMarker, or MarkedAlready.
    """
    stated, said = meaningful(reason), " ".join(words.split())
    case = locked_case(case_id, by)
    address = addresses_of(case, by=by).filter(pk=address_id).first()
    if address is None:
        raise NotAMarker("Choose an address of this case.", field="address")
    if kind not in safety.keys("markers"):
        raise NotAMarker("Choose what whoever goes to the door has to know.", field="kind")
    if len(said) > safety.LONGEST_VALUE:
        raise NotAMarker(f"Shorten this to {safety.LONGEST_VALUE} characters.", field="words")
    today = timezone.localdate(at)
    _must_expire(kind, expires, today)
    rows = AddressMarker.objects.select_for_update(no_key=True)
    known = rows.filter(address=address, kind=kind, case=case, ended_at=None).first()
    if known is not None:
        if standing(known, on=today) is Standing.HOLDS:
            raise MarkedAlready("This address has this marker: look at it again, or end it first.")
        _end(known, f"Its time was over. Marked anew: {stated}", by=by, at=at)
    made = AddressMarker.objects.create(
        address=address,
        case=case,
        kind=kind,
        words=said,
        reason=stated,
        set_on=today,
        set_at=at,
        set_by=by,
        expires=expires,
    )
    _record(Action.MARKER_SET, made, by=by, at=at)
    return made


@transaction.atomic
def review(
    *, case_id: UUID, marker_id: UUID, until: date, why: str, by: StaffMember, at: datetime
) -> AddressMarker:
    """Keep a marker until a later or an earlier day, before its time is over.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, MarkerNotFound, NotHolding, or NotAMarker.
    """
    stated = meaningful(why)
    marker = _holding(case_id, marker_id, by, at)
    _must_expire(marker.kind, until, timezone.localdate(at))
    before, marker.expires = marker.expires, until
    marker.save(update_fields=["expires"])
    MarkerReview.objects.create(marker=marker, before=before, until=until, why=stated, at=at, by=by)
    _record(Action.MARKER_REVIEWED, marker, by=by, at=at)
    return marker


@transaction.atomic
def end(
    *, case_id: UUID, marker_id: UUID, why: str, by: StaffMember, at: datetime
) -> AddressMarker:
    """End a marker; the row stays and says why. Raises as `review` does, but for one that is over.

    What is over may still be ended, so that somebody says what became of it.
    """
    stated = meaningful(why)
    marker = _standing_in(case_id, marker_id, by)
    _end(marker, stated, by=by, at=at)
    _record(Action.MARKER_ENDED, marker, by=by, at=at)
    return marker


def standing(marker: AddressMarker, *, on: date) -> Standing:
    """Tell whether a marker holds on a day."""
    return safety.marker_stands(expires=marker.expires, ended=marker.ended_at is not None, on=on)


def readable(addresses: QuerySet[Address], by: StaffMember) -> QuerySet[Address]:
    """Leave the addresses that a member may read: those that are protected are for who is named."""
    named = AddressReader.objects.filter(member=by).values("address_id")
    return addresses.filter(Q(protected=False) | Q(pk__in=named))


def addresses_of(case: Case, *, by: StaffMember) -> QuerySet[Address]:
    """Return the addresses of whoever a case is about, that a member may read."""
    parties = CaseParty.objects.filter(finding.known_to(by, "person_id"), case=case)
    theirs = Address.objects.filter(
        homes__person__identity__in=parties.values("person__identity"), homes__ended_at=None
    )
    return readable(theirs, by).distinct()


def _holding(case_id: UUID, marker_id: UUID, by: StaffMember, at: datetime) -> AddressMarker:
    marker = _standing_in(case_id, marker_id, by)
    if standing(marker, on=timezone.localdate(at)) is not Standing.HOLDS:
        raise NotHolding("Its time is over. Mark the address anew, if it still holds.")
    return marker


def _standing_in(case_id: UUID, marker_id: UUID, by: StaffMember) -> AddressMarker:
    case = locked_case(case_id, by)
    rows = AddressMarker.objects.select_for_update(no_key=True, of=("self",))
    may_read = readable(Address.objects.all(), by).values("pk")
    marker = rows.filter(pk=marker_id, case=case, address__in=may_read).first()
    if marker is None:
        raise MarkerNotFound("There is no such marker in this case.")
    if marker.ended_by is not None:
        raise NotHolding(f"{marker.ended_by.name} ended this marker: “{marker.ended_why}”.")
    return marker


def _must_expire(kind: str, expires: date, today: date) -> None:
    try:
        safety.must_expire_in_time(kind, expires, on=today)
    except TooFar as error:
        raise NotAMarker(str(error), field="expires") from None


def _end(marker: AddressMarker, why: str, *, by: StaffMember, at: datetime) -> None:
    marker.ended_at, marker.ended_by, marker.ended_why = at, by, why
    marker.save(update_fields=["ended_at", "ended_by", "ended_why"])


def _record(action: Action, of: AddressMarker, *, by: StaffMember, at: datetime) -> None:
    # The sort of marker and its day, and nothing of where.
    detail = {"marker": str(of.pk), "kind": of.kind, "expires": of.expires.isoformat()}
    audit.append(action=action, by=by, subject=about(of.case_id), at=at, detail=detail)
