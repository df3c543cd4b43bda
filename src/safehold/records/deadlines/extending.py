"""Extending what may be extended by steps, each by somebody with the authority for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.deadline_rules import Rule
from safehold.domain.deadlines import Unknown
from safehold.domain.deadlines import by as said_by
from safehold.records.audit.actions import Action
from safehold.records.deadlines import operations
from safehold.records.deadlines.models import Deadline, DeadlineAct, Views, What
from safehold.records.duty import operations as duty
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotFurther(ValueError):
    """It cannot be extended like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who gave an extension: their name and rank, when, and why; and what the victim thinks.

    They need not be a user here. `views_words` are what she said, or why nobody asked.
    """

    name: str
    rank: str
    granted_at: datetime
    why: str
    asked: bool = False
    views_words: str = ""


@transaction.atomic
def extend(
    *, deadline_id: UUID, shown_rung: int, authority: Authority, by: StaffMember, at: datetime
) -> Deadline:
    """Record that somebody with the authority for it extended a deadline by one step.

    Raises ReasonTooThin, Refused, DeadlineNotFound, Over, or NotFurther.
    """
    why = meaningful(authority.why)
    by.must(Permission.EXTEND_BAIL)
    row = operations.locked(deadline_id, by)
    rule, before = row.rule.rule, row.due_at
    _refuse(row, rule, shown_rung, authority, at=at)
    row.rung += 1
    operations.place(row, row.starts_at or Unknown(row.missing), at=at)
    row.escalated_at = None
    row.save()
    duty.settle(report_id=row.pk, owned=True, by=by, at=at)
    DeadlineAct.objects.create(
        deadline=row,
        what=What.EXTENDED,
        at=at,
        by=by,
        words=why,
        due_before=before,
        due_after=row.due_at,
        authority=authority.name.strip(),
        rank=authority.rank,
        granted_at=authority.granted_at,
        views=(Views.ASKED if authority.asked else Views.NOT_ASKED) if rule.views else "",
        views_words=authority.views_words.strip() if rule.views else "",
    )
    detail = {"what": What.EXTENDED, "rank": authority.rank}
    operations.record(row, Action.DEADLINE_CHANGED, by=by, at=at, reason=why, detail=detail)
    return row


def _refuse(
    row: Deadline, rule: Rule, shown_rung: int, authority: Authority, *, at: datetime
) -> None:
    step = rule.next_rung(row.rung)
    if step is None:
        raise NotFurther("This cannot be extended further.")
    if shown_rung != row.rung:
        raise NotFurther("Somebody has extended it meanwhile. Look again.")
    if row.due_at is None:
        raise NotFurther("It has no date yet: nothing can be extended.")
    if authority.rank not in step.may:
        raise NotFurther(f"This step needs more: {step.words}.")
    if not authority.name.strip():
        raise NotFurther("Write who gave it.")
    if rule.views and not authority.views_words.strip():
        asked = authority.asked
        raise NotFurther(
            "Write what the victim thinks of it." if asked else "Write why nobody asked."
        )
    _refuse_time(row.due_at, authority.granted_at, at=at)


def _refuse_time(due: datetime, granted: datetime, *, at: datetime) -> None:
    if granted > at:
        raise NotFurther("Write when it was given: that is still to come.")
    if granted >= due:
        raise NotFurther(f"It was over {said_by(due)}: what is over is not extended.")
