"""What retention has of a report that was passed on goes with it, and off the others' list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.retention.dropping import close_if_done, drop, record_drop
from safehold.records.retention.models import Destruction, DueReport, Run, State
from safehold.records.staff.models import StaffMember

_OPEN = (State.PROPOSED, State.CONFIRMED)
WHY = "It is for others to decide about it."  # the unit reads it too: it says no more


def lock_list_of(report_id: UUID) -> None:
    """Lock the list that a report stands on, before the report (`records.locks`)."""
    rows = Destruction.objects.filter(report_id=report_id, state__in=_OPEN)
    runs = Run.objects.select_for_update(no_key=True).filter(
        pk__in=list(rows.values_list("run_id", flat=True))
    )
    list(runs.order_by("pk").values_list("pk", flat=True))


def pass_on(report_id: UUID, *, for_standards: bool, at: datetime) -> list[Destruction]:
    """Take a report off its list, and let its rows be theirs who have it, inside that act.

    Returns what was taken off, for `record`, which comes last. Another rule counts its time now:
    the next look says whether it is due. One that is being destroyed goes on, and its certificate
    is theirs.
    """
    off = list(Destruction.objects.filter(report_id=report_id, state__in=_OPEN))
    for row in off:
        drop(row, WHY)
    Destruction.objects.filter(report_id=report_id).update(police_party=for_standards)
    for row in off:
        close_if_done(row.run, at=at)
    DueReport.objects.filter(pk=report_id).delete()
    return off


def record(off: list[Destruction], *, by: StaffMember, at: datetime) -> None:
    """Record what was taken off."""
    for row in off:
        record_drop(row, by=by, at=at)
