"""A case about two people for tests of risk, and an assessment with its history opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from safehold.domain.risk import Answer
from safehold.domain.sources import SOURCES
from safehold.records.cases import members
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseKind, Relation
from safehold.records.histories import operations as histories
from safehold.records.incidents.models import Incident, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import operations as people
from safehold.records.people import queries as looks
from safehold.records.people.models import Person
from safehold.records.risk import grading, operations
from safehold.records.risk.models import Assessment, Grade
from safehold.records.staff.models import StaffMember
from tests.desk import AT, REASON, member

SAID = people.Origin("somebody", "the neighbour")
WHY = "She said so, and the neighbour heard it"


@dataclass(frozen=True)
class Pair:
    """Two people and a case about them."""

    case: Case
    victim: UUID
    accused: UUID


def person(name: str, *, by: StaffMember, sealed_to: str = "") -> Person:
    """Record somebody."""
    return people.record_person(name=name, origin=SAID, sealed_to=sealed_to, by=by, at=AT)


def a_case(*parties: tuple[Person, Part], by: StaffMember, restricted: bool = False) -> Case:
    """Open a case about these people, owned by whoever opens it."""
    made = cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[],
        why=REASON,
        restricted=restricted,
        owner=by,
        team="Eastmere",
        by=by,
        at=AT,
    )
    for who, part in parties:
        cases.add_party(case_id=made.pk, identity=who.identity, part=part, by=by, at=AT)
    return made


def pair(*, by: StaffMember) -> Pair:
    """Record two people and open a case about them."""
    ilka, oswin = person("Ilka Brandreth", by=by), person("Oswin Tarrant", by=by)
    made = a_case((ilka, Part.VICTIM), (oswin, Part.SUSPECT), by=by)
    return Pair(made, ilka.identity, oswin.identity)


def of_the_team(of: Pair, *, by: StaffMember, name: str = "Ro Tarn") -> StaffMember:
    """Return another officer, who works on the case."""
    other: StaffMember = member(name=name)
    members.name_member(
        case_id=of.case.pk, member=other, relation=Relation.TEAM, why=REASON, by=by, at=AT
    )
    return other


def begin(
    of: Pair, *, by: StaffMember, at: datetime = AT, instrument: str = "dash", **more: Any
) -> Assessment:
    """Begin an assessment and open the history."""
    made = operations.start(
        **{
            "case_id": of.case.pk,
            "instrument": instrument,
            "victim": of.victim,
            "accused": of.accused,
            **more,
        },
        by=by,
        at=at,
    )
    open_history(of, by=by, at=at)
    return made


def open_history(of: Pair, *, by: StaffMember, at: datetime = AT) -> None:
    """Open the history of both."""
    for identity in (of.victim, of.accused):
        looks.look_at_person(identity=identity, reason=REASON, by=by, at=at)


def say(made: Assessment, *, by: StaffMember, at: datetime = AT, **answers: Any) -> None:
    """Answer items: with one word, or with an Answer."""
    said = [
        operations.Said(item, each if isinstance(each, Answer) else Answer(each))
        for item, each in answers.items()
    ]
    operations.save_answers(assessment_id=made.pk, said=said, by=by, at=at)


def check_all(of: Pair, *, by: StaffMember, at: datetime = AT, **found: tuple[str, str]) -> None:
    """Record of every source that it was searched: nothing found, unless said otherwise."""
    for key, source in SOURCES.items():
        if not source.ours:
            outcome, words = found.get(key, ("nothing", ""))
            histories.record_search(
                identity=of.victim, source=key, outcome=outcome, words=words, by=by, at=at
            )


def submitted(of: Pair, *, by: StaffMember, at: datetime = AT, **answers: Any) -> Assessment:
    """Fill in an assessment, check, and submit it."""
    made = begin(of, by=by, at=at)
    say(made, by=by, at=at, **answers)
    check_all(of, by=by, at=at)
    operations.submit(assessment_id=made.pk, by=by, at=at)
    return made


def graded(of: Pair, grade: str, *, by: StaffMember, at: datetime = AT, **more: Any) -> Grade:
    """Fill in an assessment and grade it."""
    made = submitted(of, by=by, at=at, kill="yes")
    return grading.grade(assessment_id=made.pk, grade=grade, rationale=WHY, by=by, at=at, **more)


def tied_incident(
    *, victim: UUID, accused: UUID, by: StaffMember, at: datetime = AT - timedelta(days=20)
) -> Incident:
    """Record an incident in which one of two is said to have done something to the other."""
    made = Incident(
        reference=f"I-{at:%d%H}-{Incident.objects.count():04}",
        starts_at=at,
        ends_at=at,
        time_precision="hours",
        classification="domestic",
        crime_rests_with="supervisor",
        linkable=True,
        link_basis="recorded",
        recorded_at=at,
        recorded_by=by,
    )
    made.link_key = made.pk
    made.save()
    for part, category, who in (("victim", "victim", victim), ("suspect", "suspect", accused)):
        InIncident.objects.create(
            incident=made,
            part=part,
            category=category,
            person_id=who,
            link_key=made,
            tied_at=at,
            tied_by=by,
        )
    return made
