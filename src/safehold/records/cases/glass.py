"""Breaking the glass: what of a person is not shown, opened in an emergency, and looked at after.

It is offered on every person's page, so that the offer says nothing. It opens restricted cases for
some hours, and never what is about a colleague or sealed to another role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from safehold.domain import case_access
from safehold.domain.access import Permission
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import knowing, queries
from safehold.records.cases.models import Case, CaseMember, CaseParty, Glass, GlassCase
from safehold.records.people import operations as people
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NothingToReview(LookupError):
    """Somebody has looked at it already, or there is no such opening."""


class OwnGlass(Exception):
    """Whoever opened it does not say whether that was right."""


@dataclass(frozen=True, slots=True)
class ToReview:
    """An opening that nobody has looked at: who, when, why, and how many cases it showed."""

    glass: Glass
    opened: int
    late: bool


@transaction.atomic
def break_glass(
    *, identity: UUID, reason: str, by: StaffMember, at: datetime
) -> tuple[Glass, list[Case]]:
    """Open to a member, for some hours, the restricted cases about somebody.

    The row is kept and looked at afterwards whether there was anything or not. Raises
    ReasonTooThin, Refused, or PersonNotFound.
    """
    stated = meaningful(reason)
    by.must(Permission.BREAK_GLASS)
    person = people.standing(identity, by=by)
    made = Glass.objects.create(
        person=person,
        member=by,
        reason=stated,
        at=at,
        until=at + case_access.table().glass_lasts,
    )
    with row_security.as_system():
        cases = [case for case in _restricted(identity, by) if knowing.may_know(case, by)]
        GlassCase.objects.bulk_create([GlassCase(glass=made, case=case) for case in cases])
    audit.append(
        action=Action.GLASS_BROKEN,
        by=by,
        subject=people.about(identity),
        at=at,
        reason=stated,
        detail={"opening": str(made.pk), "cases": len(cases), "until": made.until.isoformat()},
    )
    return made, cases


def to_review(*, by: StaffMember, at: datetime) -> list[ToReview]:
    """Return the openings that nobody has looked at, the oldest first. Raises Refused."""
    by.must(Permission.REVIEW_GLASS)
    within = case_access.table().glass_reviewed_within
    rows = _waiting().exclude(member=by).select_related("member").order_by("at", "pk")
    return [
        ToReview(row, row.opened, late=at > row.at + within)
        for row in rows.annotate(opened=Count("cases"))
    ]


def waiting(*, by: StaffMember) -> QuerySet[Glass]:
    """Return the openings that wait for somebody to look at them, for whoever may."""
    rows = _waiting().exclude(member=by)
    return rows if by.may(Permission.REVIEW_GLASS) else rows.none()


def of_own_cases(*, by: StaffMember, since: datetime) -> list[Glass]:
    """Return the openings of cases that a member owns, since a moment: the owner is told."""
    owned = CaseMember.objects.filter(member=by, relation="owner", until=None).values("case_id")
    rows = Glass.objects.filter(cases__case__in=owned, at__gte=since).exclude(member=by)
    return list(rows.select_related("member").distinct().order_by("-at", "pk"))


@transaction.atomic
def review(*, glass_id: UUID, was_right: bool, words: str, by: StaffMember, at: datetime) -> Glass:
    """Say whether it was right to open it, once, by somebody else.

    Raises ReasonTooThin, Refused, NothingToReview, or OwnGlass.
    """
    stated = meaningful(words)
    by.must(Permission.REVIEW_GLASS)
    rows = _waiting().select_for_update(of=("self",), no_key=True).select_related("person")
    found = rows.filter(pk=glass_id).first()
    if found is None:
        raise NothingToReview("Somebody else has looked at this already.")
    if found.member_id == by.pk:
        raise OwnGlass("You opened it yourself: another person looks at it.")
    found.reviewed_by, found.reviewed_at = by, at
    found.was_right, found.review = was_right, stated
    found.save()
    audit.append(
        action=Action.GLASS_REVIEWED,
        by=by,
        subject=people.about(found.person.identity),
        at=at,
        reason=stated,
        detail={"was right": was_right, "opened by": str(found.member_id)},
    )
    return found


def _waiting() -> QuerySet[Glass]:
    return Glass.objects.filter(reviewed_at=None)


def _restricted(identity: UUID, member: StaffMember) -> list[Case]:
    about_them = CaseParty.objects.filter(person__identity=identity).values("case_id")
    seen = queries.seen_by(member).values("pk")
    side = Case.objects.filter(sealed_to__in=["", member.role])
    return list(side.filter(pk__in=about_them, restricted=True).exclude(pk__in=seen))
