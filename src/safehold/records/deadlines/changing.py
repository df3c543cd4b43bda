"""A rule that gives another time while a deadline runs: kept as it was, or reckoned anew."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.deadlines import Unknown
from safehold.records.audit.actions import Action
from safehold.records.deadlines import operations, queries
from safehold.records.deadlines.models import Deadline, What
from safehold.records.duty import operations as duty
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotChanged(ValueError):
    """Nothing is to be decided here, or something else than was shown; the message says which."""


@transaction.atomic
def decide_rule(
    *, deadline_id: UUID, keep: bool, shown: str, why: str, by: StaffMember, at: datetime
) -> Deadline:
    """Keep a deadline by its rule as it was, or reckon it anew by the rule as it is now.

    Reckoned anew it is another row, that stands in the place of this one. `shown` is the digest of
    the rule that was shown. Raises ReasonTooThin, Refused, DeadlineNotFound, Over, NotChanged, or
    NotThatLong.
    """
    said = meaningful(why)
    by.must(Permission.DECIDE_DEADLINES)
    row = operations.locked(deadline_id, by)
    if not queries.is_changed(row):
        raise NotChanged("Its rule has not changed, or somebody has decided about it already.")
    if shown != queries.digest_now(row.rule.key):
        raise NotChanged("Its rule has changed once more. Look again.")
    if keep:
        row.kept_digest = shown
        row.save(update_fields=["kept_digest"])
        return _decided(row, What.RULE_KEPT, said, by=by, at=at)
    return _anew(row, said, by=by, at=at)


def _anew(row: Deadline, why: str, *, by: StaffMember, at: datetime) -> Deadline:
    rule = queries.change_of(row).rule
    if rule is None:
        raise NotChanged("There is no such rule any more: keep it as it was, or stop it.")
    new = Deadline(
        case_id=row.case_id,
        rule=operations.kept(rule),
        about=row.about,
        about_id=row.about_id,
        enhanced=row.enhanced,
        number=row.number if rule.least is not None else None,
        rung=min(row.rung, max(0, len(rule.ladder) - 1)),
        lapses_at=row.lapses_at,
        lapsed_at=row.lapsed_at,
        owner_id=row.owner_id,
        made_at=at,
        made_by=by,
        escalates_to=rule.escalates_to,
    )
    operations.place(new, row.starts_at or Unknown(row.missing), at=at)
    new.save(force_insert=True)
    row.superseded_by = new
    row.save(update_fields=["superseded_by"])
    duty.settle(report_id=row.pk, owned=True, by=by, at=at)
    return _decided(new, What.RECKONED_ANEW, why, by=by, at=at, before=row.due_at)


def _decided(
    row: Deadline,
    what: What,
    why: str,
    *,
    by: StaffMember,
    at: datetime,
    before: datetime | None = None,
) -> Deadline:
    operations.note(row, what, words=why, by=by, at=at, before=before)
    detail = {"what": what, "rule": row.rule.key}
    operations.record(row, Action.DEADLINE_CHANGED, by=by, at=at, reason=why, detail=detail)
    return row
