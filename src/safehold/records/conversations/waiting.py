"""What holders of codes wrote starts a clock, so that somebody is told when nobody reads it.

The public site can write no clock: the urgent process looks what there is. It opens none of it, so
it cannot know whether a message speaks of danger, and alarms nobody before its time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safehold.domain import answering
from safehold.domain.answering import Waits
from safehold.records.clocks import operations as clocks
from safehold.records.clocks import queries as clock_queries
from safehold.records.conversations.unread import all_unread, unread_of
from safehold.records.triage import watching
from safehold.records.triage.models import State, TriageSlip

AT_A_TIME = 100  # clocks of one tick: the urgent process does one thing at a time
_BATCH = 500


def start_clocks(*, at: datetime, most: int = AT_A_TIME) -> int:
    """Start the clock of each report with a message that nobody has read; return of how many.

    What is left is started by the next tick. A report whose slip does not open has none: it counts
    as danger already, and for whom it is nobody knows yet.
    """
    running = clock_queries.reports_running(Waits.MESSAGE)
    waiting = [report_id for report_id in all_unread() if report_id not in running]
    return sum(_start(report_id, at=at) for report_id in _urgent_first(waiting)[:most])


def _urgent_first(report_ids: list[UUID]) -> list[UUID]:
    found: list[tuple[bool, bool, int, UUID]] = []
    for start in range(0, len(report_ids), _BATCH):
        rows = _with_a_clock().filter(pk__in=report_ids[start : start + _BATCH])
        found += rows.values_list("danger_now", "danger", "arrival", "pk")
    return [each[-1] for each in sorted(found, key=lambda each: (not each[0], not each[1], *each))]


@transaction.atomic
def _start(report_id: UUID, *, at: datetime) -> bool:
    """Start one, unless somebody has read it since it was looked for."""
    row = _with_a_clock().select_for_update(no_key=True).filter(pk=report_id).first()
    unread = unread_of([report_id]).get(report_id)
    if row is None or unread is None:
        return False
    clock = answering.clock_of_message(
        watching.arrived(row), seen_at=at, day_over=_end_of(unread.since)
    )
    return clocks.start_for_message(report_id=report_id, clock=clock)


def _with_a_clock() -> QuerySet[TriageSlip]:
    # Also one set aside, or on which work has ended: whoever writes again may be in danger.
    return TriageSlip.objects.filter(destroyed_at=None).exclude(state=State.SEALED)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
