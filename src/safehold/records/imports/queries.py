"""Questions about imports: which there were, and what a records system's keys became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from safehold.domain.access import Permission
from safehold.records.imports.models import Batch, Imported
from safehold.records.staff.models import StaffMember

_AT_ONCE = 2_000  # keys of one question: SQLite takes 32,766 values


class BatchNotFound(LookupError):
    """There is no such import."""


def batches(*, by: StaffMember) -> QuerySet[Batch]:
    """Return every import, the newest first. Raises Refused."""
    by.must(Permission.IMPORT_RECORDS)
    return Batch.objects.select_related("by").order_by("-begun_at", "pk")


def one(batch_id: UUID, *, by: StaffMember) -> Batch:
    """Return one import. Raises Refused, or BatchNotFound."""
    found = batches(by=by).filter(pk=batch_id).first()
    if found is None:
        raise BatchNotFound("There is no such import.")
    return found


def known(system: str, kind: str, keys: Iterable[str]) -> dict[str, Imported]:
    """Return what these keys of a system became, those that were imported."""
    wanted, found = list(keys), dict[str, Imported]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = Imported.objects.filter(system=system, kind=kind, key__in=some)
        found.update({row.key: row for row in rows})
    return found


def targets(system: str, wanted: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], UUID]:
    """Return our row of each (kind, key) that was imported."""
    return {
        (kind, key): row.target
        for kind, keys in wanted.items()
        for key, row in known(system, kind, keys).items()
    }


def brought(targets_: Iterable[UUID], *, system: str) -> bool:
    """Tell whether one of these people came from a records system."""
    found = Imported.objects.filter(target__in=list(targets_), kind="people", system=system)
    return found.exists()
