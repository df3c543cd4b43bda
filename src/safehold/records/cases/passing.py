"""Passing a person, an incident or a case to professional standards, with all that hangs on it.

That somebody in it works for the police is often learnt later. From the commit on the unit sees no
trace: no person, incident, case or report of it, in no list, count or record of who looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from safehold.domain import case_access
from safehold.domain.access import Permission, Role
from safehold.domain.triage_slip import Said
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.cases import queries
from safehold.records.cases.models import Case, CaseIncident, CaseMember, CaseParty
from safehold.records.conflicts.models_of_people import PassedTogether
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as of_incidents
from safehold.records.incidents.models import Incident, IncidentReport
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import queries as people
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage import passing
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.passing import NotPassed as NotPassed
from safehold.records.triage.reasons import meaningful

STANDARDS: Final = str(Role.PROFESSIONAL_STANDARDS)
_ACTIONS: Final = {
    "person": Action.PERSON_PASSED,
    "incident": Action.INCIDENT_PASSED,
    "case": Action.CASE_PASSED,
}


@dataclass(frozen=True, slots=True)
class Together:
    """What goes with what: keys of rows, each once."""

    people: frozenset[UUID]
    incidents: frozenset[UUID]
    cases: frozenset[UUID]


@transaction.atomic
def pass_to_standards(
    *, kind: str, key: UUID, reason: str, by: StaffMember, at: datetime
) -> Together:
    """Pass somebody or something and what hangs on it to professional standards; say what went.

    Whoever is known by nothing else goes too: a name left behind would tell. Raises ReasonTooThin,
    Refused, PersonNotFound, IncidentNotFound, CaseNotFound, or NotPassed.
    """
    stated = meaningful(reason)
    _must(kind, key, by)
    if is_sealed(kind=kind, key=key, by=by):
        raise NotPassed("Professional standards have this already.")
    with row_security.as_system():  # whoever passes it on may not see it afterwards
        went = _to_standards(_hanging(kind, key), stated, by=by, at=at)
    _record(kind, key, went, to=True, reason=stated, by=by, at=at)
    return went


def _to_standards(found: Together, stated: str, *, by: StaffMember, at: datetime) -> Together:
    _seal_cases(found, STANDARDS)
    _away(found.cases, at=at, by=by)
    passing.pass_together(_reports(found.incidents), to=Said.PASSED, reason=stated, by=by, at=at)
    _seal_others(found, STANDARDS)
    left = _left_behind(found)
    Person.objects.filter(pk__in=left).update(sealed_to=STANDARDS)
    return Together(found.people | left, found.incidents, found.cases)


@transaction.atomic
def pass_to_unit(*, kind: str, key: UUID, reason: str, by: StaffMember, at: datetime) -> Together:
    """Pass to the unit what is not professional standards', with what went with it; say what went.

    What hangs on somebody else who is sealed stays. Raises as `pass_to_standards` does.
    """
    stated = meaningful(reason)
    _must(kind, key, by)
    if str(by.role) != STANDARDS or not is_sealed(kind=kind, key=key, by=by):
        raise NotPassed("The unit has this already.")
    with row_security.as_system():
        went = _without_colleagues(_went_with(kind, key))
        _seal_cases(went, "")
    passing.pass_together(_reports(went.incidents), to=Said.NOT_OURS, reason=stated, by=by, at=at)
    with row_security.as_system():
        _seal_others(went, "")
    _record(kind, key, went, to=False, reason=stated, by=by, at=at)
    return went


def is_sealed(*, kind: str, key: UUID, by: StaffMember) -> bool:
    """Tell whether somebody or something is for professional standards alone.

    Raises PersonNotFound, IncidentNotFound, Refused or CaseNotFound as looking at it does.
    """
    if kind == "person":
        return bool(people.get(key, by=by).sealed_to)
    if kind == "incident":
        return of_incidents.get(incident_id=key, by=by).police_party
    return bool(queries.get(case_id=key, by=by).sealed_to)


def _must(kind: str, key: UUID, by: StaffMember) -> None:
    by.must(Permission.RECORD_PEOPLE)
    if kind == "case":
        queries.must(key, case_access.Part.CASE, case_access.Act.CHANGE, by=by)


def _hanging(kind: str, key: UUID) -> Together:
    """Return what hangs on a person, an incident or a case, and is not sealed yet."""
    persons = set[UUID]()
    cases = {key} if kind == "case" else set[UUID]()
    happened = {key} if kind == "incident" else set[UUID]()
    if kind == "person":
        persons = set(Person.objects.filter(identity=key).values_list("pk", flat=True))
        roles = InIncident.objects.filter(person__identity=key)
        happened = set(roles.values_list("incident_id", flat=True))
        cases = set(
            CaseParty.objects.filter(person__identity=key).values_list("case_id", flat=True)
        )
    elif kind == "case":
        on = CaseIncident.objects.filter(case_id=key)
        happened = set(on.values_list("incident_id", flat=True))
    on = CaseIncident.objects.filter(incident_id__in=happened)
    cases |= set(on.values_list("case_id", flat=True))
    return Together(
        people=frozenset(persons),
        incidents=_keys(Incident.objects.filter(pk__in=happened, police_party=False)),
        cases=_keys(Case.objects.filter(pk__in=cases, sealed_to="")),
    )


def _left_behind(found: Together) -> frozenset[UUID]:
    """Return people of what goes of whom the unit would know nothing else."""
    told = Q(roles__incident__in=found.incidents) | Q(cases__case__in=found.cases)
    identities = set(Person.objects.filter(told, sealed_to="").values_list("identity", flat=True))
    open_roles = InIncident.objects.filter(
        person__identity__in=identities, incident__police_party=False
    )
    open_cases = CaseParty.objects.filter(person__identity__in=identities, case__sealed_to="")
    known = set(open_roles.values_list("person__identity", flat=True))
    known |= set(open_cases.values_list("person__identity", flat=True))
    return _keys(Person.objects.filter(identity__in=identities - known))


def _went_with(kind: str, key: UUID) -> Together:
    rows = PassedTogether.objects.filter(subject_kind=kind, subject_id=key).order_by("-at", "-pk")
    row = rows.first()
    if row is not None and row.to_standards:
        return Together(
            *(frozenset(map(UUID, row.went[name])) for name in ("people", "incidents", "cases"))
        )
    # It was sealed when it was recorded: nothing went with it.
    return Together(
        people=_keys(Person.objects.filter(identity=key)) if kind == "person" else frozenset(),
        incidents=frozenset({key}) if kind == "incident" else frozenset(),
        cases=frozenset({key}) if kind == "case" else frozenset(),
    )


def _without_colleagues(went: Together) -> Together:
    sealed = Person.objects.exclude(sealed_to="").exclude(pk__in=went.people)
    theirs = InIncident.objects.filter(person__in=sealed).values("incident_id")
    happened = _keys(Incident.objects.filter(pk__in=went.incidents).exclude(pk__in=theirs))
    stays = CaseIncident.objects.filter(incident__police_party=True).exclude(incident__in=happened)
    parties = CaseParty.objects.filter(person__in=sealed)
    cases = Case.objects.filter(pk__in=went.cases).exclude(pk__in=stays.values("case_id"))
    cases = cases.exclude(pk__in=parties.values("case_id"))
    return Together(went.people, happened, _keys(cases))


def _seal_cases(found: Together, role: str) -> None:
    Case.objects.filter(pk__in=found.cases).update(sealed_to=role)


def _seal_others(found: Together, role: str) -> None:
    incidents.pass_whole(list(found.incidents), for_standards=bool(role))
    Person.objects.filter(pk__in=found.people).update(sealed_to=role)


def _away(cases: Iterable[UUID], *, by: StaffMember, at: datetime) -> None:
    """End the work of whoever may not know of cases any more; standards name their own."""
    rows = CaseMember.objects.filter(case__in=list(cases), until=None)
    rows.exclude(member__role=STANDARDS).update(until=at, ended_by=by, ended_why="Passed on")


def _reports(incident_ids: Iterable[UUID]) -> list[UUID]:
    keys = list(incident_ids)
    joined = IncidentReport.objects.filter(incident__in=keys).values_list("pk", flat=True)
    first = Incident.objects.filter(pk__in=keys).exclude(report_id=None)
    found = {*joined, *(key for key in first.values_list("report_id", flat=True) if key)}
    there = TriageSlip.objects.filter(pk__in=found, destroyed_at=None)
    return sorted(there.values_list("pk", flat=True), key=str)


def _keys(rows: Iterable[Person | Incident | Case]) -> frozenset[UUID]:
    return frozenset(row.pk for row in rows)


def _record(
    kind: str,
    key: UUID,
    went: Together,
    *,
    to: bool,
    reason: str,
    by: StaffMember,
    at: datetime,
) -> None:
    PassedTogether.objects.create(
        subject_kind=kind,
        subject_id=key,
        to_standards=to,
        went={
            name: sorted(map(str, getattr(went, name))) for name in ("people", "incidents", "cases")
        },
        reason=reason,
        by=by,
        at=at,
    )
    audit.append(
        action=_ACTIONS[kind],
        by=by,
        subject=About(kind, str(key)),
        at=at,
        reason=reason,
        detail={
            "to": "standards" if to else "unit",
            "people": len(went.people),
            "incidents": len(went.incidents),
            "cases": len(went.cases),
        },
    )
