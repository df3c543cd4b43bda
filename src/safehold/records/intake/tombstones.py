"""Whether every report that is not here any more was destroyed, and left what says so."""

from __future__ import annotations

from collections.abc import Container, Iterator
from uuid import UUID

from safehold.records import chain_rows
from safehold.records.intake.chain import INTAKE, IntakeAction
from safehold.records.intake.models import IntakeEvent, SealedReport, Tombstone


def unexplained(acts: Container[str]) -> Iterator[UUID]:
    """Yield each report that is gone without a trace, or whose trace does not hold.

    A trace is a tombstone, an event of the same act in the chain, and that act among those that
    the records store knows. A tombstone beside a report that is here holds no more than none.
    """
    destroyed: dict[str, str] = {}
    arrived: set[UUID] = set()
    for link in chain_rows.stored_links(IntakeEvent, using=INTAKE):
        # A row that somebody damaged is named where the chain is checked.
        action, detail = link.fields.get("action"), link.fields.get("detail")
        report_id = _key(link.fields.get("report_id"))
        if action == IntakeAction.REPORT_RECEIVED and report_id is not None:
            arrived.add(report_id)
        if action == IntakeAction.REPORT_DESTROYED and isinstance(detail, dict):
            destroyed[str(report_id)] = str(detail.get("act", ""))
    present = set(SealedReport.objects.using(INTAKE).values_list("id", flat=True))
    buried = dict(Tombstone.objects.using(INTAKE).values_list("report_id", "act"))
    for report_id in sorted(arrived | buried.keys()):
        if report_id in buried:
            act = str(buried[report_id])
            traced = destroyed.get(str(report_id)) == act and act in acts
            if report_id in present or not traced:
                yield report_id
        elif report_id not in present:
            yield report_id


def _key(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
