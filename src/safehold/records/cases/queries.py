"""Questions about cases: a member meets those that they may know of, and no trace of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from safehold.domain import case_access
from safehold.domain.access import Permission
from safehold.records.audit import queries as looks
from safehold.records.audit.actors import About
from safehold.records.cases import knowing, standing
from safehold.records.cases.models import (
    Case,
    CaseIncident,
    CaseKind,
    CaseMember,
    CaseParty,
    Relation,
)
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, IncidentReport, Part
from safehold.records.people import finding
from safehold.records.people.models import PersonFlag
from safehold.records.staff import queries as staff
from safehold.records.staff.models import StaffMember

__all__ = ["CaseKind", "Part", "Relation"]

PARTS = Part.choices
RELATIONS = Relation.choices
MOST_INCIDENTS = 50  # of a case's parties, to choose from: the newest


class CaseNotFound(LookupError):
    """There is no such case, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom a case is about, with every part that they have in it."""

    identity: UUID
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """That somebody works on a case, whether they still can, and whether they left or moved.

    Somebody may be kept from it without being `gone`: who, is told to nobody.
    """

    row: CaseMember
    able: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Own:
    """How many open cases a member owns, and since when the oldest is open."""

    count: int
    since: datetime | None


def seen_by(member: StaffMember) -> QuerySet[Case]:
    """Return the cases that a member may know of.

    A restricted case is there for whoever works on it; where nobody who does can see it any more,
    for whoever hands on the work of others, or it would be lost. One about a colleague is there for
    its role alone. One with a report, or about a person, that a member is kept from is not there.
    """
    if not member.may(Permission.SEE_CASES):
        return Case.objects.none()
    shown = standing.shown_to(member)
    if member.may(Permission.HAND_ON_OTHERS):
        shown |= Q(~Exists(knowing.able()))
    found = Case.objects.filter(shown, sealed_to__in=["", member.role])
    found = found.exclude(knowing.kept(member))
    hidden = knowing.incidents_hidden_from(member)
    if hidden is None:
        return found
    return found.filter(~Exists(CaseIncident.objects.filter(hidden, case=OuterRef("pk"))))


def get(*, case_id: UUID, by: StaffMember) -> Case:
    """Return one case. Raises CaseNotFound where there is none that the member may know of."""
    seen = standing.read_with(seen_by(by), by)
    found = seen.select_related("opened_by", "closed_by").filter(pk=case_id).first()
    if found is None:
        raise CaseNotFound("There is no such case.")
    return found


def reason_since(*, case_id: UUID, by: StaffMember, since: datetime) -> str:
    """Return why a member last opened a case since a moment, empty where they did not.

    Raises CaseNotFound where there is none that they may know of.
    """
    last = looks.looks_at(About("case", str(case_id)), by=by, since=since)
    reason = Subquery(last.values("reason")[:1])
    seen = seen_by(by).filter(pk=case_id).annotate(reason=reason)
    found = list(seen.values_list("reason", flat=True))
    if not found:
        raise CaseNotFound("There is no such case.")
    return found[0] or ""


def must(case_id: UUID, part: case_access.Part, act: case_access.Act, *, by: StaffMember) -> None:
    """Let a member go on to see or change a part of a case, or raise CaseNotFound or Refused."""
    seen = standing.read_with(seen_by(by), by)
    found = seen.filter(pk=case_id).only("pk", "restricted").first()
    if found is None:
        raise CaseNotFound("There is no such case.")
    standing.must(found, by, part, act)


def may_see(case: Case, *, by: StaffMember) -> tuple[frozenset[str], frozenset[str]]:
    """Return the parts of a case that a member may see, and those that they may change."""
    how = standing.of(case, by)
    seen, changed = (case_access.parts(how, act) for act in case_access.Act)
    return frozenset(map(str, seen)), frozenset(map(str, changed))


def works_on(case: Case, member: StaffMember) -> bool:
    """Tell whether a member works on a case now."""
    return CaseMember.objects.filter(case=case, member=member, until=None).exists()


def kept_from(member: StaffMember) -> QuerySet[Any, UUID]:
    """Return the cases that a member is kept from, as a question to be asked inside another."""
    return knowing.kept_from(member)


def members_of(case: Case) -> list[Working]:
    """Return who works on a case now, its owner first."""
    now = [row for row in knowing.named_on(case) if row.until is None]
    found = [Working(row, row.able, not row.member.may(Permission.SEE_CASES)) for row in now]
    return sorted(found, key=lambda one: (one.row.relation != Relation.OWNER, one.row.member.name))


def owner_of(case_id: UUID) -> CaseMember | None:
    """Return who owns a case, whether they still can or not; None where nobody does."""
    owned = CaseMember.objects.filter(case_id=case_id, relation=Relation.OWNER, until=None)
    return owned.select_related("member").first()


def owners_of(cases: Iterable[Case]) -> dict[UUID, str]:
    """Return the names of those owners of cases who can still work on them, by case."""
    able = knowing.able(Relation.OWNER, case="case")
    rows = CaseMember.objects.filter(
        Exists(able.filter(pk=OuterRef("pk"))), case__in=list(cases)
    ).select_related("member")
    return {row.case_id: row.member.name for row in rows}


def who_may_work_on(case: Case) -> list[StaffMember]:
    """Return the members who can be named to work on a case, by name: of the side that has it."""
    side = [*who_may_work(case.sealed_to), *([] if case.sealed_to else who_may_stand_beside())]
    return [each for each in side if knowing.may_know(case, each)]


def who_may_stand_beside() -> list[StaffMember]:
    """Return the advocates of partner agencies, by name."""
    return [each for each in staff.active() if standing.fits(each, Relation.ADVOCATE)]


def who_may_work(sealed_to: str = "") -> list[StaffMember]:
    """Return the members who can work on cases that are sealed to a role, or to none, by name.

    Professional standards may see cases of the unit, and are not handed the unit's work.
    """
    standards = knowing.roles_for_colleagues()
    return [
        each
        for each in staff.active()
        if each.may(Permission.SEE_CASES)
        and standing.fits(each, Relation.OWNER)
        and (each.role == sealed_to if sealed_to else each.role not in standards)
    ]


def parties_of(case: Case, *, by: StaffMember) -> list[Party]:
    """Return whom a case is about, as far as the member may know of them."""
    rows = CaseParty.objects.filter(finding.known_to(by, "person_id"), case=case)
    rows = rows.annotate(name=finding.name_at("person__identity")).select_related("person")
    parts: dict[tuple[UUID, str], list[str]] = {}
    for row in rows.order_by("added_at", "pk"):
        parts.setdefault((row.person.identity, row.name), []).append(row.get_part_display())
    return [Party(*who, tuple(dict.fromkeys(said))) for who, said in parts.items()]


def protects(party: Party) -> bool:
    """Tell whether a case is there to protect somebody: what was done to them, or a child."""
    return any(part in party.parts for part in (Part.VICTIM.label, Part.CHILD.label))


def flags_of(parties: Iterable[Party]) -> list[tuple[str, PersonFlag]]:
    """Return the flags of people whom a case is about, each with the name, one of a concept."""
    names = {party.identity: party.name for party in parties}
    rows = PersonFlag.objects.filter(person__identity__in=names, ended_at=None)
    found: dict[tuple[UUID, str], PersonFlag] = {}
    for row in rows.select_related("person", "recorded_by").order_by("kind", "recorded_at", "pk"):
        found.setdefault((row.person.identity, row.kind), row)
    return [(names[identity], row) for (identity, _), row in found.items()]


def of_person(identity: UUID, *, by: StaffMember) -> list[Case]:
    """Return the cases about a person, the newest first."""
    about = CaseParty.objects.filter(person__identity=identity).values("case_id")
    return list(seen_by(by).filter(pk__in=about).order_by("-opened_at", "pk"))


def of_incident(incident_id: UUID, *, by: StaffMember) -> list[Case]:
    """Return the cases that an incident is in, the newest first."""
    found = seen_by(by).filter(incidents__incident=incident_id)
    return list(found.order_by("-opened_at", "pk"))


def incidents_to_add(case: Case, *, by: StaffMember) -> list[Incident]:
    """Return the newest incidents of a case's parties that are not in it, to choose from."""
    about = CaseParty.objects.filter(finding.known_to(by, "person_id"), case=case)
    theirs = incidents.seen_by(by).filter(
        roles__person__identity__in=about.values("person__identity")
    )
    others = theirs.exclude(cases__case=case).distinct()
    return list(others.order_by("-recorded_at", "pk")[:MOST_INCIDENTS])


