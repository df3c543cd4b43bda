"""What stays of exports once a report of their case was destroyed: that it left, to whom and when.

What an agency was given is theirs by then; no file of it stays here, and no words where the case
was about this report alone.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from safehold.records.exports import queries
from safehold.records.exports.models import CaseExport

GONE = "Destroyed with the report."
_WORDS = ("purpose", "protected_why", "list_answer", "agreed_why", "review")


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes or clears of words."""
    return {"exports of its case": _of(report_id).count()}


def forget(report_id: UUID) -> None:
    """Destroy the files and clear the words, inside the caller's act and before its incident's."""
    for row in _of(report_id).defer("file").select_related("case"):
        mine = CaseExport.objects.filter(pk=row.pk)
        mine.update(file=None)
        if queries.reports_in(row.case) == [report_id]:
            for name in _WORDS:
                mine.exclude(**{name: ""}).update(**{name: GONE})


def _of(report_id: UUID) -> QuerySet[CaseExport]:
    return CaseExport.objects.filter(pk__in=queries.made_of([report_id]))
