"""What goes of comparisons once one of the two reports was destroyed: all of them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.records.beside.models import Comparison


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes."""
    return {"comparisons with other reports": _of(report_id).count()}


def forget(report_id: UUID) -> None:
    """Remove what was decided about a report beside others, inside the caller's act."""
    _of(report_id).delete()


def _of(report_id: UUID) -> QuerySet[Comparison]:
    return Comparison.objects.filter(Q(one=report_id) | Q(other=report_id))
