"""Starting and stopping the clocks of a report, inside the act that does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from safehold.domain import answering
from safehold.domain.answering import Answering, Arrived, Waits
from safehold.records.clocks.models import Clock
from safehold.records.staff.models import StaffMember

_BATCH = 500


def start(*, report_id: UUID, arrived: Arrived, starts_at: datetime) -> None:
    """Start the clocks of a report, inside the caller's transaction; those that run go on."""
    Clock.objects.bulk_create(
        [_clock(report_id, each) for each in answering.clocks_of(arrived, starts_at=starts_at)],
        ignore_conflicts=True,
    )


def start_of_incident(*, incident_id: UUID, starts_at: datetime) -> None:
    """Start the clock of an incident that came by no report, inside the caller's transaction."""
    clock = _clock(incident_id, answering.clock_of_recorded(starts_at=starts_at))
    clock.of_incident = True
    clock.save()


def start_for_message(*, report_id: UUID, clock: Answering) -> bool:
    """Start the clock of an unread message inside the caller's transaction; one that runs goes on.

    The caller holds the slip of the report. One that an earlier message had is replaced: the audit
    keeps what stopped it. Tells whether it was started.
    """
    earlier = Clock.objects.filter(report_id=report_id, waits=clock.waits)
    if earlier.filter(stopped_at=None).exists():
        return False
    earlier.delete()
    _clock(report_id, clock).save()
    return True


def stop(
    *, report_id: UUID, waits: tuple[Waits, ...], how: str, by: StaffMember, at: datetime
) -> None:
    """Stop clocks of a report by an act, inside its transaction; what has stopped stays as it is.

    `how` is the act as the audit calls it.
    """
    running = Clock.objects.filter(report_id=report_id, waits__in=waits, stopped_at=None)
    running.update(stopped_at=at, stopped_by=by, stopped_how=how)


def stop_together(
    *,
    report_ids: Sequence[UUID],
    waits: tuple[Waits, ...],
    how: str,
    by: StaffMember,
    at: datetime,
) -> None:
    """Stop clocks of many reports by one act, inside its transaction."""
    for start in range(0, len(report_ids), _BATCH):
        some = report_ids[start : start + _BATCH]
        running = Clock.objects.filter(report_id__in=some, waits__in=waits, stopped_at=None)
        running.update(stopped_at=at, stopped_by=by, stopped_how=how)


def go_on_together(*, report_ids: Sequence[UUID], stopped_how: str) -> None:
    """Let clocks of many reports that one sort of act stopped go on, inside another act."""
    for start in range(0, len(report_ids), _BATCH):
        some = report_ids[start : start + _BATCH]
        stopped = Clock.objects.filter(report_id__in=some, stopped_how=stopped_how)
        stopped.update(stopped_at=None, stopped_by=None, stopped_how="", alarmed=False)


def start_again(
    *, report_id: UUID, arrived: Arrived, waits: tuple[Waits, ...], at: datetime
) -> None:
    """Let clocks of a report run again from now, inside the caller's transaction."""
    for each in answering.clocks_of(arrived, starts_at=at):
        if each.waits in waits:
            Clock.objects.filter(report_id=report_id, waits=each.waits).delete()
            _clock(report_id, each).save()


def forget(*, report_id: UUID) -> None:
    """Forget the clocks of a report that were of what was not known of it, inside that act."""
    Clock.objects.filter(report_id=report_id).delete()


def alarmed(clocks: list[Clock]) -> None:
    """Note of clocks that whoever holds the watch is told of them."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(alarmed=True)


def _clock(report_id: UUID, each: Answering) -> Clock:
    return Clock(
        report_id=report_id,
        waits=each.waits,
        rules_version=answering.version(),
        starts_at=each.starts_at,
        due_at=each.due_at,
        alarms_at=answering.alarms_at(starts_at=each.starts_at, due_at=each.due_at),
    )
