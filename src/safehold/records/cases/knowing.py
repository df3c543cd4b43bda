"""Who can know of a case: for what a member sees, and for who counts as its owner."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from safehold.domain import access
from safehold.domain.access import Permission, Subject
from safehold.records.cases.models import Case, CaseIncident, CaseMember, Relation
from safehold.records.conflicts import recusals
from safehold.records.conflicts.models import Recusal
from safehold.records.incidents.models import IncidentReport
from safehold.records.staff.models import StaffMember

_POLICE_PARTY = Subject(police_party=True)


def roles_for_colleagues() -> list[str]:
    """Return the roles that may know of what is about a colleague."""
    return sorted(access.table().police_party_roles)


def incidents_hidden_from(member: StaffMember) -> Q | None:
    """Return which rows of incidents in cases hide the case from a member, None where none do."""
    hidden = Q()
    if not member.may(Permission.SEE_INCIDENTS, _POLICE_PARTY):
        hidden |= Q(incident__police_party=True)  # passed on since the case was opened, perhaps
    if kept := recusals.kept_from(member):
        joined = IncidentReport.objects.filter(pk__in=kept).values("incident_id")
        hidden |= Q(incident__report_id__in=kept) | Q(incident__in=joined)
    return hidden or None


def may_know(case: Case, member: StaffMember) -> bool:
    """Tell whether nothing in a case keeps a member from it."""
    hidden = incidents_hidden_from(member)
    return hidden is None or not CaseIncident.objects.filter(hidden, case=case).exists()


def able(relation: Relation | None = None, *, case: str = "pk") -> QuerySet[CaseMember]:
    """Return the memberships that stand of a case, of those who can still work on it.

    `case` is the name of the case's key in the rows that ask. Whoever left cannot, nor whoever has
    a role that sees no cases, or another one than it is sealed to, or is kept from a report in it.
    """
    roles = [role for role, may in access.table().grants.items() if Permission.SEE_CASES in may]
    of_the_case = CaseIncident.objects.filter(case=OuterRef("case"))
    kept = Recusal.objects.filter(member=OuterRef(OuterRef("member"))).values("report_id")
    about = Q(incident__report_id__in=kept) | Q(incident__reports__in=kept)
    rows = CaseMember.objects.filter(
        Q(case__sealed_to="") | Q(case__sealed_to=F("member__role")),
        Q(member__role__in=roles_for_colleagues())
        | ~Exists(of_the_case.filter(incident__police_party=True)),
        ~Exists(of_the_case.filter(about)),
        case=OuterRef(case),
        until=None,
        member__is_active=True,
        member__role__in=roles,
    )
    return rows if relation is None else rows.filter(relation=relation)
