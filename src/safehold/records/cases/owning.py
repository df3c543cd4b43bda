"""Who owns which open cases, as far as whoever asks may know of them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from safehold.records.cases import queries
from safehold.records.cases.models import Case, CaseMember, Relation
from safehold.records.staff.models import StaffMember


def open_by_owner(members: Collection[int], *, by: StaffMember) -> dict[int, list[Case]]:
    """Return the open cases of each of these members, the oldest first, in one question."""
    rows = CaseMember.objects.filter(
        relation=Relation.OWNER,
        until=None,
        member__in=list(members),
        case__closed_at=None,
        case__in=queries.seen_by(by).values("pk"),
    )
    found: dict[int, list[Case]] = {}
    for row in rows.select_related("case").order_by("case__opened_at", "case_id"):
        found.setdefault(row.member_id, []).append(row.case)
    return found


def owners(case_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return who owns these cases, by case."""
    rows = CaseMember.objects.filter(relation=Relation.OWNER, until=None, case__in=list(case_ids))
    return dict(rows.values_list("case_id", "member_id"))
