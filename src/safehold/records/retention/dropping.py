"""Taking a report off the list of those to destroy, and closing a list of which none is left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System
from safehold.records.retention.models import Destruction, Run, State


def drop(row: Destruction, why: str) -> None:
    """Take one report off its list, inside the caller's transaction; `record_drop` comes last."""
    row.state, row.called_off_why = State.CALLED_OFF, why
    row.save(update_fields=["state", "called_off_why"])


def record_drop(row: Destruction, *, by: Member | System, at: datetime) -> None:
    """Record that a report was taken off its list."""
    why = row.called_off_why
    record(Action.DESTRUCTION_CALLED_OFF, row.report_id, row.run, by=by, at=at, reason=why)


def close_if_done(run: Run, *, at: datetime) -> None:
    """Note that nothing of a list is left to be done, inside the caller's transaction."""
    done = [State.CERTIFIED, State.CALLED_OFF]
    if not run.reports.exclude(state__in=done).exists():
        Run.objects.filter(pk=run.pk, closed_at=None).update(closed_at=at)


def record(
    action: Action,
    report_id: UUID,
    run: Run,
    *,
    by: Member | System,
    at: datetime,
    reason: str = "",
) -> None:
    """Write the audit row of an act on one report of a list."""
    audit.append(
        action=action,
        by=by,
        subject=About("report", str(report_id)),
        at=at,
        reason=reason,
        detail={"list": str(run.pk), "digest": run.digest},
    )
