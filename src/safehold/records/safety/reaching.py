"""Which case a member works on for safety, whom it protects, and where nobody may be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from safehold.domain.access import Permission
from safehold.domain.case_access import Act
from safehold.domain.case_access import Part as PartOfCase
from safehold.records.agencies.models import Agency
from safehold.records.cases import queries as cases
from safehold.records.cases import standing
from safehold.records.cases.models import Case, CaseIncident, CaseParty
from safehold.records.cases.operations import Closed
from safehold.records.incidents.models import IncidentReport, Part
from safehold.records.people import finding
from safehold.records.people.models import Person
from safehold.records.people.operations import PersonNotFound
from safehold.records.shares.models import ListEntry
from safehold.records.shares.must_not import OnTheList
from safehold.records.staff.models import StaffMember

_NEVER_PROTECTED = Part.SUSPECT


@dataclass(frozen=True, slots=True)
class Protected:
    """Somebody whom a case is about and who is not said to have done it."""

    identity: UUID
    name: str
    child: bool


def locked_case(case_id: UUID, by: StaffMember) -> Case:
    """Lock an open case for somebody who may work on safety.

    Raises Refused, CaseNotFound, or Closed.
    """
    by.must(Permission.WORK_SAFETY)
    seen = cases.seen_by(by).filter(pk=case_id).values("pk")
    case = Case.objects.select_for_update(no_key=True).filter(pk__in=seen).first()
    if case is None:
        raise cases.CaseNotFound("There is no such case.")
    standing.must(case, by, PartOfCase.SAFETY, Act.CHANGE)
    if case.closed_at is not None:
        raise Closed("This case is closed: open it again first.")
    return case


def seen_case(case_id: UUID, by: StaffMember) -> Case:
    """Return a case whose safety a member may see. Raises Refused, or CaseNotFound."""
    by.must(Permission.SEE_SAFETY)
    case = cases.get(case_id=case_id, by=by)
    standing.must(case, by, PartOfCase.SAFETY, Act.SEE)
    return case


def protected_in(case: Case, *, by: StaffMember) -> list[Protected]:
    """Return whom a case may protect, as far as the member may know of them, each once.

    Whoever is said to have done it is not among them, whatever other part they have: where an
    allegation goes both ways, who is protected is decided first, and the parts say it.
    """
    rows = CaseParty.objects.filter(case=case, person__in=finding.visible_to(by))
    parts: dict[UUID, set[str]] = {}
    for identity, part in rows.order_by("added_at", "pk").values_list("person__identity", "part"):
        parts.setdefault(identity, set()).add(part)
    found = {key: said for key, said in parts.items() if _NEVER_PROTECTED not in said}
    names = finding.names_of(found)
    return [
        Protected(key, names.get(key, [""])[0], child=Part.CHILD in said)
        for key, said in found.items()
    ]


def protected_person(case: Case, identity: UUID, *, by: StaffMember) -> Person:
    """Return the row of somebody whom a case may protect. Raises PersonNotFound for any other."""
    if identity not in {each.identity for each in protected_in(case, by=by)}:
        raise PersonNotFound("There is no such person in this case.")
    return Person.objects.get(pk=identity)


def must_not_be_barred(case: Case, *, agency: Agency | None = None, name: str = "") -> None:
    """Raise OnTheList where an agency, or one of this name, must get nothing of the case.

    The lists of every report in the case count, and that of the case itself where it has one. The
    sentence is the one that a share is refused with.
    """
    reports = reports_in(case)
    listed = ListEntry.objects.filter(matter__in=[case.pk, *reports], ended_at=None)
    wanted = agency.name if agency is not None else name
    for entry in listed.exclude(agency=None).select_related("agency"):
        if entry.agency is None:
            continue
        same = agency is not None and entry.agency.pk == agency.pk
        if same or _alike(entry.agency.name, wanted):
            raise OnTheList("This agency is on the must-not-receive list of this report.")


def reports_in(case: Case) -> list[UUID]:
    """Return the keys of the reports in a case's incidents."""
    into = CaseIncident.objects.filter(case=case).values("incident_id")
    rows = IncidentReport.objects.filter(incident_id__in=into).values_list("pk", flat=True)
    return list(rows)


def members_for(case: Case, members: Iterable[StaffMember]) -> list[StaffMember]:
    """Return those of the members who may work on the safety of a case, in their order."""
    return [member for member in members if may_own(case, member)]


def may_own(case: Case, member: StaffMember) -> bool:
    """Tell whether a member may have an action in a case: they see it, and may work on safety."""
    if not (member.is_active and member.may(Permission.WORK_SAFETY)):
        return False
    return cases.seen_by(member).filter(pk=case.pk).exists()


def _alike(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
