"""Serve the ticks of scheduled jobs, each once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from safehold.records.jobs.models import ScheduledJob
from safehold.records.jobs.ticks import MORE, Job, Past, due_tick, latest_tick

log = logging.getLogger("safehold.jobs")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to run one tick of a job, until the lease is over."""

    name: str
    tick: datetime
    tries: int
    again: datetime  # the tick before it: with that, the same tick is due once more


def _past(row: ScheduledJob) -> Past:
    return Past(
        tick=row.tick,
        tries=row.tries,
        started=row.started,
        finished=row.finished,
        failed=bool(row.error),
    )


def _first(job: Job, at: datetime) -> Claim | None:
    tick = latest_tick(job, at)
    try:
        with transaction.atomic():
            ScheduledJob.objects.create(
                name=job.name,
                every=job.every,
                lease=job.lease,
                urgent=job.urgent,
                first_seen=at,
                tick=tick,
                started=at,
            )
    except IntegrityError:
        return None  # another scheduler was first
    return Claim(name=job.name, tick=tick, tries=1, again=tick - job.every)


def register(*, jobs: Iterable[Job], at: datetime) -> None:
    """Forget jobs that no longer exist, and note what there is and how often it should run.

    A job that was never seen is noted as due: one that no process ever runs shows as stalled. So
    does one that became urgent, for the process that ran it does not any more.
    """
    present = {job.name: job for job in jobs}
    with transaction.atomic():
        ScheduledJob.objects.exclude(name__in=present).delete()
        for job in present.values():
            if job.urgent:
                ScheduledJob.objects.filter(name=job.name, urgent=False).update(last_success=None)
            ScheduledJob.objects.filter(name=job.name).update(
                every=job.every, lease=job.lease, urgent=job.urgent
            )
        ScheduledJob.objects.bulk_create(
            [_not_yet_run(job, at) for job in present.values()], ignore_conflicts=True
        )


def _not_yet_run(job: Job, at: datetime) -> ScheduledJob:
    return ScheduledJob(
        name=job.name,
        every=job.every,
        lease=job.lease,
        urgent=job.urgent,
        first_seen=at,
        tick=latest_tick(job, at) - job.every,
        started=at,
        finished=at,
    )


def claim(*, job: Job, at: datetime) -> Claim | None:
    """Take the tick that is due, None where none is or another scheduler took it."""
    row = ScheduledJob.objects.filter(name=job.name).first()
    if row is None:
        return _first(job, at)
    tick = due_tick(job, _past(row), at)
    if tick is None:
        return None
    tries = row.tries + 1 if tick == row.tick else 1
    moved = ScheduledJob.objects.filter(
        name=job.name, tick=row.tick, tries=row.tries, started=row.started
    ).update(tick=tick, tries=tries, started=at, finished=None, error="")
    made = Claim(name=job.name, tick=tick, tries=tries, again=tick - job.every)
    return made if moved else None


def finish(*, held: Claim, at: datetime, more: bool = False) -> None:
    """Note that a tick is served; a claim that was lost meanwhile changes nothing.

    Where there is `more` of the same to do, the tick is due again at the next look.
    """
    tick = held.again if more else held.tick
    _rows(held).update(tick=tick, finished=at, last_success=at, error="")


def fail(*, held: Claim, error: str) -> None:
    """Note why a run failed; the tick stays open and is tried again after its lease."""
    _rows(held).update(error=error[:200])


def _rows(held: Claim) -> QuerySet[ScheduledJob]:
    return ScheduledJob.objects.filter(
        name=held.name, tick=held.tick, tries=held.tries, finished__isnull=True
    )


def run_due(*, jobs: Iterable[Job], clock: Callable[[], datetime]) -> list[str]:
    """Run every job that is due, one after the other; return the names of those that ran.

    What a job raises is recorded by its type, never by its message, which may hold what a person
    wrote; the other jobs still run.
    """
    ran = []
    for job in jobs:
        held = claim(job=job, at=clock())
        if held is None:
            continue
        ran.append(job.name)
        try:
            done = job.run(clock())
        except Exception as error:
            log.exception(f"scheduled job failed: {job.name}")
            fail(held=held, error=type(error).__name__)
        else:
            finish(held=held, at=clock(), more=done == MORE)
    return ran
