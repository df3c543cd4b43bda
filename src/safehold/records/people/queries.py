"""Questions about one person: what is recorded of them, and what no longer holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as looks
from safehold.records.conflicts import kept_people
from safehold.records.people import doors, finding
from safehold.records.people.models import (
    Address,
    AddressReader,
    BirthDate,
    Contact,
    Home,
    Need,
    Person,
    PersonFlag,
    PersonName,
    Trait,
)
from safehold.records.people.models_of_persons import Fact
from safehold.records.people.operations import PersonNotFound, about
from safehold.records.staff.models import StaffMember

_Fact = TypeVar("_Fact", bound=Fact)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A person with all that holds of them, each sort the newest first; names: the usual first."""

    identity: UUID
    person: Person
    rows: Sequence[Person]
    names: Sequence[PersonName]
    births: Sequence[BirthDate]
    contacts: Sequence[Contact]
    homes: Sequence[Home]
    needs: Sequence[Need]
    traits: Sequence[Trait]
    flags: Sequence[PersonFlag]
    opened: frozenset[UUID]

    @property
    def name(self) -> str:
        """Return the name that they go by."""
        return self.names[0].written if self.names else self.person.reference

    def may_read(self, address: Address) -> bool:
        """Tell whether whoever asked is shown an address, or that there is one alone."""
        return not address.protected or address.pk in self.opened


def look_at_person(*, identity: UUID, reason: str, by: StaffMember, at: datetime) -> Recorded:
    """Record the look with its reason, then return the person.

    Raises Refused, ReasonNeeded, or PersonNotFound.
    """
    by.must(Permission.OPEN_PERSON)
    get(identity, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(identity), at=at)
    return _recorded(identity, by)


def get(identity: UUID, *, by: StaffMember) -> Person:
    """Return the row of an identity. Raises PersonNotFound where the member may not know of it."""
    found = finding.visible_to(by).filter(pk=identity, identity=identity).first()
    if found is None:
        raise PersonNotFound("There is no such person.")
    return found


def may_know_of(person: Person, *, by: StaffMember) -> bool:
    """Tell whether a member may know of somebody."""
    return finding.visible_to(by).filter(pk=person.pk).exists()


def names_of_any(identities: Collection[UUID], *, by: StaffMember) -> dict[UUID, str]:
    """Return what people are called, by identity, for whoever keeps others from them.

    Whom the reader is kept from has no name here. Raises Refused.
    """
    by.must(Permission.KEEP_CONFLICTS)
    seen = finding.visible_to(by).filter(identity__in=list(identities))
    names = finding.names_of(seen.values_list("identity", flat=True))
    return {identity: said[0] for identity, said in names.items()}


def by_reference(*, reference: str, by: StaffMember) -> UUID | None:
    """Return who has a reference, None where nobody has whom the reader may know of.

    Whoever checks the audit and opens no person finds each: it says nothing of them.
    """
    rows = finding.visible_to(by) if by.may(Permission.OPEN_PERSON) else Person.objects.all()
    return rows.filter(reference=reference).values_list("identity", flat=True).first()


def identity_of(person_id: UUID, *, by: StaffMember) -> UUID:
    """Return the identity that a row has now: another's, where they were put together."""
    found = finding.visible_to(by).filter(pk=person_id).values_list("identity", flat=True).first()
    if found is None:
        raise PersonNotFound("There is no such person.")
    return found


def _recorded(identity: UUID, member: StaffMember) -> Recorded:
    rows = list(finding.visible_to(member).filter(identity=identity).order_by("recorded_at", "pk"))
    names = list(_of(rows, PersonName).order_by("recorded_at", "pk"))
    newest = ("-recorded_at", "pk")
    homes = list(_of(rows, Home).order_by(*newest))
    doors.give_addresses(homes)
    readers = AddressReader.objects.filter(
        member=member, address__in=[home.address_id for home in homes]
    )
    return Recorded(
        identity=identity,
        person=next(row for row in rows if row.pk == identity),
        rows=rows,
        names=sorted(names, key=lambda name: name.kind != "usual"),
        births=list(_of(rows, BirthDate).order_by(*newest)),
        contacts=list(_of(rows, Contact).order_by(*newest)),
        homes=homes,
        needs=list(_of(rows, Need).order_by(*newest)),
        traits=list(_of(rows, Trait).order_by(*newest)),
        flags=list(_of(rows, PersonFlag).order_by("kind", "pk")),
        opened=frozenset(readers.values_list("address_id", flat=True)),
    )


def _of(rows: Sequence[Person], sort: type[_Fact]) -> QuerySet[_Fact]:
    """Return what holds of one sort, each with whoever recorded it."""
    found = sort._default_manager.filter(person__in=rows, ended_at=None)
    return found.select_related("recorded_by")


def references_of(identities: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of people by key, as text, of those that the member may know of."""
    found = finding.visible_to(by).filter(pk__in=list(identities))
    return {str(key): reference for key, reference in found.values_list("pk", "reference")}


def about_colleagues() -> list[str]:
    """Return the keys of people who are sealed to a role, as the audit writes them."""
    sealed = Person.objects.exclude(sealed_to="").values_list("pk", flat=True)
    return [str(key) for key in sealed]


def kept_from(member: StaffMember) -> list[str]:
    """Return the keys of people whom a member may not know of, as the audit writes them."""
    rows = Person.objects.filter(identity__in=kept_people.identities_kept_from(member))
    return [str(key) for key in rows.values_list("pk", flat=True)]


def opened_for(*, identity: UUID, by: StaffMember, since: datetime) -> tuple[datetime, str] | None:
    """Return when a member last opened a person and why, None where not since a moment.

    Whoever goes on with what they opened says why once. Of a person that was put together of
    several, a look at any of these counts; one that was parted again is opened anew.
    """
    rows = [about(key) for key in rows_of(identity)]
    return looks.last_look_at_any(rows, by=by, since=since)


def rows_of(identity: UUID) -> list[UUID]:
    """Return the keys of the rows that are one person."""
    return list(Person.objects.filter(identity=identity).values_list("pk", flat=True))


def rows_of_the_person_of(person_id: str) -> list[str]:
    """Return the keys of all rows of the person whose row this is, as the audit writes them."""
    of = Person.objects.filter(pk=person_id).values("identity")
    found = Person.objects.filter(identity__in=of).values_list("pk", flat=True)
    return [str(key) for key in found] or [person_id]
