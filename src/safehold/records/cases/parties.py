"""Moving a part in a case to another person, as after a merge that was taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import queries
from safehold.records.cases.models import CaseParty
from safehold.records.cases.operations import about
from safehold.records.people import finding
from safehold.records.people import operations as people
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NoSuchParty(LookupError):
    """The case is about nobody of this id any more."""


@transaction.atomic
def move_party(*, party_id: int, to: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Say that a case is about another person than the one it names in this part.

    Where it names both, the wrong one goes. Raises ReasonTooThin, Refused, NoSuchParty, or
    PersonNotFound.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    rows = CaseParty.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk=party_id, case__in=queries.seen_by(by), person__in=finding.visible_to(by)
    )
    party = rows.select_related("person", "case").first()
    if party is None:
        raise NoSuchParty("The case is about this person no longer.")
    other, before = people.standing(to, by=by), party.person
    if before.sealed_to != other.sealed_to:
        raise people.PersonNotFound("There is no such person.")
    named = CaseParty.objects.filter(case=party.case, person=other, part=party.part)
    if named.exists():
        party.delete()
    else:
        CaseParty.objects.filter(pk=party.pk).update(person=other, added_at=at, added_by=by)
    audit.append(
        action=Action.CASE_CHANGED,
        by=by,
        subject=about(party.case_id),
        at=at,
        reason=stated,
        detail={"part": party.part, "from": str(before.identity), "to": str(to)},
    )
