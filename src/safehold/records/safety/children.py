"""The children of a case: where each lives, and whether children's social care was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import safety
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases.operations import about
from safehold.records.people.models import Person
from safehold.records.people.operations import PersonNotFound
from safehold.records.safety.models import ChildNote, SafetyPlan
from safehold.records.safety.reaching import locked_case, protected_in
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotANote(ValueError):
    """What was typed says too little of a child; the message says what, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotedMeanwhile(Exception):
    """Somebody else wrote of this child since the page was drawn; the message says who."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of a child, as it is written down."""

    lives: str
    school: str
    told: str
    told_words: str
    lives_words: str = ""
    school_words: str = ""


@transaction.atomic
def note_child(
    *, case_id: UUID, identity: UUID, noted: Noted, shown: int, by: StaffMember, at: datetime
) -> ChildNote:
    """Write down what is known of a child of a case; what stood before stays.

    `shown` is the number of the note that its author saw, 0 for none. Raises ReasonTooThin,
    Refused, CaseNotFound, Closed, PersonNotFound, NotANote, or NotedMeanwhile.
    """
    told_words = meaningful(noted.told_words)
    case = locked_case(case_id, by)
    children = {each.identity for each in protected_in(case, by=by) if each.child}
    if identity not in children:
        raise PersonNotFound("There is no such child in this case.")
    _check(noted)
    rows = ChildNote.objects.filter(case=case, child__identity=identity)
    newest = rows.select_related("by").order_by("-number", "-at").first()
    if newest is not None and newest.number != shown:
        raise NotedMeanwhile(
            f"{newest.by.name} wrote of this child since you opened the page. What you wrote is in "
            "the boxes: look at theirs, then save yours."
        )
    made = ChildNote.objects.create(
        case=case,
        child=Person.objects.get(pk=identity),
        plan=SafetyPlan.objects.filter(case=case).order_by("begun_at", "pk").first(),
        number=newest.number + 1 if newest else 1,
        lives=noted.lives,
        lives_words=noted.lives_words.strip(),
        school=noted.school,
        school_words=noted.school_words.strip(),
        told=noted.told,
        told_words=told_words,
        at=at,
        by=by,
    )
    audit.append(
        action=Action.CHILD_NOTED,
        by=by,
        subject=about(case.pk),
        at=at,
        detail={"child": str(identity), "told": noted.told},
    )
    return made


def _check(noted: Noted) -> None:
    for field, wanted, said in (
        ("lives", "lives", noted.lives),
        ("school", "schools", noted.school),
        ("told", "children_told", noted.told),
    ):
        if said not in safety.keys(wanted):
            raise NotANote("Choose one.", field=field)
    for field, words in (
        ("lives_words", noted.lives_words),
        ("school_words", noted.school_words),
    ):
        if len(words.strip()) > safety.LONGEST_VALUE:
            raise NotANote(f"Shorten this to {safety.LONGEST_VALUE} characters.", field=field)
