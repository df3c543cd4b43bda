"""Who is kept from which people: every list of people, incidents and cases asks here.

Each answer is a part of the question that the list asks anyway. Whoever is kept from nobody asks
the very same, so nothing about a page tells a member that there is somebody they are not shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Q, QuerySet

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts.models import LinkedParty
from safehold.records.conflicts.models_of_people import PersonRecusal
from safehold.records.people.models_of_persons import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

PER_PAGE = 50


class NotKept(LookupError):
    """Nobody is kept by this any more."""


def rows_in_force() -> QuerySet[PersonRecusal]:
    """Return all that keeps anybody from anybody now."""
    return PersonRecusal.objects.filter(lifted_at=None)


def identities_kept_from(member: StaffMember) -> QuerySet[Any, UUID]:
    """Return the identities that a member is kept from, as a question to be asked inside another.

    By identity, so that it follows two rows that are put together, and apart again.
    """
    kept = rows_in_force().filter(member=member)
    return Person.objects.filter(pk__in=kept.values("person_id")).values_list("identity", flat=True)


def may_know_of(member: StaffMember, at: str = "") -> Q:
    """Return the condition under which a member may know of a person that `at` leads to."""
    shown = Q(**{f"{at}sealed_to__in": ["", member.role]})
    return shown & ~Q(**{f"{at}identity__in": identities_kept_from(member)})


def listed(*, by: StaffMember, page: int = 1) -> Page[PersonRecusal]:
    """Return one page of who is kept from whom, the newest first, but for the reader's own.

    Raises Refused.
    """
    return Paginator(_others(by).order_by("-at", "pk"), PER_PAGE).get_page(page)


def one(*, recusal_id: UUID, by: StaffMember) -> PersonRecusal | None:
    """Return one that is in force, None where there is none. Raises Refused."""
    return _others(by).filter(pk=recusal_id).first()


@transaction.atomic
def lift(*, recusal_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Find that a person is another of that name: the member may know of them from now on.

    All that keeps the two apart is lifted together. Raises ReasonTooThin, Refused, or NotKept.
    """
    stated = meaningful(why)
    row = one(recusal_id=recusal_id, by=by)
    if row is None:
        raise NotKept("Nobody is kept by this any more.")
    of_both = rows_in_force().filter(member=row.member, person__identity=row.person.identity)
    of_both.update(lifted_at=at, lifted_by=by, lifted_why=stated)
    audit.append(
        action=Action.PERSON_KEPT_LIFTED,
        by=by,
        subject=About("linked", str(recusal_id)),
        at=at,
        reason=stated,
        detail={"person": str(row.person.identity), "member": row.member_id},
    )


def end_of_linked(linked: LinkedParty, *, why: str, by: StaffMember, at: datetime) -> None:
    """Keep nobody by an entry that is taken off the register, inside the act that does it."""
    rows_in_force().filter(linked=linked).update(lifted_at=at, lifted_by=by, lifted_why=why)


def _others(by: StaffMember) -> QuerySet[PersonRecusal]:
    by.must(Permission.KEEP_CONFLICTS)
    rows = rows_in_force().select_related("member", "person", "linked")
    return rows.exclude(member=by)
