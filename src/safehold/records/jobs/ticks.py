"""When a job is due: ticks on a fixed grid, so that a restart neither skips nor repeats one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TRIES = 3  # of one tick; then the next tick's turn
MORE = "more"  # what a run returns that stopped early, to let other jobs come between


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work to do at every tick: once a tick, the latest one when several were missed.

    `lease` is how long a run may take before it counts as lost; it must be generous, because a
    run that is lost is taken up again. A run that returns MORE goes on at the next look.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    offset: timedelta = timedelta()  # of the grid, from midnight UTC
    lease: timedelta = timedelta(minutes=10)
    urgent: bool = False  # somebody's life may wait for it: it has a process of its own


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is known of a job's last tick."""

    tick: datetime
    tries: int
    started: datetime
    finished: datetime | None
    failed: bool = False  # known to be over, and to have done less than it should


def latest_tick(job: Job, at: datetime) -> datetime:
    """Return the last moment of the job's grid that is not after `at`."""
    origin = EPOCH + job.offset
    return origin + ((at - origin) // job.every) * job.every


def due_tick(job: Job, past: Past | None, at: datetime) -> datetime | None:
    """Return the tick to serve now, None where there is nothing to do.

    A newer tick waits while a run may still be going on, not after one that failed; the same tick
    is tried again after its lease, at most TRIES times.
    """
    tick = latest_tick(job, at)
    if past is None:
        return tick
    may_go_on = past.finished is None and at < past.started + job.lease
    if tick > past.tick and (past.failed or not may_go_on):
        return tick
    if may_go_on:
        return None
    return past.tick if past.finished is None and past.tries < TRIES else None


def is_stalled(*, every: timedelta, lease: timedelta, last: datetime, at: datetime) -> bool:
    """Tell whether a job last finished (or was first seen) at `last` has missed two ticks."""
    return at - last > 2 * every + lease
