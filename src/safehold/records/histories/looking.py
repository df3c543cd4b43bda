"""Looking at the history of two people, and of an address: recorded before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from safehold.domain.access import Permission
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as looks
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.histories import queries
from safehold.records.incidents import queries as incidents
from safehold.records.people import finding
from safehold.records.people import operations as people
from safehold.records.people import queries as persons
from safehold.records.people.models import Address, AddressReader, Home
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

KIND = "address"


class AddressNotFound(LookupError):
    """There is no such address, or none that the member may know of."""


class NotYours(PermissionError):
    """Somebody may not name who opens an address; the message says who may."""


class CannotRead(ValueError):
    """Who was named cannot be a reader; the message says why."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people by name, and what both have a part in."""

    names: tuple[str, str]
    history: queries.History


@dataclass(frozen=True, slots=True)
class Lived:
    """Somebody who lives, lived or works at an address."""

    identity: UUID
    name: str
    home: Home


@dataclass(frozen=True, slots=True)
class AtAddress:
    """An address, who lives there, and what happened there."""

    address: Address
    people: Sequence[Lived]
    history: queries.History


def look_at_pair(*, one: UUID, other: UUID, reason: str, by: StaffMember, at: datetime) -> Pair:
    """Record the look at both with its reason, then return what both have a part in.

    Raises Refused, ReasonNeeded, or PersonNotFound.
    """
    by.must(Permission.OPEN_PERSON)
    for identity in (one, other):
        persons.get(identity, by=by)  # a look that is refused is not a look
    for identity in (one, other):
        audit.record_look(by=by, reason=reason, subject=people.about(identity), at=at)
    names = finding.names_of([one, other])
    called = (names.get(one, [""])[0], names.get(other, [""])[0])
    return Pair(called, queries.of_pair(one, other, by=by))


def look_at_address(*, address_id: UUID, reason: str, by: StaffMember, at: datetime) -> AtAddress:
    """Record the look with its reason, then return an address with what happened there.

    Raises Refused, ReasonNeeded, or AddressNotFound, also where it is protected and the member is
    not named.
    """
    by.must(Permission.OPEN_PERSON)
    address = get(address_id, by=by)
    if not may_read(address, by):
        raise AddressNotFound("There is no such address.")
    audit.record_look(by=by, reason=reason, subject=about(address_id), at=at)
    homes = Home.objects.filter(
        finding.known_to(by, "person_id"), address_id=address_id, ended_at=None
    )
    rows = list(homes.select_related("person").order_by("-recorded_at", "pk"))
    names = finding.names_of(row.person.identity for row in rows)
    lived = [
        Lived(row.person.identity, names.get(row.person.identity, [""])[0], row) for row in rows
    ]
    return AtAddress(address, lived, queries.of_address(address_id, by=by))


def about(address_id: UUID) -> About:
    """Name an address as the audit does: by a key that says nothing."""
    return About(KIND, str(address_id))


def opened_for(
    *, address_id: UUID, by: StaffMember, since: datetime
) -> tuple[datetime, str] | None:
    """Return when a member last opened an address and why, None where not since a moment."""
    return looks.last_look(subject=about(address_id), by=by, since=since)


def get(address_id: UUID, *, by: StaffMember) -> Address:
    """Return an address that somebody or something has which the member may know of.

    Raises AddressNotFound.
    """
    homes = Home.objects.filter(finding.known_to(by, "person_id"), address=OuterRef("pk"))
    there = incidents.seen_by(by).filter(address=OuterRef("pk"))
    rows = Address.objects.filter(Exists(homes) | Exists(there), pk=address_id)
    found = rows.select_related("recorded_by").first()
    if found is None:
        with row_security.as_system():  # that there is one, and not where
            recorded_by = rows.values_list("recorded_by_id", flat=True).first()
        if recorded_by is None:
            raise AddressNotFound("There is no such address.")
        found = Address(pk=address_id, protected=True, recorded_by_id=recorded_by)
    return found