def incidents_by_reference(references: Iterable[str], *, by: StaffMember) -> dict[str, UUID]:
    """Return incidents by reference, of those that the member may see."""
    found = incidents.seen_by(by).filter(reference__in=list(references))
    return dict(found.values_list("reference", "pk"))


def reference_of_incident(incident_id: UUID, *, by: StaffMember) -> str:
    """Return the reference of an incident that the member may see, empty for any other."""
    found = incidents.seen_by(by).filter(pk=incident_id).values_list("reference", flat=True)
    return found.first() or ""


def owned_by(*, by: StaffMember) -> list[Case]:
    """Return the open cases that a member owns, the oldest first: no more than are read at once."""
    return list(_owned(by).order_by("opened_at", "pk")[:MOST_INCIDENTS])


def own(*, by: StaffMember) -> Own:
    """Count the open cases that a member owns, with the oldest."""
    told = _owned(by).aggregate(count=Count("pk"), since=Min("opened_at"))
    return Own(told["count"], told["since"])


def _owned(member: StaffMember) -> QuerySet[Case]:
    owned = CaseMember.objects.filter(member=member, relation=Relation.OWNER, until=None)
    return seen_by(member).filter(pk__in=owned.values("case_id"), closed_at=None)


def without_owner(*, by: StaffMember) -> QuerySet[Case]:
    """Return the open cases that nobody owns, or only somebody who cannot work on them any more.

    Whoever left, moved to another role or is kept from one has nothing: the words are the same
    whatever the reason, since nobody may learn who is kept from what.
    """
    return seen_by(by).filter(~Exists(knowing.able(Relation.OWNER)), closed_at=None)


