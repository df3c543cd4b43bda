"""Who is kept from which report, whatever their role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol
from uuid import UUID

from safehold.domain.access import Subject
from safehold.records import row_security
from safehold.records.conflicts import kept_people
from safehold.records.conflicts.models import Recusal
from safehold.records.incidents.models import IncidentReport
from safehold.records.people.models_of_persons import Person
from safehold.records.staff.models import StaffMember

_READ: ContextVar[dict[int, list[UUID]] | None] = ContextVar("kept_from", default=None)


class Kept(Protocol):
    """A report, or what was made of it."""

    @property
    def report_id(self) -> UUID | None:
        """Return the report's id, None for what was not made of one."""

    @property
    def police_party(self) -> bool:
        """Tell whether it is for professional standards alone."""


def subject_of(row: Kept) -> Subject:
    """Return a report, or what was made of it, as the access table sees it."""
    if row.report_id is None:
        return Subject(police_party=row.police_party)
    return Subject(police_party=row.police_party, recused=kept_from_any([row.report_id]))


def kept_from_any(report_ids: Iterable[UUID]) -> frozenset[str]:
    """Return the keys of the members who are kept from any of these reports."""
    reports = list(report_ids)
    by_name = Recusal.objects.filter(report_id__in=reports).values_list("member_id")
    # Or kept from somebody who was tied to a part in the incident that it went into.
    tied = Person.objects.filter(roles__incident__reports__in=reports).values("identity")
    by_person = kept_people.rows_in_force().filter(person__identity__in=tied)
    members = by_name.union(by_person.values_list("member_id"))
    with row_security.as_system():  # one of them may be hidden from whoever asks
        return frozenset(str(key) for (key,) in members)


def kept_from(member: StaffMember) -> list[UUID]:
    """Return the reports that a member is kept from: by a name in them, or a person tied to one."""
    read = _READ.get()
    if read is None:
        return _kept_from(member)
    if member.pk not in read:
        read[member.pk] = _kept_from(member)
    return read[member.pk]


@contextmanager
def read_once() -> Iterator[None]:
    """Read once who is kept from what, for the length of a page that asks it of every list.

    Inside another `read_once` what was read there stands.
    """
    known = _READ.get()
    before = _READ.set({} if known is None else known)
    try:
        yield
    finally:
        _READ.reset(before)


def recuse(*, report_id: UUID, member: StaffMember, at: datetime) -> None:
    """Keep a member from a report, inside the caller's transaction and audit row."""
    Recusal.objects.get_or_create(report_id=report_id, member=member, defaults={"at": at})
    if (read := _READ.get()) is not None:
        read.clear()


def _kept_from(member: StaffMember) -> list[UUID]:
    by_name = Recusal.objects.filter(member=member).values_list("report_id")
    people = kept_people.identities_kept_from(member)
    tied = IncidentReport.objects.filter(incident__roles__person__identity__in=people)
    with row_security.as_system():  # where the store hides them, they could not be left out
        return [key for (key,) in by_name.union(tied.values_list("report_id"))]