def may_read(address: Address, member: StaffMember) -> bool:
    """Tell whether a member is shown an address, or that there is one alone."""
    return not address.protected or _reads(address, member)


def may_name(address: Address, member: StaffMember) -> bool:
    """Tell whether a member may say who opens a protected address.

    Whoever recorded it, or that it is protected, may, and whoever looks after the unit.
    """
    if not address.protected:
        return False
    own = AddressReader.objects.filter(address=address, member=member, named_by=member)
    return (
        address.recorded_by_id == member.pk or own.exists() or member.may(Permission.NAME_READERS)
    )


def readers_of(address: Address) -> list[AddressReader]:
    """Return who may open a protected address, as they were named."""
    rows = AddressReader.objects.filter(address=address).select_related("member", "named_by")
    return list(rows.order_by("named_at", "pk"))


def who_may_be_named(address: Address) -> list[StaffMember]:
    """Return the members who may open people and are not named for an address yet."""
    named = AddressReader.objects.filter(address=address).values("member_id")
    members = StaffMember.objects.filter(is_active=True).exclude(pk__in=named)
    opening = [each for each in members if each.may(Permission.OPEN_PERSON)]
    return sorted(opening, key=lambda each: (each.name.casefold(), each.pk))


@transaction.atomic
def name_reader(
    *, address_id: UUID, member_id: int, why: str, by: StaffMember, at: datetime
) -> AddressReader:
    """Name a member who may open a protected address. Nobody names themselves.

    Raises ReasonTooThin, Refused, AddressNotFound, NotYours, or CannotRead.
    """
    stated = meaningful(why)
    by.must(Permission.RECORD_PEOPLE)
    address = get(address_id, by=by)
    if not may_name(address, by):
        raise NotYours("Whoever recorded this address names who opens it, or a supervisor.")
    if member_id == by.pk:
        raise CannotRead("Nobody names themselves: ask whoever recorded it, or a supervisor.")
    chosen = next((each for each in who_may_be_named(address) if each.pk == member_id), None)
    if chosen is None:
        raise CannotRead("Choose a member who is not named yet.")
    try:
        with transaction.atomic():
            kept = AddressReader.objects.create(
                address=address, member=chosen, named_by=by, named_at=at, why=stated
            )
    except IntegrityError:
        raise CannotRead("Somebody else has just named them.") from None
    audit.append(
        action=Action.READER_NAMED,
        by=by,
        subject=about(address_id),
        at=at,
        reason=stated,
        detail={"member": str(member_id)},
    )
    return kept


@transaction.atomic
def end_reader(
    *, address_id: UUID, member_id: int, why: str, by: StaffMember, at: datetime
) -> None:
    """Take a member off those who may open a protected address; the row stays, ended.

    Raises ReasonTooThin, Refused, AddressNotFound, NotYours, or CannotRead for one not named.
    """
    stated = meaningful(why)
    by.must(Permission.RECORD_PEOPLE)
    address = get(address_id, by=by)
    if not may_name(address, by):
        raise NotYours("Whoever recorded this address takes readers off, or a supervisor.")
    rows = AddressReader.objects.filter(address_id=address_id, member_id=member_id)
    if not rows.update(ended_at=at, ended_by=by, ended_why=stated):
        raise CannotRead("Choose a member who is named.")
    audit.append(
        action=Action.READER_ENDED,
        by=by,
        subject=about(address_id),
        at=at,
        reason=stated,
        detail={"member": str(member_id)},
    )


def about_colleagues() -> list[str]:
    """Return the keys of addresses of none but people sealed to a role, as the audit has them."""
    sealed = Home.objects.exclude(person__sealed_to="").values("address_id")
    others = Home.objects.filter(person__sealed_to="").values("address_id")
    found = Address.objects.filter(pk__in=sealed).exclude(pk__in=others)
    return [str(key) for key in found.values_list("pk", flat=True)]


def _reads(address: Address, member: StaffMember) -> bool:
    return AddressReader.objects.filter(address=address, member=member).exists()
