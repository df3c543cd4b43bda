"""Questions about clocks. Who may see of which report it is, the caller knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, QuerySet, Subquery

from safehold.domain.answering import Waits
from safehold.records.clocks.models import Clock

__all__ = ["Clock", "Waits"]
_ORDER = [each.value for each in Waits]


def of_report(report_id: UUID) -> list[Clock]:
    """Return the clocks of a report, in the order of the rules."""
    found = Clock.objects.select_related("stopped_by").filter(report_id=report_id)
    return sorted(found, key=lambda clock: _ORDER.index(clock.waits))


def running(report_ids: Iterable[UUID]) -> dict[UUID, list[Clock]]:
    """Return the running clocks of reports, the soonest due first."""
    found: dict[UUID, list[Clock]] = {}
    rows = Clock.objects.filter(report_id__in=list(report_ids), stopped_at=None)
    for clock in rows.order_by("due_at", "pk"):
        found.setdefault(clock.report_id, []).append(clock)
    return found


def reports_running(waits: Waits) -> set[UUID]:
    """Return the reports of which one sort of clock runs."""
    rows = Clock.objects.filter(waits=waits, stopped_at=None)
    return set(rows.values_list("report_id", flat=True))


def late(*, at: datetime, waits: Iterable[Waits] = tuple(Waits)) -> QuerySet[Clock]:
    """Return the clocks that are over and that nothing has stopped, the longest over first."""
    over = Clock.objects.filter(stopped_at=None, due_at__lte=at, waits__in=list(waits))
    return over.order_by("due_at", "pk")


def late_reports(*, at: datetime) -> QuerySet[Any, Any]:
    """Return the keys of the reports of which a clock is over, for a question about reports."""
    running = Clock.objects.filter(stopped_at=None).order_by().values("report_id")
    return running.annotate(first=Min("due_at")).filter(first__lte=at).values("report_id")


def first_due() -> Subquery:
    """Return when the first running clock of each report of a question is due."""
    running = Clock.objects.filter(report_id=OuterRef("pk"), stopped_at=None)
    return Subquery(running.order_by("due_at").values("due_at")[:1])


def runs(clock: Clock) -> bool:
    """Tell whether nothing has stopped a clock since it was given out."""
    return Clock.objects.filter(pk=clock.pk, stopped_at=None, starts_at=clock.starts_at).exists()


def to_alarm(*, at: datetime, limit: int = 500) -> list[Clock]:
    """Return the clocks of which whoever holds the watch has to be told now.

    Not those of incidents that officers recorded: nobody waits in the night for that decision, and
    supervisors and the crime registrar see it.
    """
    due = Clock.objects.filter(stopped_at=None, alarmed=False, of_incident=False, alarms_at__lte=at)
    return list(due.order_by("alarms_at", "pk")[:limit])


def of_incidents(incident_ids: Iterable[UUID]) -> dict[UUID, Clock]:
    """Return the clocks of incidents that came by no report, by incident."""
    rows = Clock.objects.filter(of_incident=True, report_id__in=list(incident_ids))
    return {row.report_id: row for row in rows.select_related("stopped_by")}


def stopped_by(report_id: UUID, *, how: str) -> set[Waits]:
    """Return which clocks of a report one sort of act stopped."""
    rows = Clock.objects.filter(report_id=report_id, stopped_how=how)
    return {Waits(waits) for waits in rows.values_list("waits", flat=True)}


def due_of(report_id: UUID, waits: Waits) -> datetime | None:
    """Return by when one clock of a report is due, or was; None where it has none."""
    rows = Clock.objects.filter(report_id=report_id, waits=waits)
    return rows.values_list("due_at", flat=True).first()
