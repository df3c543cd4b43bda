"""Actions: started by somebody or by what they decided, done with proof, not done, or handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import safety
from safehold.domain.access import Permission
from safehold.records.agencies.models import Agency
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases.models import Case
from safehold.records.cases.operations import about as about_case
from safehold.records.safety.models import PlanLine, SafetyAction
from safehold.records.safety.models_of_actions import Origin, State
from safehold.records.safety.reaching import locked_case, may_own, must_not_be_barred
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotAnAction(ValueError):
    """What was typed is no action yet; the message says what is missing, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ActionNotFound(LookupError):
    """The case has no such action."""


class EndedMeanwhile(Exception):
    """The action is not open any more; the message says what became of it, and by whom."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has an action: a member, and where it is an agency's, who there answers for it."""

    member: StaffMember
    agency_id: UUID | None = None
    answers: str = ""


@transaction.atomic
def start(
    *,
    case_id: UUID,
    kind: str,
    words: str,
    owner: Owner,
    due_at: datetime,
    line_id: UUID | None = None,
    by: StaffMember,
    at: datetime,
) -> SafetyAction:
    """Start an action that somebody wrote down, or that a line of the plan asks for.

    Raises Refused, CaseNotFound, Closed, NotAnAction, or OnTheList for an agency that must get
    nothing of this case.
    """
    case = locked_case(case_id, by)
    _must_be_ahead(due_at, at)
    line = None
    if line_id is not None:
        line = PlanLine.objects.filter(pk=line_id, version__plan__case=case).first()
        if line is None:
            raise NotAnAction("The plan has no such line.")
    origin = Origin.PLAN if line else Origin.TYPED
    made = _new(case, kind, words, owner, due_at, origin=origin, by=by, at=at, line=line)
    _record(Action.SAFETY_ACTION_STARTED, made, by=by, at=at)
    return made


@transaction.atomic
def start_from(
    *,
    kind: str,
    case: Case,
    about: UUID,
    due: datetime | None,
    by: StaffMember,
    at: datetime,
    owner: StaffMember | None = None,
    origin: Origin = Origin.GRADE,
    words: str = "",
) -> SafetyAction:
    """Start what a grade or an assessment calls for, in the transaction of whoever decided that.

    `about` is the key of the row that started it: the same kind is started from it once, and asked
    again the action that is there is returned. Without `due` it is due as the rules say. Its owner
    is `by` unless another is named. Raises Refused, or NotAnAction.
    """
    by.must(Permission.WORK_SAFETY)
    known = SafetyAction.objects.filter(started_from=about, kind=kind, before=None).first()
    if known is not None:
        return known
    if kind not in safety.keys("action_kinds"):
        raise NotAnAction("There is no such kind of action.", field="kind")
    due_at = due or safety.usually_due(kind, at)
    whose = Owner(owner or by)
    made = _new(
        case, kind, words, whose, due_at, origin=Origin(origin), by=by, at=at, started_from=about
    )
    _record(Action.SAFETY_ACTION_STARTED, made, by=by, at=at)
    return made


@transaction.atomic
def finish(
    *, case_id: UUID, action_id: UUID, proof: str, words: str, by: StaffMember, at: datetime
) -> SafetyAction:
    """Record that an action was done, and what shows it.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, ActionNotFound, EndedMeanwhile, or
    NotAnAction.
    """
    stated = meaningful(words)
    if proof not in safety.keys("proofs"):
        raise NotAnAction("Choose what shows that it was done.", field="proof")
    action = _open_action(case_id, action_id, by)
    return _close(action, State.DONE, stated, by=by, at=at, proof=proof)


@transaction.atomic
def give_up(
    *, case_id: UUID, action_id: UUID, why: str, by: StaffMember, at: datetime
) -> SafetyAction:
    """Record that an action will not be done, and why. Raises as `finish` does."""
    stated = meaningful(why)
    action = _open_action(case_id, action_id, by)
    return _close(action, State.NOT_DONE, stated, by=by, at=at)


