"""Whether every report that is not here any more was destroyed, and left what says so."""

from __future__ import annotations

from collections.abc import Container, Iterator
from uuid import UUID

from safehold.records.intake.chain import INTAKE, IntakeAction
from safehold.records.intake.models import IntakeEvent, SealedReport, Tombstone


def unexplained(acts: Container[str]) -> Iterator[UUID]:
    """Yield each report that is gone without a trace, or whose trace does not hold.

    A trace is a tombstone, an event of the same act in the chain, and that act among those that
    the records store knows. A tombstone beside a report that is here holds no more than none.
    """
    events = IntakeEvent.objects.using(INTAKE)
    destroyed = {
        report_id: str(detail.get("act", ""))
        for report_id, detail in events.filter(action=IntakeAction.REPORT_DESTROYED)
        .values_list("report_id", "detail")
        .iterator(chunk_size=2_000)
    }
    present = set(SealedReport.objects.using(INTAKE).values_list("id", flat=True))
    buried = dict(Tombstone.objects.using(INTAKE).values_list("report_id", "act"))
    received = events.filter(action=IntakeAction.REPORT_RECEIVED).order_by("sequence")
    arrived = {UUID(key) for key in received.values_list("report_id", flat=True)}
    for report_id in sorted(arrived | buried.keys()):
        if report_id in buried:
            act = str(buried[report_id])
            traced = destroyed.get(str(report_id)) == act and act in acts
            if report_id in present or not traced:
                yield report_id
        elif report_id not in present:
            yield report_id
