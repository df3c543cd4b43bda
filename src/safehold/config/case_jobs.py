"""The scheduled work of cases, of the people whom they are about, and of who is kept from what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # read before Django's apps are ready
    from safehold.records.jobs.ticks import Job


def jobs() -> list[Job]:
    """Return what is done for cases by the clock."""
    from safehold.records.jobs.ticks import Job

    return [
        Job(name="take up pathways", every=timedelta(minutes=10), run=_take_up_pathways),
        Job(name="let go what owners are kept from", every=timedelta(minutes=1), run=_let_go),
    ]


def _take_up_pathways(at: datetime) -> None:
    from safehold.records.risk.acting import take_up

    take_up(at=at)


def _let_go(at: datetime) -> None:
    from safehold.records.triage.kept_owners import let_go

    let_go(at=at)
