"""Putting on the desk, as a report, what arrived as something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from safehold.records.triage import watching
from safehold.records.triage.models import TriageSlip


def put_on_desk(
    *,
    report_id: UUID,
    arrival: int,
    reference: str,
    kind: str,
    prompts: Sequence[dict[str, str]],
    party_is_police: str,
    received_at: datetime,
    opened_at: datetime,
    at: datetime,
) -> TriageSlip:
    """Write the slip of a report inside the transaction, and under the audit row, of that act.

    Raises IntegrityError where the report is on the desk already.
    """
    row = TriageSlip(
        report_id=report_id,
        arrival=arrival,
        reference=reference,
        kind=kind,
        prompts=list(prompts),
        danger=bool(prompts),
        party_is_police=party_is_police,
        received_at=received_at,
        opened_at=opened_at,
        tried_at=opened_at,
    )
    row.team = watching.team_of(row)
    row.save(force_insert=True)
    watching.begin(row, at=at, since=at)
    return row
