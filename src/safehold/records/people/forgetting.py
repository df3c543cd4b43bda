"""What stays of people once a report was destroyed: they do, and no word that leads to it.

What an officer recorded of a person is the person's record, and goes when theirs does. Where it
says in words that it came from this report, the words go.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from safehold.records.people.facts import KINDS
from safehold.records.people.models_of_persons import Fact
from safehold.records.triage.models import TriageSlip

GONE = "A report that was destroyed."
_WORDS = ("source_words", "ended_why")


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` clears of words."""
    return {"words of people that name it": sum(rows.count() for rows, _ in _naming(report_id))}


def forget(report_id: UUID) -> None:
    """Clear what names the report in the words of facts, inside the caller's act."""
    for rows, column in _naming(report_id):
        rows.update(**{column: GONE})


def _naming(report_id: UUID) -> list[tuple[QuerySet[Fact], str]]:
    slip = TriageSlip.objects.filter(pk=report_id).first()
    if slip is None or not slip.reference:
        return []
    return [
        (kind._default_manager.filter(**{f"{column}__icontains": slip.reference}), column)
        for kind in KINDS.values()
        for column in _WORDS
    ]
