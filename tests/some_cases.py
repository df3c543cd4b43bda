"""Cases for tests: incidents of reports with people tied to their parts, and a case on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from safehold.domain.access import Role
from safehold.records.cases import members, operations
from safehold.records.cases.models import Case, CaseKind, Relation
from safehold.records.conflicts.models import Recusal
from safehold.records.incidents import recording, ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    IncidentReport,
    Part,
    Setting,
)
from safehold.records.incidents.recording import Recorded
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from tests.desk import AT, REASON, send_harm

SAID = people.Origin("somebody", "the neighbour")


def person(name: str, *, by: Any, sealed_to: str = "") -> Person:
    """Record somebody."""
    return people.record_person(name=name, origin=SAID, sealed_to=sealed_to, by=by, at=AT)


def incident(*, by: Any, people_in: dict[Part, Person] | None = None) -> Incident:
    """Record an incident as an officer does, with people tied to their parts."""
    parts = tuple(people_in or {})
    said = Recorded(
        classification=Classification.DOMESTIC,
        setting=Setting.PRIVATE,
        acquainted=Acquainted.KNOWN,
        starts_at=AT,
        parts=parts,
    )
    made = recording.record_by_officer(said=said, by=by, at=AT)
    categories = {Part.VICTIM: "victim", Part.SUSPECT: "suspect", Part.WITNESS: "witness"}
    for part, who in (people_in or {}).items():
        ties.tie(
            incident_id=made.pk,
            role_id=made.roles.get(part=part).pk,
            identity=who.identity,
            category=categories[part],
            by=by,
            at=AT,
        )
    return made


def with_report(made: Incident, *, by: Any, report_id: UUID | None = None) -> UUID:
    """Let an incident be of a report, as one that was accepted is."""
    report_id = report_id or send_harm()
    Incident.objects.filter(pk=made.pk).update(report_id=report_id)
    IncidentReport.objects.create(
        report_id=report_id,
        incident=made,
        link_basis="named",
        link_key=report_id,
        added_at=AT,
        added_by=by,
    )
    return report_id


def case(*incidents: Incident, by: Any, owner: Any = None, **more: Any) -> Case:
    """Open a case on incidents."""
    return operations.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[each.pk for each in incidents],
        why=REASON,
        restricted=more.pop("restricted", False),
        owner=owner,
        team=more.pop("team", "Eastmere"),
        by=by,
        at=more.pop("at", AT),
    )


def names(case: Case, who: Any, *, by: Any, relation: Relation = Relation.SUPERVISOR) -> None:
    """Name a member to work on a case."""
    members.name_member(case_id=case.pk, member=who, relation=relation, why=REASON, by=by, at=AT)


def keep_from(who: Any, report_id: UUID) -> None:
    """Keep a member from a report, as the comparison with the register does."""
    Recusal.objects.create(report_id=report_id, member=who, at=AT)


def leave(who: Any) -> None:
    """Let a member have left."""
    who.is_active = False
    who.save(update_fields=["is_active"])


def move(who: Any, role: Role = Role.EDITOR) -> None:
    """Let a member have moved to a role that sees no cases."""
    who.role = role
    who.save(update_fields=["role"])
