"""Starting, handing on and stopping the deadlines of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from safehold.domain import deadline_rules
from safehold.domain.access import Permission
from safehold.domain.case_access import Act, Part
from safehold.domain.deadline_rules import NotThatLong, Rule
from safehold.domain.deadlines import Due, Unknown, reckon
from safehold.domain.deadlines import by as said_by
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About as Subject
from safehold.records.audit.actors import System
from safehold.records.cases import queries as cases
from safehold.records.cases import standing
from safehold.records.cases.models import Case, CaseMember
from safehold.records.cases.operations import Closed
from safehold.records.deadlines import queries
from safehold.records.deadlines.models import (
    About,
    Deadline,
    DeadlineAct,
    DeadlineRule,
    What,
)
from safehold.records.deadlines.queries import DeadlineNotFound
from safehold.records.duty import operations as duty
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

__all__ = ["Closed", "NotThatLong"]
_EARLIEST = 2000


class NotARule(ValueError):
    """There is no such rule, or its clocks do not start here; the message says which."""


class NotAStart(ValueError):
    """What is given as a start, or as an end, cannot be one; the message says why."""


class Over(Exception):
    """The deadline was stopped, or another stands in its place; the message says so."""


class NotForThem(ValueError):
    """Whoever is named does not work on the case."""


@dataclass(frozen=True, slots=True)
class Starting:
    """How a deadline starts. `key` is the form's own, so that one that is sent twice is one.

    `starts` is a moment, or what is missing. `number` is for rules whose length is given.
    """

    rule: str
    starts: datetime | Unknown
    about: About = About.CASE
    about_id: UUID | None = None
    enhanced: bool = True
    number: int | None = None
    lapses_at: datetime | None = None
    words: str = ""
    key: UUID | None = None


def about(deadline_id: UUID) -> Subject:
    """Name a deadline as the audit does: by a key that says nothing."""
    return Subject("deadline", str(deadline_id))


@transaction.atomic
def start(*, case_id: UUID, starting: Starting, by: StaffMember, at: datetime) -> Deadline:
    """Start a deadline of a case; a start that nobody knows gives no date, and is kept in sight.

    Raises Refused, CaseNotFound, Closed, NotARule, NotThatLong, NotAStart, or NotForThem for what
    is not in the case.
    """
    by.must(Permission.KEEP_DEADLINES)
    case = _open_case(case_id, by)
    _live(starting.rule)
    made = _made_before(starting, case)
    if made is not None:
        return made
    if (starting.about, starting.about_id) not in {
        (each.about, each.about_id) for each in queries.may_be_about(case, by=by)
    } and starting.about != About.ORDER:
        raise NotForThem("Choose what it is about from the list.")
    return begin(case, starting, by=by, at=at)


def begin(case: Case, starting: Starting, *, by: StaffMember, at: datetime) -> Deadline:
    """Start a deadline of a case that was given out, inside the act that it follows from.

    Raises NotARule, NotThatLong, or NotAStart.
    """
    rule = _live(starting.rule)
    words = starting.words.strip()
    if rule.enhanced and not starting.enhanced and not words:
        raise NotAStart("Write why the victim has no enhanced rights.")
    row = Deadline(
        pk=starting.key or uuid4(),
        case=case,
        rule=kept(rule),
        about=starting.about,
        about_id=starting.about_id,
        enhanced=starting.enhanced,
        number=starting.number if rule.least is not None else None,
        lapses_at=starting.lapses_at,
        made_at=at,
        made_by=by,
        escalates_to=rule.escalates_to,
    )
    place(row, starting.starts, at=at)
    row.save(force_insert=True)
    note(row, What.STARTED, words=words, by=by, at=at)
    record(row, Action.DEADLINE_STARTED, by=by, at=at, detail={"rule": rule.key})
    return row


@transaction.atomic
def set_start(
    *, deadline_id: UUID, starts_at: datetime, how: str, by: StaffMember, at: datetime
) -> Deadline:
    """Let an unknown start be known, and how it is known: the deadline gets its date.

    Raises ReasonTooThin, Refused, DeadlineNotFound, Over, or NotAStart: also where it is known, or
    came after the end of what would have started it.
    """
    said = meaningful(how)
    row = locked(deadline_id, by)
    if row.starts_at is not None:
        raise NotAStart("Its start is known already.")
    return learn(row, starts_at, how=said, by=by, at=at)


def learn(
    row: Deadline, starts_at: datetime, *, how: str, by: StaffMember, at: datetime
) -> Deadline:
    """Give one without a start its own, inside the act by which that is known. Raises NotAStart."""
    if row.lapses_at is not None and starts_at > row.lapses_at:
        raise NotAStart(
            f"It was over {said_by(row.lapses_at)}, before this. Nothing starts: stop it, and "
            "write what happened."
        )
    place(row, starts_at, at=at)
    row.escalated_at = row.lapsed_at = None
    row.save()
    duty.settle(report_id=row.pk, owned=True, by=by, at=at)
    note(row, What.START_KNOWN, words=how, by=by, at=at)
    detail = {"what": What.START_KNOWN}
    record(row, Action.DEADLINE_CHANGED, by=by, at=at, reason=how, detail=detail)
    return row


@transaction.atomic
def stop(
    *, deadline_id: UUID, how: str, proof: str, done_at: datetime, by: StaffMember, at: datetime
) -> Deadline:
    """Stop a deadline: what was done, when, and what proves it.

    Raises ReasonTooThin, Refused, DeadlineNotFound, Over, or NotAStart for a moment that cannot be.
    """
    said = meaningful(how)
    row = locked(deadline_id, by)
    if proof not in deadline_rules.proofs():
        raise NotAStart("Choose what proves it.")
    if done_at > at:
        raise NotAStart("Write when it was done: that is still to come.")
    if row.starts_at is not None and done_at < row.starts_at:
        raise NotAStart("That is before it started.")
    return halt(row, how=said, proof=proof, done_at=done_at, by=by, at=at)


def halt(
    row: Deadline, *, how: str, proof: str, done_at: datetime, by: StaffMember, at: datetime
) -> Deadline:
    """Stop one that runs, inside the act that it follows from."""
    row.stopped_at, row.stopped_by, row.stopped_how, row.proof = done_at, by, how, proof
    row.save()
    duty.settle(report_id=row.pk, owned=True, by=by, at=at)
    note(row, What.STOPPED, words=how, by=by, at=at)
    late = row.due_at is not None and done_at > row.due_at
    detail = {"proof": proof, "late": late}
    record(row, Action.DEADLINE_STOPPED, by=by, at=at, reason=how, detail=detail)
    return row


@transaction.atomic
def hand_on(
    *, deadline_id: UUID, member_id: int | None, why: str, by: StaffMember, at: datetime
) -> Deadline:
    """Hand a deadline to somebody who works on its case; None gives it back to the case's owner.

    Nobody has to hand on those of a case that gets another owner: they go with it. Raises
    ReasonTooThin, Refused, DeadlineNotFound, Over, or NotForThem.
    """
    said = meaningful(why)
    row = locked(deadline_id, by)
    if member_id is not None:
        works = CaseMember.objects.filter(case_id=row.case_id, member_id=member_id, until=None)
        if not works.filter(member__is_active=True).exists():
            raise NotForThem("Choose somebody who works on the case.")
    row.owner_id = member_id
    row.save(update_fields=["owner"])
    note(row, What.HANDED_ON, words=said, by=by, at=at)
    detail = {"what": What.HANDED_ON, "member": str(member_id or "")}
    record(row, Action.DEADLINE_CHANGED, by=by, at=at, reason=said, detail=detail)
    return row


@transaction.atomic
def see_to(*, deadline_id: UUID, words: str, by: StaffMember, at: datetime) -> Deadline:
    """Record that the member sees to it: nobody is told again before it is over.

    Raises ReasonTooThin, Refused, DeadlineNotFound, or Over.
    """
    said = meaningful(words)
    row = locked(deadline_id, by)
    if row.due_at is not None and row.due_at > at:
        row.escalates_at, row.escalated_at = row.due_at, None
        row.save(update_fields=["escalates_at", "escalated_at"])
    duty.settle(report_id=row.pk, owned=True, by=by, at=at)
    note(row, What.SEEN_TO, words=said, by=by, at=at)
    detail = {"what": What.SEEN_TO}
    record(row, Action.DEADLINE_CHANGED, by=by, at=at, reason=said, detail=detail)
    return row


def look_at(*, deadline_id: UUID, reason: str, by: StaffMember, at: datetime) -> Deadline:
    """Record the look with its reason, then return the deadline.

    Raises Refused, ReasonNeeded, or DeadlineNotFound.
    """
    queries.get(deadline_id=deadline_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(deadline_id), at=at)
    return queries.get(deadline_id=deadline_id, by=by)


def refusal(rule: Rule) -> str:
    """Say why clocks of a rule do not start at this force; empty where they do."""
    return deadline_rules.refusal(rule, live_here=settings.FORCE.orders_live_here)


def kept(rule: Rule) -> DeadlineRule:
    """Return a rule as the store keeps it, inside the act that starts something by it."""
    found, _ = DeadlineRule.objects.get_or_create(
        key=rule.key, version=rule.version, digest=rule.digest, defaults={"terms": rule.plain()}
    )
    return found


def place(row: Deadline, start: datetime | Unknown, *, at: datetime) -> None:
    """Reckon a deadline from its start, and when somebody else is told; nothing is saved.

    Raises NotThatLong, or NotAStart.
    """
    if isinstance(start, Unknown):
        if not start.missing.strip():
            raise NotAStart("Write what is missing to know when it starts.")
        row.starts_at, row.missing = None, start.missing.strip()
        start = Unknown(row.missing)
    else:
        if start > at:
            raise NotAStart("Write when it happened: that is still to come.")
        if start.year < _EARLIEST:
            raise NotAStart("That is too long ago.")
        row.starts_at, row.missing = start, ""
    found = reckon(start, row.length, calendar=deadline_rules.calendar())
    told = timedelta(hours=row.rule.rule.escalates_hours)
    if isinstance(found, Due):
        row.due_at, row.steps, row.no_date = found.at, list(found.steps), ""
        # In UTC: hours off a local time would be those that its clocks show.
        row.escalates_at = max(row.starts_at or at, found.at.astimezone(UTC) - told)
    else:
        row.due_at, row.steps, row.no_date = None, [], found.why
        row.escalates_at = at + timedelta(hours=deadline_rules.unknown_hours())


def locked(deadline_id: UUID, by: StaffMember) -> Deadline:
    """Return one that runs, locked, to somebody who may keep it.

    Raises Refused, DeadlineNotFound, or Over.
    """
    by.must(Permission.KEEP_DEADLINES)
    seen = queries.seen_by(by).filter(pk=deadline_id).values("pk")
    rows = Deadline.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("rule", "case").filter(pk__in=seen).first()
    if row is None:
        raise DeadlineNotFound("There is no such deadline.")
    standing.must(row.case, by, Part.DEADLINES, Act.CHANGE)
    if row.stopped_at is not None:
        raise Over("Somebody has stopped this already.")
    if row.superseded_by_id is not None:
        raise Over("This was reckoned anew: another stands in its place.")
    return row


def note(
    row: Deadline,
    what: What,
    *,
    by: StaffMember | None,
    at: datetime,
    words: str = "",
    before: datetime | None = None,
) -> None:
    """Write down what was done to a deadline, inside that act."""
    DeadlineAct.objects.create(
        deadline=row,
        what=what,
        at=at,
        by=by,
        words=words,
        due_before=before,
        due_after=row.due_at,
    )


def record(
    row: Deadline,
    action: Action,
    *,
    by: StaffMember | System,
    at: datetime,
    detail: Mapping[str, object],
    reason: str = "",
) -> None:
    """Append the audit row of an act, last in its transaction."""
    told = {"case": str(row.case_id), **detail}
    audit.append(action=action, by=by, subject=about(row.pk), at=at, reason=reason, detail=told)


def _open_case(case_id: UUID, by: StaffMember) -> Case:
    seen = cases.seen_by(by).filter(pk=case_id).values("pk")
    case = Case.objects.select_for_update(no_key=True).filter(pk__in=seen).first()
    if case is None:
        raise cases.CaseNotFound("There is no such case.")
    standing.must(case, by, Part.DEADLINES, Act.CHANGE)
    if case.closed_at is not None:
        raise Closed("This case is closed.")
    return case


def _live(key: str) -> Rule:
    rule = deadline_rules.every().get(key)
    if rule is None:
        raise NotARule("Choose a clock from the list.")
    if said := refusal(rule):
        raise NotARule(said)
    return rule


def _made_before(starting: Starting, case: Case) -> Deadline | None:
    if starting.key is None:
        return None
    found = Deadline.objects.filter(pk=starting.key).first()
    if found is not None and found.case_id != case.pk:
        raise NotForThem("Begin again: this form was sent before.")
    return found
