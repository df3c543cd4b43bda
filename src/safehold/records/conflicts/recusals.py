"""Who is kept from which report, whatever their role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol
from uuid import UUID

from safehold.domain.access import Subject
from safehold.records.conflicts.models import Recusal
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
    members = Recusal.objects.filter(report_id=row.report_id).values_list("member_id", flat=True)
    return Subject(police_party=row.police_party, recused=frozenset(map(str, members)))


def kept_from_any(report_ids: Iterable[UUID]) -> frozenset[str]:
    """Return the keys of the members who are kept from any of these reports."""
    rows = Recusal.objects.filter(report_id__in=list(report_ids))
    return frozenset(map(str, rows.values_list("member_id", flat=True)))


def kept_from(member: StaffMember) -> list[UUID]:
    """Return the reports that a member is kept from."""
    read = _READ.get()
    if read is None:
        return _kept_from(member)
    if member.pk not in read:
        read[member.pk] = _kept_from(member)
    return read[member.pk]


@contextmanager
def read_once() -> Iterator[None]:
    """Read once who is kept from what, for the length of a page that asks it of every list."""
    before = _READ.set({})
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
    return list(Recusal.objects.filter(member=member).values_list("report_id", flat=True))
