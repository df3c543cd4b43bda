"""Questions that staff ask of the register of support services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from safehold.domain.access import Permission
from safehold.domain.services import Service, Standing, lapses_on, standing
from safehold.records.services.content import of_row
from safehold.records.services.models import Act, ServiceVersion, SupportService
from safehold.records.services.operations import ServiceNotFound
from safehold.records.services.queries import STORE
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A service as staff see it."""

    key: UUID
    version: int
    service: Service
    verified_on: date
    lapses_on: date
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One act in the history of a service."""

    number: int
    act: str
    reason: str
    at: datetime
    by: str
    changed: tuple[tuple[str, str, str], ...] = ()


def everything(*, by: StaffMember, today: date) -> Sequence[Row]:
    """List every service, those that need somebody first, then by name. Raises Refused."""
    by.must(Permission.EDIT_SERVICES)
    order = (Standing.LAPSED, Standing.DUE, Standing.CURRENT, Standing.WITHDRAWN)
    rows = [_as_row(row, today) for row in SupportService.objects.using(STORE).all()]
    return sorted(rows, key=lambda row: (order.index(row.standing), row.service.name.casefold()))


def one(service_id: UUID, *, by: StaffMember, today: date) -> Row:
    """Return one service. Raises Refused or ServiceNotFound."""
    by.must(Permission.EDIT_SERVICES)
    row = SupportService.objects.using(STORE).filter(pk=service_id).first()
    if row is None:
        raise ServiceNotFound("There is no such service.")
    return _as_row(row, today)


def history(service_id: UUID, *, by: StaffMember) -> Sequence[Version]:
    """List what was done with a service, the newest first. Raises Refused."""
    by.must(Permission.EDIT_SERVICES)
    rows = list(
        ServiceVersion.objects.using(STORE).filter(service_id=service_id).order_by("-number")
    )
    return [
        Version(
            number=row.number,
            act=Act(row.act).label,
            reason=row.reason,
            at=row.made_at,
            by=row.made_by,
            changed=_changed(before.content, row.content) if before else (),
        )
        for row, before in zip_longest(rows, rows[1:])
    ]


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Name each field that differs, with what it was and what it became."""
    return tuple(
        (name, _said(before.get(name)), _said(after[name]))
        for name in after
        if before.get(name) != after[name]
    )


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "see the form" if isinstance(value, dict) else str(value or "nothing")


def count_waiting(*, by: StaffMember, today: date) -> tuple[int, int]:
    """Count what has lapsed and what soon will; none for whoever may not mend it."""
    if not by.may(Permission.EDIT_SERVICES):
        return 0, 0
    states = [row.standing for row in everything(by=by, today=today)]
    return states.count(Standing.LAPSED), states.count(Standing.DUE)


def _as_row(row: SupportService, today: date) -> Row:
    return Row(
        key=row.pk,
        version=row.version,
        service=of_row(row),
        verified_on=row.verified_on,
        lapses_on=lapses_on(row.verified_on),
        standing=standing(
            verified_on=row.verified_on, withdrawn=row.withdrawn_on is not None, today=today
        ),
    )
