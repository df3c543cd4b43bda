"""Writing a safety plan with whoever it protects, and giving them a copy or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from safehold.domain import safety
from safehold.domain.sending import Refused as NotSent
from safehold.domain.sending import Way
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases.models import Case
from safehold.records.cases.operations import about
from safehold.records.people.models import Person
from safehold.records.safety import sending
from safehold.records.safety.models import PlanCopy, PlanLine, PlanVersion, SafetyPlan
from safehold.records.safety.reaching import locked_case, protected_person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotAPlan(ValueError):
    """What was typed is no plan yet; the message says what is missing, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class WrittenMeanwhile(Exception):
    """Somebody else wrote a version since the page was drawn; the message says who and when."""


class NotSafeToSend(Exception):
    """Safe contact does not allow a copy to go this way; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a version says: words by topic, and of which topics somebody has to act."""

    lines: Mapping[str, str] = field(repr=False)
    acted_on: Collection[str]
    made_with: str
    next_look: date
    why_not: str = ""
    own_words: str = ""
    present: str = ""


@transaction.atomic
def write_plan(
    *, case_id: UUID, identity: UUID, draft: Draft, shown: int, by: StaffMember, at: datetime
) -> PlanVersion:
    """Write a new version of the plan of a case for somebody; earlier ones stay as they were.

    `shown` is the number of the version that its author saw, 0 for none. Raises Refused,
    CaseNotFound, Closed, PersonNotFound, NotAPlan, or WrittenMeanwhile.
    """
    case = locked_case(case_id, by)
    person = protected_person(case, identity, by=by)
    lines = _checked(draft, on=timezone.localdate(at))
    plan = _plan(case, person, by=by, at=at)
    newest = plan.versions.select_related("written_by").order_by("-number").first()
    if newest is not None and newest.number != shown:
        raise WrittenMeanwhile(
            f"{newest.written_by.name} wrote version {newest.number} of this plan since you "
            "opened the page. What you wrote is in the boxes: look at theirs, then save yours."
        )
    version = PlanVersion.objects.create(
        plan=plan,
        number=newest.number + 1 if newest else 1,
        made_with=draft.made_with,
        why_not="" if draft.made_with == safety.MADE_WITH_THEM else draft.why_not.strip(),
        own_words=draft.own_words.strip(),
        present=draft.present.strip(),
        next_look=draft.next_look,
        written_at=at,
        written_by=by,
    )
    PlanLine.objects.bulk_create(
        PlanLine(version=version, topic=topic, words=words, acted_on=topic in draft.acted_on)
        for topic, words in lines.items()
    )
    _record(Action.SAFETY_PLAN_WRITTEN, case, {"version": version.number}, by=by, at=at)
    return version


@transaction.atomic
def give_copy(
    *,
    case_id: UUID,
    identity: UUID,
    version: int,
    how: str,
    kept_safe: str,
    read: bool = False,
    by: StaffMember,
    at: datetime,
) -> PlanCopy:
    """Note that a copy of a version was given, how it is kept safe, or that none is safe.

    One that is sent has to pass safe contact. Raises ReasonTooThin, Refused, CaseNotFound, Closed,
    PersonNotFound, NotAPlan, or NotSafeToSend.
    """
    stated = meaningful(kept_safe)
    case = locked_case(case_id, by)
    protected_person(case, identity, by=by)
    if how not in safety.keys("copies"):
        raise NotAPlan("Choose how a copy came to them, or that none is safe.", field="how")
    row = PlanVersion.objects.filter(
        plan__case=case, plan__person__identity=identity, number=version
    ).first()
    if row is None:
        raise NotAPlan("There is no plan to give a copy of yet.")
    if way := safety.way_of(how):
        answer = sending.may_send(identity=identity, way=Way(way), at=at, read=read)
        if isinstance(answer, NotSent):
            raise NotSafeToSend(answer.sentence)
    copy = PlanCopy.objects.create(version=row, how=how, kept_safe=stated, at=at, by=by)
    _record(Action.SAFETY_COPY_NOTED, case, {"version": row.number, "how": how}, by=by, at=at)
    return copy


@transaction.atomic
def record_print(
    *, case_id: UUID, identity: UUID, kept_safe: str, by: StaffMember, at: datetime
) -> PlanVersion:
    """Record that a plan is printed and how the paper is to be kept safe, then return what it says.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, PersonNotFound, or NotAPlan.
    """
    stated = meaningful(kept_safe)
    case = locked_case(case_id, by)
    protected_person(case, identity, by=by)
    rows = PlanVersion.objects.filter(plan__case=case, plan__person__identity=identity)
    newest: PlanVersion | None = rows.order_by("-written_at", "-number").first()
    if newest is None:
        raise NotAPlan("There is no plan to print yet.")
    audit.append(
        action=Action.SAFETY_PLAN_PRINTED,
        by=by,
        subject=about(case.pk),
        at=at,
        reason=stated,
        detail={"version": newest.number},
    )
    return newest


def _checked(draft: Draft, *, on: date) -> dict[str, str]:
    if draft.made_with not in safety.keys("made_with"):
        raise NotAPlan("Choose whether it was made with them.", field="made_with")
    if draft.made_with != safety.MADE_WITH_THEM and not draft.why_not.strip():
        raise NotAPlan("Say why it was not made with them, or not all of it.", field="why_not")
    if draft.next_look < on:
        raise NotAPlan("Choose a day from today on.", field="next_look")
    return _lines(draft)


def _lines(draft: Draft) -> dict[str, str]:
    said = {topic.key: draft.lines.get(topic.key, "").strip() for topic in safety.TOPICS}
    lines = {key: words for key, words in said.items() if words}
    if not lines:
        raise NotAPlan("Write something on at least one topic.")
    for key, words in lines.items():
        if len(words) > safety.LONGEST_WORDS:
            raise NotAPlan(f"Shorten this to {safety.LONGEST_WORDS} characters.", field=key)
    for key in draft.acted_on:
        if key not in lines:
            raise NotAPlan("Write what somebody has to act on.", field=key)
    return lines


def _plan(case: Case, person: Person, *, by: StaffMember, at: datetime) -> SafetyPlan:
    # By identity: another row of the same person may have it.
    known = SafetyPlan.objects.filter(case=case, person__identity=person.identity)
    return known.order_by("begun_at", "pk").first() or SafetyPlan.objects.create(
        case=case, person=person, begun_at=at, begun_by=by
    )


def _record(
    action: Action, case: Case, detail: dict[str, object], *, by: StaffMember, at: datetime
) -> None:
    audit.append(action=action, by=by, subject=about(case.pk), at=at, detail=detail)
