"""What stays of an incident once its report was destroyed: what is counted, no words, nobody."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.records.incidents.models import Incident, IncidentReport, Role
from safehold.records.incidents.models_of_outcomes import IncidentOutcome

GONE = "Destroyed with the report."


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes or clears of words."""
    rows = _its_own(report_id)
    return {
        "notes of incidents": rows.exclude(note="").count(),
        "reasons of crime decisions": rows.exclude(crime_reason="").count(),
        "reasons of outcomes": IncidentOutcome.objects.filter(incident__in=rows).count(),
        "ties to incidents": IncidentReport.objects.filter(pk=report_id).count(),
        "ties of people to incidents": _tied(rows).count(),
    }


def forget(report_id: UUID) -> None:
    """Clear the words of an incident, inside the caller's act; what it was and when stays.

    Its parts stay as they are counted, and are nobody's: that somebody had one was told in this
    report. One that another report is in as well keeps all of it: it is that one's too.
    """
    rows = _its_own(report_id)
    keys = list(rows.values_list("pk", flat=True))
    IncidentReport.objects.filter(pk=report_id).delete()
    cleared = Incident.objects.filter(pk__in=keys)
    cleared.update(note="")
    cleared.exclude(crime_reason="").update(crime_reason=GONE)
    _tied(cleared).update(
        person=None, link_key=None, tied_at=None, tied_by=None, category="", relationship=""
    )
    _without_words(keys)


def _tied(rows: QuerySet[Incident]) -> QuerySet[Role]:
    return Role.objects.filter(incident__in=rows).exclude(person=None)


def _without_words(incident_ids: list[UUID]) -> None:
    # Rows of this table are written once: the same outcome again, without why it was given.
    rows = IncidentOutcome.objects.filter(incident_id__in=incident_ids)
    kept = list(rows)
    rows.delete()
    for row in kept:
        row.why, row._state.adding = GONE, True
        row.save()


def _its_own(report_id: UUID) -> QuerySet[Incident]:
    shared = IncidentReport.objects.exclude(pk=report_id).values("incident_id")
    into = IncidentReport.objects.filter(pk=report_id).values("incident_id")
    mine = Incident.objects.filter(Q(report_id=report_id) | Q(pk__in=into))
    return mine.exclude(pk__in=shared)
