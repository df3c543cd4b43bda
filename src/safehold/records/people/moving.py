"""Moving what was recorded of the wrong person, as after a merge that was taken back.

A fact is never rewritten: it is ended where it stood, with the reason, and recorded of the other,
with where it came from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.people import finding, index
from safehold.records.people.facts import KINDS, FactNotFound, FlaggedAlready, LastName
from safehold.records.people.models import PersonFlag, PersonName
from safehold.records.people.models_of_persons import Fact
from safehold.records.people.operations import PersonNotFound, about, standing
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

# What a row has of its own act, and not of what it says.
_OF_THE_ACT = {"id", "person", "recorded_at", "recorded_by", "ended_at", "ended_by", "ended_why"}


class NotMoved(ValueError):
    """What should be moved stays where it is; the message says why."""


@transaction.atomic
def move_fact(
    *, what: str, fact_id: UUID, to: UUID, why: str, by: StaffMember, at: datetime
) -> Fact:
    """Say that a fact is another person's: ended here, recorded there, and nothing lost.

    Raises ReasonTooThin, Refused, PersonNotFound, FactNotFound, FlaggedAlready, LastName, or
    NotMoved.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    fact = _fact(what, fact_id, by)
    person, other = fact.person, standing(to, by=by)
    if person.identity == to:
        raise NotMoved("It is recorded of this person already.")
    if person.sealed_to != other.sealed_to:
        raise PersonNotFound("There is no such person.")
    _may_go(fact, to)
    columns = [field.name for field in fact._meta.fields if field.name not in _OF_THE_ACT]
    given: dict[str, Any] = {name: getattr(fact, name) for name in columns}
    fact.ended_at, fact.ended_by = at, by
    fact.ended_why = f"Moved to {other.reference}: {stated}"
    fact.save(update_fields=["ended_at", "ended_by", "ended_why"])
    made = type(fact)._default_manager.create(person=other, recorded_at=at, recorded_by=by, **given)
    if isinstance(made, PersonName):
        index.keep([made])
    audit.append(
        action=Action.FACT_MOVED,
        by=by,
        subject=about(to),
        at=at,
        reason=stated,
        detail={"what": what, "from": str(person.identity), "fact": str(made.pk)},
    )
    return made


def _fact(what: str, fact_id: UUID, by: StaffMember) -> Fact:
    kind = KINDS.get(what)
    if kind is None:
        raise FactNotFound("There is no such thing to move.")
    rows = kind._default_manager.filter(ended_at=None, person__in=finding.visible_to(by))
    fact = rows.select_for_update(no_key=True, of=("self",)).select_related("person")
    found = fact.filter(pk=fact_id).first()
    if found is None:
        raise FactNotFound("This does not hold any more: somebody has ended or moved it.")
    return found


def _may_go(fact: Fact, to: UUID) -> None:
    if isinstance(fact, PersonFlag):
        there = PersonFlag.objects.filter(person__identity=to, kind=fact.kind, ended_at=None)
        if there.exists():
            raise FlaggedAlready("The other person has this flag. End this one instead.")
    if isinstance(fact, PersonName):
        left = PersonName.objects.filter(person__identity=fact.person.identity, ended_at=None)
        if left.count() == 1:
            raise LastName("A person keeps at least one name. Add the right one first.")
