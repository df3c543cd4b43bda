"""What stays of an incident once its report was destroyed: what is counted, and no words."""

from __future__ import annotations

from uuid import UUID

from safehold.records.incidents.models import Incident

GONE = "Destroyed with the report."


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` clears of words."""
    rows = Incident.objects.filter(report_id=report_id)
    return {
        "notes of incidents": rows.exclude(note="").count(),
        "reasons of crime decisions": rows.exclude(crime_reason="").count(),
    }


def forget(report_id: UUID) -> None:
    """Clear the words of an incident, inside the caller's act; what it was and when stays."""
    rows = Incident.objects.filter(report_id=report_id)
    rows.update(note="")
    rows.exclude(crime_reason="").update(crime_reason=GONE)
