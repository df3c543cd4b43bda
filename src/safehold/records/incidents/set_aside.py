"""Incidents of reports that were set aside: each is decided to be a crime or none, like any other.

They say nothing of what happened, and are nobody's incident until the report is accepted after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from safehold.domain.access import Role
from safehold.records.incidents.models import (
    Classification,
    CrimeDecision,
    Incident,
    TimePrecision,
)
from safehold.records.incidents.references import new_reference
from safehold.records.staff.models import StaffMember

_BATCH = 500


def record_one(
    *, report_id: UUID, reason: str, police_party: bool, by: StaffMember, at: datetime
) -> Incident:
    """Record the incident of a report that is set aside, inside that act: once."""
    found = Incident.objects.filter(report_id=report_id).first()
    if found is None:
        found = _made(report_id, reason, police_party=police_party, by=by, at=at)
        found.save(force_insert=True)
    return found


def record_together(
    *,
    report_ids: Sequence[UUID],
    reason: str,
    police_party: bool,
    by: StaffMember,
    at: datetime,
) -> None:
    """Record the incidents of reports that are set aside together, each as no crime.

    Whoever decides about a pile may decide on crime, has read some of it, and says why once.
    """
    known: set[UUID | None] = set()
    for start in range(0, len(report_ids), _BATCH):
        some = Incident.objects.filter(report_id__in=report_ids[start : start + _BATCH])
        known.update(some.values_list("report_id", flat=True))
    made = []
    for report_id in report_ids:
        if report_id in known:
            continue
        incident = _made(report_id, reason, police_party=police_party, by=by, at=at)
        incident.crime_decision = CrimeDecision.NOT_CRIME
        incident.crime_reason = f"Set aside with others like it: {reason}"
        incident.crime_decided_at, incident.crime_decided_by = at, by
        made.append(incident)
    Incident.objects.bulk_create(made, batch_size=_BATCH)


def undecide(report_ids: Sequence[UUID]) -> None:
    """Take back what was decided on crime of reports that are put back together.

    What the registrar settled stays.
    """
    for start in range(0, len(report_ids), _BATCH):
        Incident.objects.filter(
            report_id__in=report_ids[start : start + _BATCH], set_aside=True, crime_settled=False
        ).update(
            crime_decision=CrimeDecision.NOT_YET,
            crime_reason="",
            crime_decided_at=None,
            crime_decided_by=None,
        )


def accepted_after_all(report_id: UUID | None) -> Incident | None:
    """Give the incident of a report that was set aside and is accepted after all, None for others.

    What was decided of it was decided of nothing, so it is decided again; the audit keeps it.
    """
    if report_id is None:
        return None
    found = Incident.objects.filter(report_id=report_id, set_aside=True).first()
    if found is not None:
        found.set_aside, found.crime_settled = False, False
        found.crime_decision, found.crime_reason = CrimeDecision.NOT_YET, ""
        found.crime_decided_at, found.crime_decided_by = None, None
    return found


def gone_into_another(report_id: UUID) -> None:
    """Remove the incident of a report that was set aside and is now in another incident.

    It said nothing of what happened; the audit keeps what was decided.
    """
    Incident.objects.filter(report_id=report_id, set_aside=True).delete()


def _made(
    report_id: UUID, reason: str, *, police_party: bool, by: StaffMember, at: datetime
) -> Incident:
    return Incident(
        reference=new_reference(),
        report_id=report_id,
        time_precision=TimePrecision.NOT_SAID,
        classification=Classification.NOT_CLASSIFIED,
        note=f"Set aside: {reason}",
        set_aside=True,
        police_party=police_party,
        crime_rests_with=Role.PROFESSIONAL_STANDARDS if police_party else Role.SUPERVISOR,
        recorded_at=at,
        recorded_by=by,
    )
