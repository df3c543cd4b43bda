"""Telling somebody else in time: supervisors by their lists, whoever holds the watch by an alarm.

What goes out is the watch's own text, which says nothing of anybody. A restricted case is there for
whoever works on it alone, so the watch is not told of it: it would learn that there is one.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from safehold.domain.access import Role
from safehold.domain.deadline_rules import WATCH
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import System
from safehold.records.deadlines import operations
from safehold.records.deadlines.models import Deadline, What
from safehold.records.duty import operations as duty
from safehold.records.duty.operations import Because

LAPSED = (
    "What would have started it ended before that happened. It stays in sight until it is stopped."
)
_SCHEDULER = System("scheduler")
_AT_A_TIME = 200


def escalate(*, at: datetime) -> int:
    """Tell of what is soon over, long without a start, or over before it could start."""
    open_ = Deadline.objects.filter(stopped_at=None, superseded_by=None)
    late = open_.filter(escalated_at=None, escalates_at__lte=at).order_by("escalates_at", "pk")
    over = open_.filter(starts_at=None, lapsed_at=None, lapses_at__lte=at).order_by("lapses_at")
    told = 0
    for key in list(over.values_list("pk", flat=True)[:_AT_A_TIME]):
        told += _lapse(key, at=at)
    for key in list(late.values_list("pk", flat=True)[:_AT_A_TIME]):
        told += _tell(key, at=at)
    return told


@transaction.atomic
def _lapse(deadline_id: UUID, *, at: datetime) -> int:
    row = _still(deadline_id, Q(starts_at=None, lapsed_at=None, lapses_at__lte=at))
    if row is None:
        return 0
    row.lapsed_at = row.escalated_at = at
    row.save(update_fields=["lapsed_at", "escalated_at"])
    return _told(row, What.LAPSED, LAPSED, at=at)


@transaction.atomic
def _tell(deadline_id: UUID, *, at: datetime) -> int:
    row = _still(deadline_id, Q(escalated_at=None, escalates_at__lte=at))
    if row is None:
        return 0
    row.escalated_at = at
    row.save(update_fields=["escalated_at"])
    return _told(row, What.ESCALATED, "", at=at)


def _told(row: Deadline, what: What, words: str, *, at: datetime) -> int:
    case = row.case
    if row.escalates_to == WATCH and not case.restricted:
        duty.raise_alarm(
            report_id=row.pk,
            for_standards=case.sealed_to == Role.PROFESSIONAL_STANDARDS,
            because=Because.DEADLINE,
            at=at,
        )
    operations.note(row, what, words=words, by=None, at=at)
    detail = {"what": what, "to": row.escalates_to}
    operations.record(row, Action.DEADLINE_ESCALATED, by=_SCHEDULER, at=at, detail=detail)
    return 1


def _still(deadline_id: UUID, due: Q) -> Deadline | None:
    """Return one that is still so, locked: somebody may have acted since it was read."""
    rows = Deadline.objects.select_for_update(no_key=True, of=("self",)).select_related("case")
    return rows.filter(due, pk=deadline_id, stopped_at=None, superseded_by=None).first()
