"""Who can know of a case: for what a member sees, and for who counts as its owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from safehold.domain import access
from safehold.domain.access import Permission, Subject
from safehold.records.cases.models import Case, CaseIncident, CaseMember, CaseParty, Relation
from safehold.records.conflicts import kept_people, recusals
from safehold.records.conflicts.models import Recusal
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import IncidentReport
from safehold.records.people.models_of_persons import Person
from safehold.records.staff.models import StaffMember

_POLICE_PARTY = Subject(police_party=True)
_NAMED = "named_on_it"


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
    if kept_from(member).filter(pk=case.pk).exists():
        return False
    hidden = incidents_hidden_from(member)
    return hidden is None or not CaseIncident.objects.filter(hidden, case=case).exists()


def kept_from(member: StaffMember) -> QuerySet[Any, UUID]:
    """Return the cases that a member is kept from, as a question to be asked inside another.

    With an incident that they are kept from, or about somebody who may be them or close to them.
    """
    return Case.objects.filter(kept(member)).order_by().values_list("pk", flat=True)


def kept(member: StaffMember) -> Q:
    """Return the condition under which a member is kept from a case.

    Of a row by itself: a store that had to list all of them first would go through every case.
    """
    people = kept_people.identities_kept_from(member)
    parties = CaseParty.objects.filter(person__identity__in=people).values("case_id")
    on = CaseIncident.objects.filter(incidents.kept(member, "incident__")).values("case_id")
    return Q(pk__in=parties) | Q(pk__in=on)


def named_on(case: Case) -> list[Any]:
    """Return the rows of whoever was ever named on a case, each with whether they are `able` now.

    They are read once for a case that was given out: its page needs them in more than one place.
    """
    rows = CaseMember.objects.select_related("member", "named_by", "ended_by")
    can = Exists(able(case="case").filter(pk=OuterRef("pk")))
    prefetch_related_objects([case], Prefetch("members", rows.annotate(able=can), to_attr=_NAMED))
    found: list[Any] = getattr(case, _NAMED)
    return found


def able(relation: Relation | None = None, *, case: str = "pk") -> QuerySet[CaseMember]:
    """Return the memberships that stand of a case, of those who can still work on it.

    `case` is the name of the case's key in the rows that ask. Whoever left cannot, nor whoever has
    a role that sees no cases, or another one than it is sealed to, or is kept from a report in it.
    """
    roles = [role for role, may in access.table().grants.items() if Permission.SEE_CASES in may]
    of_the_case = CaseIncident.objects.filter(case=OuterRef("case"))
    kept = Recusal.objects.filter(member=OuterRef(OuterRef("member"))).values("report_id")
    about = Q(incident__report_id__in=kept) | Q(incident__reports__in=kept)
    # Of somebody who may be the member, or close to them: a party, or with a part in an incident.
    close = kept_people.rows_in_force().filter(member=OuterRef("member"))
    parties = Person.objects.filter(cases__case=OuterRef(OuterRef("case"))).values("identity")
    parts = Person.objects.filter(roles__incident__cases__case=OuterRef(OuterRef("case")))
    # Nearly nobody is kept from anything: that is asked of a member before it is of each case.
    by_name = Exists(Recusal.objects.filter(member=OuterRef("member")))
    rows = CaseMember.objects.filter(
        Q(case__sealed_to="") | Q(case__sealed_to=F("member__role")),
        Q(member__role__in=roles_for_colleagues())
        | ~Exists(of_the_case.filter(incident__police_party=True)),
        ~by_name | ~Exists(of_the_case.filter(about)),
        ~Exists(close)
        | (
            ~Exists(close.filter(person__identity__in=parties))
            & ~Exists(close.filter(person__identity__in=parts.values("identity")))
        ),
        case=OuterRef(case),
        until=None,
        member__is_active=True,
        member__role__in=roles,
    )
    return rows if relation is None else rows.filter(relation=relation)
