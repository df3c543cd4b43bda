"""Questions about the register: for professional standards, and what others may know of it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from safehold.domain.access import Permission
from safehold.domain.names import RELATIONS
from safehold.records.conflicts.comparing import are_compared
from safehold.records.conflicts.models import Colleague, LinkedParty
from safehold.records.conflicts.recusals import kept_from
from safehold.records.staff.models import StaffMember

__all__ = ["RELATIONS", "are_compared", "kept_from"]
PER_PAGE = 50


def listed(*, by: StaffMember, page: int = 1) -> Page[LinkedParty]:
    """Return one page of those who are compared, the newest first. Raises Refused."""
    return Paginator(_in_force(by), PER_PAGE).get_page(page)


def one(*, linked_id: UUID, by: StaffMember) -> LinkedParty | None:
    """Return one entry that is in force, None where there is none. Raises Refused."""
    return _in_force(by).filter(pk=linked_id).first()


def count_colleagues(*, by: StaffMember) -> int:
    """Count the names of colleagues on the last list. Raises Refused."""
    by.must(Permission.KEEP_CONFLICTS)
    return Colleague.objects.count()


def about_colleagues() -> list[str]:
    """Return the keys of the whole register, as the audit writes them: for standards alone."""
    return [str(key) for key in LinkedParty.objects.values_list("pk", flat=True)]


def _in_force(member: StaffMember) -> QuerySet[LinkedParty]:
    member.must(Permission.KEEP_CONFLICTS)
    rows = LinkedParty.objects.filter(ended_at=None).select_related("colleague", "added_by")
    return rows.order_by("-added_at", "pk")
