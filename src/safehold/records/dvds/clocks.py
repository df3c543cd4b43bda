"""The clocks of an application: started by its arrival, stopped by what is done, never by hand.

Their lengths are the rules of `rules/deadlines.toml`, kept as they were on the day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from safehold.domain import deadline_rules, dvds
from safehold.domain.deadlines import NoDate, reckon
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.deadlines.operations import kept
from safehold.records.dvds import queries
from safehold.records.dvds.models import Application, Clock

_SCHEDULER = System("scheduler")
_AT_A_TIME = 200


def start(row: Application) -> None:
    """Start what runs from the day of asking, inside the act that opens an application."""
    calendar = deadline_rules.calendar()
    for key in dvds.CLOCKS:
        rule = deadline_rules.every()[key]
        length = rule.length(enhanced=True, number=None, rung=0)
        due = reckon(row.asked_at, length, calendar=calendar)
        if isinstance(due, NoDate):
            continue
        told = due.at.astimezone(UTC) - timedelta(hours=rule.escalates_hours)
        Clock.objects.create(
            application=row,
            rule=kept(rule),
            starts_at=row.asked_at,
            due_at=due.at,
            steps=list(due.steps),
            escalates_at=max(row.asked_at, told),
        )


def settle(row: Application, *, at: datetime) -> None:
    """Stop what an act has ended, and let run again what a correction has opened."""
    done = {
        "dvds_first": queries.contacts_of(row).exists() and _all_searched(row),
        "dvds_meet": row.identity_at is not None,
        "dvds_answer": row.answered_at is not None,
    }
    for clock in Clock.objects.filter(application=row).select_related("rule"):
        over = done[clock.rule.key]
        if over == (clock.stopped_at is not None):
            continue
        clock.stopped_at = at if over else None
        clock.save(update_fields=["stopped_at"])


def _all_searched(row: Application) -> bool:
    """Tell whether of every source it was recorded that it was searched, or why not."""
    known = set(row.search_rows.values_list("source", flat=True))
    return {key for key, _ in dvds.choices("sources")} <= known


def escalate(*, at: datetime) -> int:
    """Mark what is soon over, so that supervisors meet it; return how many."""
    for row in Application.objects.filter(answered_at=None, clocks=None)[:_AT_A_TIME]:
        _start_missing(row.pk, at=at)
    late = Clock.objects.filter(stopped_at=None, escalated_at=None, escalates_at__lte=at)
    return sum(_told(key, at=at) for key in list(late.values_list("pk", flat=True)[:_AT_A_TIME]))


@transaction.atomic
def _start_missing(application_id: UUID, *, at: datetime) -> None:
    """Start the clocks of an application that was opened before there were any."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk=application_id)
    row = rows.first()
    if row is not None and not row.clocks.exists():
        start(row)
        settle(row, at=at)


@transaction.atomic
def _told(clock_id: int, *, at: datetime) -> int:
    application = Application.objects.filter(clocks=clock_id)
    # With the application, as every act on it: the clock is written only under that lock.
    row = application.select_for_update(no_key=True, of=("self",)).first()
    clock = Clock.objects.select_related("rule").filter(pk=clock_id, stopped_at=None).first()
    if row is None or clock is None or clock.escalated_at is not None:
        return 0
    clock.escalated_at = at
    clock.save(update_fields=["escalated_at"])
    audit.append(
        action=Action.APPLICATION_LATE,
        by=_SCHEDULER,
        subject=About("application", str(row.pk)),
        at=at,
        detail={"rule": clock.rule.key, "to": clock.rule.rule.escalates_to},
    )
    return 1
