"""Who works on a case: named, ended, and many cases handed to somebody at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import case_access
from safehold.domain.access import Permission, Refused
from safehold.records.cases import knowing, operations, queries, standing
from safehold.records.cases.models import Case, CaseMember, Relation
from safehold.records.cases.operations import ActedMeanwhile, Closed, NotForThem
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

MOST_AT_ONCE = 200
NOT_YOURS = "Somebody owns this case: they hand it on, or a supervisor does."


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How many cases were handed on, and how many stay as they are, since others were first."""

    cases: int
    stay: int


@transaction.atomic
def name_member(
    *,
    case_id: UUID,
    member: StaffMember,
    relation: Relation,
    why: str,
    shown_owner: str | None = None,
    by: StaffMember,
    at: datetime,
) -> None:
    """Name a member to work on a case; a new owner takes the place of the one before.

    `shown_owner` is the key of whoever owned it as the member saw it, empty for nobody, None where
    nobody was shown any. Raises ReasonTooThin, Refused, CaseNotFound, Closed, ActedMeanwhile where
    it is somebody else's by now, or NotForThem.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = operations.locked(case_id, by, case_access.Part.MEMBERS)
    if relation == Relation.OWNER:
        _give_way(case, member, stated, shown_owner, by=by, at=at)
    if CaseMember.objects.filter(case=case, member=member, relation=relation, until=None).exists():
        raise ActedMeanwhile(f"{member.name} is named for this already.")
    operations.name(case, member, relation, by=by, at=at)
    detail = {"member": str(member.pk), "relation": str(relation)}
    operations.tell(case, detail, by=by, at=at, reason=stated)


@transaction.atomic
def join(*, case_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Name oneself to work on a case of the unit that one may see, with a reason.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, ActedMeanwhile where one works on it, or
    NotForThem.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = operations.locked(case_id, by, None)  # one sees it: that is what it takes
    if CaseMember.objects.filter(case=case, member=by, until=None).exists():
        raise ActedMeanwhile("You work on this case already.")
    operations.name(case, by, Relation.TEAM, by=by, at=at)
    detail = {"member": str(by.pk), "relation": str(Relation.TEAM)}
    operations.tell(case, detail, by=by, at=at, reason=stated)


@transaction.atomic
def end_membership(
    *, case_id: UUID, membership_id: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """Say that a member works on a case no longer; the row stays.

    Raises ReasonTooThin, Refused, CaseNotFound where the case has no such row, Closed,
    ActedMeanwhile where it is ended, or NotForThem where a restricted case would be without an
    owner.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = operations.locked(case_id, by, None)
    rows = CaseMember.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("member", "ended_by").filter(case=case, pk=membership_id).first()
    if row is None:
        raise queries.CaseNotFound("There is no such case.")
    if row.member_id != by.pk:
        standing.must(case, by, case_access.Part.MEMBERS, case_access.Act.CHANGE)
    if row.ended_by is not None:
        raise ActedMeanwhile(
            f"{row.ended_by.name} ended this since you opened the page: “{row.ended_why}”."
        )
    if row.relation == Relation.OWNER:
        if not _theirs_to_give(case, row, by):
            raise NotForThem(NOT_YOURS)
        if case.restricted:
            raise NotForThem("Name another owner first: nobody else would see this case.")
    _end(row, stated, by=by, at=at)
    detail = {"member": str(row.member_id), "relation": row.relation, "ended": True}
    operations.tell(case, detail, by=by, at=at, reason=stated)


@transaction.atomic
def hand_on(
    *, case_ids: Sequence[UUID], member: StaffMember, why: str, by: StaffMember, at: datetime
) -> HandedOn:
    """Hand cases that nobody can work on any more to one member, with one reason.

    One that was closed, got an owner meanwhile, or cannot be this member's stays as it is. Raises
    ReasonTooThin, Refused, or NotForThem where none or too many are chosen.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    by.must(Permission.HAND_ON_OTHERS)
    keys = sorted(set(case_ids))
    if not keys or len(keys) > MOST_AT_ONCE:
        raise NotForThem(f"Choose from 1 to {MOST_AT_ONCE} cases.")
    handed = [key for key in keys if _handed(key, member, stated, by=by, at=at)]
    return HandedOn(len(handed), len(keys) - len(handed))


def _handed(case_id: UUID, member: StaffMember, why: str, *, by: StaffMember, at: datetime) -> bool:
    try:
        case = operations.locked(case_id, by, case_access.Part.MEMBERS)
    except (queries.CaseNotFound, Closed, Refused):
        return False
    takes = member.may(Permission.WORK_CASES) and case.sealed_to in {"", member.role}
    if operations.owned(case) or not (takes and knowing.may_know(case, member)):
        return False
    for row in _owners(case):
        _end(row, why, by=by, at=at)
    operations.name(case, member, Relation.OWNER, by=by, at=at)
    detail = {"member": str(member.pk), "relation": str(Relation.OWNER), "many": True}
    operations.tell(case, detail, by=by, at=at, reason=why)
    return True


def _give_way(
    case: Case,
    member: StaffMember,
    why: str,
    shown_owner: str | None,
    *,
    by: StaffMember,
    at: datetime,
) -> None:
    if not member.may(Permission.WORK_CASES):
        raise NotForThem("This member cannot work on this case.")
    rows = _owners(case)
    stands = str(rows[0].member_id) if rows else ""
    if shown_owner is not None and shown_owner != stands:
        whose = f"It is {rows[0].member.name}’s now" if rows else "Nobody owns it now"
        raise ActedMeanwhile(f"Somebody handed it on since you opened this page. {whose}.")
    for row in rows:
        if row.member_id == member.pk:
            raise ActedMeanwhile(f"{member.name} owns this case already.")
        if not _theirs_to_give(case, row, by):
            raise NotForThem(NOT_YOURS)
        _end(row, why, by=by, at=at)


def _theirs_to_give(case: Case, row: CaseMember, by: StaffMember) -> bool:
    """Tell whether a member may take a case from its owner, as with reports."""
    may = row.member_id == by.pk or by.may(Permission.HAND_ON_OTHERS)
    return may or not operations.owned(case)


def _owners(case: Case) -> list[CaseMember]:
    rows = CaseMember.objects.select_for_update(no_key=True, of=("self",))
    owners = rows.filter(case=case, relation=Relation.OWNER, until=None)
    return list(owners.select_related("member").order_by("pk"))


def _end(row: CaseMember, why: str, *, by: StaffMember, at: datetime) -> None:
    row.until, row.ended_by, row.ended_why = at, by, why
    row.save(update_fields=["until", "ended_by", "ended_why"])
