"""Importing what came of incidents: each outcome stands after the one before it, none is changed.

An outcome is written once. What the source says otherwise becomes another, which stands in the
place of the one that an import wrote, and never of one that somebody gave here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from safehold.domain import outcomes
from safehold.domain.extract_rows import Row
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import SOURCE, Kept, Work
from safehold.records.incidents.models import Incident
from safehold.records.incidents.models_of_outcomes import IncidentOutcome
from safehold.records.incidents.outcomes import may_have_one

GIVEN_THERE = "Given in the records system, before the import"
NOT_A_CRIME = "is of an incident that is not decided to be a crime here, or was set aside"
OLDER = "is older than the outcome that stands; nothing is put before it"
GIVEN_HERE = "somebody gave an outcome here; it stays"
OTHER_INCIDENT = "is of another incident than before"


@dataclass
class Outcomes:
    """Rows that are outcomes of incidents."""

    _incidents: dict[UUID, Incident] = field(default_factory=dict)
    _standing: dict[UUID, IncidentOutcome] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Lock the incidents that are named, and read the outcome that each has."""
        named = sorted(set(work.targets.values()))
        locked = Incident.objects.select_for_update(no_key=True).filter(pk__in=named)
        self._incidents = {each.pk: each for each in locked.order_by("pk")}
        given = IncidentOutcome.objects.filter(incident_id__in=named).order_by("number")
        self._standing = {each.incident_id: each for each in given}

    def new(self, row: Row, work: Work) -> Kept | None:
        """Write an outcome after the one that stands."""
        return self._kept(row, None, work)

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Write what the source says now after what it said before."""
        if self._incident(row, work).pk != UUID(imported.made["incident"]):
            work.tell(row, Weight.REFUSED, "incident", OTHER_INCIDENT)
            return None
        return self._kept(row, imported, work)

    def _kept(self, row: Row, imported: Imported | None, work: Work) -> Kept | None:
        incident = self._incident(row, work)
        standing = self._standing.get(incident.pk)
        kind = outcomes.TYPES[row.one("outcome")]
        given_on, before = row.one("given_on"), imported.target if imported else incident.pk
        made = {"incident": str(incident.pk)}
        if not may_have_one(incident):
            work.tell(row, Weight.REFUSED, "incident", NOT_A_CRIME)
            return None
        if standing is None and not kind.counts:
            return Kept(before, made, changed=imported is None)
        if standing and (standing.outcome, standing.given_on) == (kind.code, given_on):
            return Kept(standing.pk, made, changed=imported is None)
        if standing and standing.batch is None:
            work.tell(row, Weight.CONFLICT, "outcome", GIVEN_HERE)
            return Kept(before, made, waits=True, changed=imported is None)
        if standing and standing.pk != before and given_on < standing.given_on:
            work.tell(row, Weight.CONFLICT, "given_on", OLDER)
            return Kept(before, made, changed=imported is None)
        outcome = IncidentOutcome(
            incident=incident,
            number=standing.number + 1 if standing else 1,
            **_values(row, kind),
            batch=work.batch.pk,
            **work.written,
        )
        work.insert(outcome)
        self._standing[incident.pk] = outcome
        return Kept(outcome.pk, made)

    def _incident(self, row: Row, work: Work) -> Incident:
        (_, key), *_ = work.refer(row, "incident")[0]
        return self._incidents[key]


def _values(row: Row, kind: outcomes.OutcomeType) -> dict[str, Any]:
    lists = {
        name: list(dict.fromkeys(value for _, value in row.each(name))) if kind.asks_why else []
        for name in ("no_support_why", "would_have_helped")
    }
    return {
        "outcome": kind.code,
        "given_on": row.one("given_on"),
        "source": SOURCE,
        "why": row.one("why") or GIVEN_THERE,
        "rules_version": outcomes.RULES.version,
        **lists,
    }
