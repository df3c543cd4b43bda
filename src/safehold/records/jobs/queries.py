"""Questions about scheduled work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from safehold.records.jobs.models import ScheduledJob
from safehold.records.jobs.ticks import is_stalled

_SELDOM = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stalled:
    """A job that should have run and did not, for a supervisor's page."""

    name: str
    last_success: datetime | None
    error: str
    processes: tuple[str, ...]  # those that stand still, as `safehold serve --only` names them


def stalled(*, at: datetime) -> list[Stalled]:
    """List the jobs that missed two ticks in a row; [] while all run.

    A job of once a day is named as soon as it fails: two ticks of it are two days. An urgent one is
    named until it ran once: its process may not be there at all. Where no job was ever seen, the
    scheduler itself is named.
    """
    rows = list(ScheduledJob.objects.order_by("name"))
    if not rows:
        return [
            Stalled(
                name="scheduler",
                last_success=None,
                error="never started",
                processes=("urgent", "scheduler"),
            )
        ]
    return [
        Stalled(
            name=row.name,
            last_success=row.last_success,
            error=row.error,
            processes=("urgent" if row.urgent else "scheduler",),
        )
        for row in rows
        if (row.error and row.every >= _SELDOM)
        or (row.urgent and row.last_success is None)
        or is_stalled(
            every=row.every, lease=row.lease, last=row.last_success or row.first_seen, at=at
        )
    ]


def urgent_stalled(*, at: datetime) -> list[Stalled]:
    """List the stalled jobs that somebody's life may wait for."""
    return [job for job in stalled(at=at) if "urgent" in job.processes]


def urgent_never_ran() -> bool:
    """Tell whether no process has yet done any of the work that somebody's life may wait for."""
    return not ScheduledJob.objects.filter(urgent=True, last_success__isnull=False).exists()