@transaction.atomic
def hand_on(
    *,
    case_id: UUID,
    action_id: UUID,
    owner: Owner,
    due_at: datetime,
    why: str,
    by: StaffMember,
    at: datetime,
) -> SafetyAction:
    """Hand an action on: it is closed, and another goes on with its new owner and time.

    Raises as `finish` and `start` do.
    """
    stated = meaningful(why)
    action = _open_action(case_id, action_id, by)
    _must_be_ahead(due_at, at)
    _close(action, State.HANDED_ON, stated, by=by, at=at)
    made = _new(
        action.case,
        action.kind,
        action.words,
        owner,
        due_at,
        origin=Origin.HANDED,
        by=by,
        at=at,
        line=action.line,
        started_from=action.started_from,
        before=action,
    )
    _record(Action.SAFETY_ACTION_STARTED, made, by=by, at=at)
    return made


def _new(
    case: Case,
    kind: str,
    words: str,
    owner: Owner,
    due_at: datetime,
    *,
    origin: Origin,
    by: StaffMember,
    at: datetime,
    line: PlanLine | None = None,
    started_from: UUID | None = None,
    before: SafetyAction | None = None,
) -> SafetyAction:
    said = words.strip()
    if kind not in safety.keys("action_kinds"):
        raise NotAnAction("Choose what is to be done.", field="kind")
    if len(said) > safety.LONGEST_WORDS:
        raise NotAnAction(f"Shorten this to {safety.LONGEST_WORDS} characters.", field="words")
    if kind == "other" and not said:
        raise NotAnAction("Write what is to be done.", field="words")
    agency = _agency(case, owner)
    if not may_own(case, owner.member):
        # The sentence is the same whatever the reason: nobody may learn who is kept from what.
        raise NotAnAction("This member cannot take an action in this case.", field="owner")
    return SafetyAction.objects.create(
        case=case,
        kind=kind,
        words=said,
        owner=owner.member,
        team=owner.member.team,
        agency=agency,
        answers=owner.answers.strip() if agency else "",
        due_at=due_at,
        origin=origin,
        started_from=started_from,
        line=line,
        before=before,
        started_at=at,
        started_by=by,
    )


def _agency(case: Case, owner: Owner) -> Agency | None:
    if owner.agency_id is None:
        return None
    agency = Agency.objects.filter(pk=owner.agency_id, ended_at=None).first()
    if agency is None:
        raise NotAnAction("Choose an agency from the list.", field="agency")
    must_not_be_barred(case, agency=agency)
    if not owner.answers.strip():
        raise NotAnAction("Say who at the agency answers for it.", field="answers")
    if len(owner.answers.strip()) > safety.LONGEST_VALUE:
        raise NotAnAction(f"Shorten this to {safety.LONGEST_VALUE} characters.", field="answers")
    return agency


def _must_be_ahead(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise NotAnAction("Choose a time that has not passed.", field="due_at")


def _open_action(case_id: UUID, action_id: UUID, by: StaffMember) -> SafetyAction:
    case = locked_case(case_id, by)
    rows = SafetyAction.objects.select_for_update(no_key=True).filter(case=case)
    action = rows.filter(pk=action_id).first()
    if action is None:
        raise ActionNotFound("There is no such action in this case.")
    if action.closed_by is not None:
        state = State(action.state).label.lower()
        raise EndedMeanwhile(
            f"{action.closed_by.name} has closed this action already ({state}): "
            f"“{action.closed_words}”."
        )
    return action


def _close(
    action: SafetyAction,
    state: State,
    words: str,
    *,
    by: StaffMember,
    at: datetime,
    proof: str = "",
) -> SafetyAction:
    action.state, action.closed_words, action.proof = state, words, proof
    action.closed_at, action.closed_by = at, by
    action.save(update_fields=["state", "closed_words", "proof", "closed_at", "closed_by"])
    _record(Action.SAFETY_ACTION_CLOSED, action, by=by, at=at)
    return action


def _record(action: Action, of: SafetyAction, *, by: StaffMember, at: datetime) -> None:
    detail = {"action": str(of.pk), "kind": of.kind, "state": str(of.state)}
    detail |= {"owner": str(of.owner_id)}
    audit.append(action=action, by=by, subject=about_case(of.case_id), at=at, detail=detail)
