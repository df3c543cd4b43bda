"""Questions about cases: a member meets those that they may know of, and no trace of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from safehold.domain.access import Permission
from safehold.records.cases.models import (
    Case,
    CaseIncident,
    CaseKind,
    CaseMember,
    CaseParty,
    Relation,
)
from safehold.records.conflicts import recusals
from safehold.records.incidents.models import IncidentReport
from safehold.records.people import finding
from safehold.records.staff.models import StaffMember

__all__ = ["CaseKind", "Relation"]


class CaseNotFound(LookupError):
    """There is no such case, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a case is about."""

    identity: UUID
    name: str
    part: str


def seen_by(member: StaffMember) -> QuerySet[Case]:
    """Return the cases that a member may know of.

    A restricted case is there for whoever works on it; one about a colleague for its role alone.
    One with a report that a member is kept from is not there for that member.
    """
    if not member.may(Permission.SEE_CASES):
        return Case.objects.none()
    works = CaseMember.objects.filter(case=OuterRef("pk"), member=member, until=None)
    found = Case.objects.filter(sealed_to__in=["", member.role])
    found = found.filter(Q(restricted=False) | Exists(works))
    if kept := recusals.kept_from(member):
        about = IncidentReport.objects.filter(pk__in=kept).values("incident_id")
        found = found.exclude(incidents__incident_id__in=about)
    return found


def get(*, case_id: UUID, by: StaffMember) -> Case:
    """Return one case. Raises CaseNotFound where there is none that the member may know of."""
    found = seen_by(by).select_related("opened_by", "closed_by").filter(pk=case_id).first()
    if found is None:
        raise CaseNotFound("There is no such case.")
    return found


def works_on(case: Case, member: StaffMember) -> bool:
    """Tell whether a member works on a case now."""
    return CaseMember.objects.filter(case=case, member=member, until=None).exists()


def may_work_on(case: Case, member: StaffMember) -> bool:
    """Tell whether nothing keeps a member from a case: no report in it that names them."""
    kept = recusals.kept_from(member)
    about = IncidentReport.objects.filter(pk__in=kept).values("incident_id")
    return not CaseIncident.objects.filter(case=case, incident_id__in=about).exists()


def members_of(case: Case) -> list[CaseMember]:
    """Return who works on a case now, its owner first."""
    rows = CaseMember.objects.filter(case=case, until=None).select_related("member")
    return sorted(rows, key=lambda row: (row.relation != Relation.OWNER, row.member.name))


def parties_of(case: Case, *, by: StaffMember) -> list[Party]:
    """Return whom a case is about, as far as the member may know of them."""
    rows = CaseParty.objects.filter(case=case, person__in=finding.visible_to(by))
    # Two rows that were put together have one part once.
    parties = {(row.person.identity, row.part): row for row in rows.select_related("person")}
    names = finding.names_of(identity for identity, _ in parties)
    return [
        Party(identity, names.get(identity, [""])[0], row.get_part_display())
        for (identity, _), row in parties.items()
    ]


def of_person(identity: UUID, *, by: StaffMember) -> list[Case]:
    """Return the cases about a person, the newest first."""
    about = CaseParty.objects.filter(person__identity=identity).values("case_id")
    return list(seen_by(by).filter(pk__in=about).order_by("-opened_at", "pk"))


def open_about(report_ids: Iterable[UUID]) -> set[UUID]:
    """Return those reports whose incident an open case works on."""
    worked_on = CaseIncident.objects.filter(case__closed_at=None).values("incident_id")
    rows = IncidentReport.objects.filter(pk__in=list(report_ids), incident_id__in=worked_on)
    return set(rows.values_list("pk", flat=True))


def own(*, by: StaffMember) -> list[Case]:
    """Return the open cases that a member owns, the oldest first."""
    owned = CaseMember.objects.filter(member=by, relation=Relation.OWNER, until=None)
    found = seen_by(by).filter(pk__in=owned.values("case_id"), closed_at=None)
    return list(found.order_by("opened_at", "pk"))


def without_owner(*, by: StaffMember) -> list[Case]:
    """Return the open cases that nobody owns, for whoever may hand them to somebody."""
    owned = CaseMember.objects.filter(case=OuterRef("pk"), relation=Relation.OWNER, until=None)
    found = seen_by(by).filter(~Exists(owned), closed_at=None)
    return list(found.order_by("opened_at", "pk"))


def references_of(case_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of cases by key, as text, of those that the member may know of."""
    found = seen_by(by).filter(pk__in=list(case_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def about_colleagues() -> list[str]:
    """Return the keys of cases that are sealed to a role or restricted, as the audit has them."""
    hidden = Case.objects.filter(~Q(sealed_to="") | Q(restricted=True))
    return [str(key) for key in hidden.values_list("pk", flat=True)]
