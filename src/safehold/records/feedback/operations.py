"""What the unit does about feedback: opens it with a reason, notes what changes, or reports it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from safehold.domain.access import Permission, Refused
from safehold.domain.feedback import KEPT, KIND
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.feedback import queries
from safehold.records.feedback.arrivals import about
from safehold.records.feedback.models import Feedback, FeedbackState, Reading
from safehold.records.feedback.queries import FeedbackNotFound
from safehold.records.intake import feedback as intake
from safehold.records.staff.models import StaffMember
from safehold.records.triage import openings, reporting
from safehold.records.triage.accounts import Account
from safehold.records.triage.openings import AccountSealed, NotReadYet
from safehold.records.triage.reasons import meaningful

__all__ = [
    "AccountSealed",
    "AlreadyDecided",
    "FeedbackNotFound",
    "NotReadYet",
    "NoteTooLong",
    "SecondReaderNeeded",
    "forget_old_feedback",
    "look_at_feedback",
    "make_a_report",
    "mark_as_read",
    "open_feedback",
]

LONGEST_NOTE = 1_000  # characters
_FORGOTTEN_AT_ONCE = 50
_SCHEDULER = System("scheduler")


class AlreadyDecided(Exception):
    """The feedback became a report, which is decided about as reports are."""

    def __init__(self) -> None:
        super().__init__("This feedback was made a report already.")


class SecondReaderNeeded(Exception):
    """Nobody else has opened feedback with a danger prompt; the message says so."""

    def __init__(self) -> None:
        super().__init__(
            "It has a danger prompt, so a second person opens it before it is marked as read."
        )


class NoteTooLong(ValueError):
    """A note that is longer than a note; the message says so."""


def look_at_feedback(*, report_id: UUID, by: StaffMember, at: datetime) -> Feedback:
    """Record the look, then return what the slip says. Raises Refused, or FeedbackNotFound."""
    by.must(Permission.SEE_FEEDBACK)
    reason = f"{by.role_label}: feedback on the site"
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    return queries.one(report_id=report_id, by=by)


def open_feedback(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> Account:
    """Record and commit who looks and why, then open what was written, in memory.

    Nothing of it is stored. Raises ReasonTooThin, Refused, FeedbackNotFound, or AccountSealed,
    which is recorded too.
    """
    stated = meaningful(reason)
    _must(Permission.OPEN_FEEDBACK, report_id=report_id, by=by)
    slip = queries.one(report_id=report_id, by=by)
    audit.record_look(by=by, reason=stated, subject=about(report_id), at=at)
    try:
        account = openings.opened(
            report_id, party=slip.party_is_police, subject=about(report_id), by=by, at=at
        )
    except AccountSealed as error:
        with transaction.atomic():
            _record(Action.ACCOUNT_SEALED, report_id, by=by, at=at, reason=str(error))
        raise
    except Refused:
        with transaction.atomic():
            _record(Action.FEEDBACK_OPENED, report_id, by=by, at=at, reason=stated)
        raise
    with transaction.atomic():
        Reading.objects.create(feedback_id=report_id, member=by, at=at, reason=stated)
        _record(Action.FEEDBACK_OPENED, report_id, by=by, at=at, reason=stated)
    return account


@transaction.atomic
def mark_as_read(*, report_id: UUID, note: str, by: StaffMember, at: datetime) -> Feedback:
    """Note, in the member's own words, what changes because of feedback or why nothing does.

    Only whoever opened it may; with a danger prompt, only once somebody else opened it too. A later
    note takes the place of an earlier one; the audit keeps who and when. Raises ReasonTooThin,
    NoteTooLong, Refused, FeedbackNotFound, NotReadYet, AlreadyDecided, or SecondReaderNeeded.
    """
    said = meaningful(note)
    if len(said) > LONGEST_NOTE:
        raise NoteTooLong(f"Shorten the note to {LONGEST_NOTE:,} characters or fewer.")
    row = _decidable(report_id, by)
    if row.state == FeedbackState.REPORT:
        raise AlreadyDecided
    if row.danger and not row.readings.exclude(member=by).exists():
        raise SecondReaderNeeded
    row.note = said
    _close(row, FeedbackState.READ, by=by, at=at)
    _record(Action.FEEDBACK_READ, report_id, by=by, at=at)
    return row


@transaction.atomic
def make_a_report(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> UUID:
    """Put feedback on the desk as a report, with the prompts of its slip, once; return its key.

    It is the same sealed report in the intake store: nothing is copied or sealed again. Only
    whoever opened it may; a second time leads to the same report and records nothing. Raises
    ReasonTooThin, Refused, FeedbackNotFound, or NotReadYet.
    """
    stated = meaningful(reason)
    row = _decidable(report_id, by)
    if row.state == FeedbackState.REPORT:
        return row.report_id
    reporting.put_on_desk(
        report_id=row.report_id,
        arrival=row.arrival,
        reference=row.reference,
        kind=KIND,
        prompts=row.prompts,
        party_is_police=row.party_is_police,
        received_at=row.received_at,
        opened_at=row.opened_at,
        at=at,
    )
    row.note = ""
    _close(row, FeedbackState.REPORT, by=by, at=at)
    _record(Action.FEEDBACK_MADE_A_REPORT, report_id, by=by, at=at, reason=stated)
    return row.report_id


def forget_old_feedback(*, at: datetime) -> int:
    """Delete feedback whose time is over, with what it holds sealed; return how many.

    What became a report stays sealed as a report does. What may tell of danger stays until somebody
    has decided about it. The audit keeps the numbers alone, one for each batch: neither store is
    held for longer than that, whatever has gathered.
    """
    count = 0
    while batch := _forget_some(at):
        count += batch
    return count


@transaction.atomic
def _forget_some(at: datetime) -> int:
    over = Feedback.objects.filter(received_at__lte=at - KEPT)
    waiting = Q(danger=True, state=FeedbackState.NEW)
    found = over.exclude(waiting).order_by("received_at", "pk")
    rows = list(found.select_for_update()[:_FORGOTTEN_AT_ONCE])
    if not rows:
        return 0
    # Sealed first: where this is interrupted the rows are found again, and nothing is left.
    acts = intake.remove_feedback(
        [row.report_id for row in rows if row.state != FeedbackState.REPORT], at=at
    )
    Feedback.objects.filter(pk__in=[row.pk for row in rows]).delete()
    audit.append(
        action=Action.FEEDBACK_FORGOTTEN,
        by=_SCHEDULER,
        subject=About("feedback", ""),
        at=at,
        detail={"count": len(rows), "acts": acts},
    )
    return len(rows)


def _must(permission: Permission, *, report_id: UUID, by: StaffMember) -> None:
    by.must(permission)
    by.must(permission, queries.subject_of(queries.one(report_id=report_id, by=by)))


def _decidable(report_id: UUID, by: StaffMember) -> Feedback:
    by.must(Permission.DECIDE_FEEDBACK)
    row = Feedback.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    if row is None:
        raise FeedbackNotFound("There is no such feedback.")
    by.must(Permission.DECIDE_FEEDBACK, queries.subject_of(row))
    if queries.last_reading(report_id=report_id, by=by) is None:
        raise NotReadYet("You have not opened this feedback. Open it with a reason first.")
    return row


def _close(row: Feedback, state: FeedbackState, *, by: StaffMember, at: datetime) -> None:
    row.state, row.closed_by, row.closed_at = state, by, at
    row.save(update_fields=["state", "note", "closed_by", "closed_at"])


def _record(
    action: Action, report_id: UUID, *, by: StaffMember, at: datetime, reason: str = ""
) -> None:
    audit.append(action=action, by=by, subject=about(report_id), at=at, reason=reason)