def to_hand_on(*, by: StaffMember) -> QuerySet[Case]:
    """Return the open cases that nobody owns, for whoever may hand them to somebody."""
    if not (by.may(Permission.HAND_ON_OTHERS) and by.may(Permission.SEE_CASES)):
        return Case.objects.none()
    return without_owner(by=by)


def by_reference(reference: str, *, by: StaffMember) -> UUID:
    """Return the case with exactly this reference. Raises CaseNotFound, as for none at all."""
    found = seen_by(by).filter(reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise CaseNotFound("No case that you can see has this reference.")
    return found


def references_of(case_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of cases by key, as text, of those that the member may know of."""
    found = seen_by(by).filter(pk__in=list(case_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def hidden_from(member: StaffMember) -> list[str]:
    """Return the keys of the cases that a member may not know of, as the audit has them."""
    apart = Q(restricted=True) | ~Q(sealed_to="")
    if hidden := knowing.incidents_hidden_from(member):
        apart |= Q(Exists(CaseIncident.objects.filter(hidden, case=OuterRef("pk"))))
    found = Case.objects.filter(apart).exclude(pk__in=seen_by(member).values("pk"))
    return [str(key) for key in found.values_list("pk", flat=True)]


def with_report(report_id: UUID) -> QuerySet[Case]:
    """Return the cases with an incident that a report is in, whoever asks."""
    into = IncidentReport.objects.filter(pk=report_id).values("incident_id")
    about = CaseIncident.objects.filter(
        Q(incident__in=into) | Q(incident__report_id=report_id)
    ).values("case_id")
    return Case.objects.filter(pk__in=about)


def reports_in(case_id: UUID) -> list[UUID]:
    """Return the reports that the incidents of a case were taken from, whoever asks."""
    rows = IncidentReport.objects.filter(incident__cases__case_id=case_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def hold_back(report_ids: Iterable[UUID]) -> dict[UUID, list[Case]]:
    """Return the cases with these reports by report, whoever asks: what they are kept with."""
    rows = CaseIncident.objects.filter(incident__reports__in=list(report_ids))
    rows = rows.annotate(report_id=F("incident__reports__report_id")).select_related("case")
    found: dict[UUID, list[Case]] = {}
    for row in rows:
        found.setdefault(row.report_id, []).append(row.case)
    return found
