"""A member never meets a person who may be themselves, or close to them; others work on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import members
from safehold.records.cases import operations as cases
from safehold.records.cases import queries as case_queries
from safehold.records.cases.models import CaseKind
from safehold.records.conflicts import kept_people, operations, recusals, register
from safehold.records.conflicts.models import PersonRecusal, RegisterKey
from safehold.records.histories import queries as histories
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    Part,
    Setting,
)
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import index, queries
from safehold.records.people import operations as people
from safehold.records.people.finding import Sought, visible_to
from safehold.records.people.models import Person, PersonName
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
SAID = people.Origin("somebody", "the neighbour")


@pytest.fixture
def officer():
    return member(name="Ilka Brandreth")


@pytest.fixture
def other():
    return member(name="Pell Lisle")


@pytest.fixture
def standards():
    return member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")


def person(by, name: str = "Ilka Brandreth") -> Person:
    return people.record_person(name=name, origin=SAID, by=by, at=AT)


def link(standards, officer, name: str = "Thessaly Marchbanks", **changes):
    given = {"relation": "former", "colleague": officer, "colleague_name": "", **changes}
    return operations.add_linked(name=name, by=standards, at=AT, **given)


def found(by, name: str = "Ilka Brandreth") -> list[str]:
    findings = people.find_people(sought=Sought(name), reason=REASON, by=by, at=AT)
    return [each.name for each in findings.people]


def tied(by, who: Person) -> Incident:
    incident = record_by_officer(
        said=Recorded(
            Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=(Part.SUSPECT,)
        ),
        by=by,
        at=AT,
    )
    ties.tie(
        incident_id=incident.pk,
        role_id=incident.roles.get().pk,
        identity=who.identity,
        category="suspect",
        relationship="",
        by=by,
        at=AT,
    )
    return incident


def test_a_person_of_a_members_name_is_there_for_all_but_that_member(officer, other) -> None:
    made = person(other)
    assert found(officer) == []
    assert found(other) == ["Ilka Brandreth"]
    with pytest.raises(people.PersonNotFound):
        queries.look_at_person(identity=made.identity, reason=REASON, by=officer, at=AT)
    assert queries.references_of([str(made.pk)], by=officer) == {}
    assert queries.kept_from(officer) == [str(made.pk)]


def test_a_member_who_comes_later_is_kept_from_who_is_there(other) -> None:
    person(other, "Brandreth, Ilka Jane")
    assert found(member(name="Ilka Brandreth")) == []


def test_a_linked_party_is_kept_from_their_colleague_until_taken_off(
    officer, other, standards
) -> None:
    there = person(other, "Tess Marchbanks-Vale")
    row = link(standards, officer, "Thessaly Marchbanks")
    later = person(other, "Thessaly Marchbanks")
    assert not visible_to(officer).filter(pk=later.pk).exists()
    assert visible_to(officer).filter(pk=there.pk).exists()  # Tess is no short form that we know
    assert visible_to(other).filter(pk=later.pk).exists()
    operations.end_linked(linked_id=row.pk, why="They parted years ago", by=standards, at=AT)
    assert visible_to(officer).filter(pk=later.pk).exists()
    assert not RegisterKey.objects.filter(linked=row).exists()


def test_a_linked_party_is_kept_who_was_recorded_before(officer, other, standards) -> None:
    before = person(other, "Thessaly Marchbanks")
    link(standards, officer)
    assert not visible_to(officer).filter(pk=before.pk).exists()


def test_somebody_linked_to_a_colleague_by_name_counts_when_that_colleague_comes(
    other, standards
) -> None:
    link(standards, None, colleague_name="Edda Marsh")
    made = person(other, "Thessaly Marchbanks")
    newcomer = member(name="Edda Marsh")
    assert not visible_to(newcomer).filter(pk=made.pk).exists()


def test_it_follows_a_merge_and_its_parting_both_ways(officer, other) -> None:
    hidden, plain = person(other), person(other, "Ilka Voss")
    for kept, folded in ((plain, hidden), (hidden, plain)):
        Person.objects.filter(pk=folded.pk).update(identity=kept.pk)
        assert not visible_to(officer).filter(pk__in=[hidden.pk, plain.pk]).exists()
        assert visible_to(other).filter(pk__in=[hidden.pk, plain.pk]).count() == 2
        Person.objects.filter(pk=folded.pk).update(identity=folded.pk)
        assert list(visible_to(officer)) == [Person.objects.get(pk=plain.pk)]


def test_a_name_that_is_added_later_counts(officer, other) -> None:
    made = person(other, "Oswin Tarrant")
    assert visible_to(officer).filter(pk=made.pk).exists()
    people.add_name(
        identity=made.identity, name="Ilka Brandreth", kind="birth", origin=SAID, by=other, at=AT
    )
    assert not visible_to(officer).filter(pk=made.pk).exists()


def test_incidents_histories_and_cases_with_them_are_not_there(officer, other) -> None:
    who, victim = person(other), person(other, "Wren Alder")
    incident = tied(other, who)
    case = cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[incident.pk],
        why=REASON,
        restricted=False,
        owner=other,
        team="",
        by=other,
        at=AT,
    )
    cases.add_party(case_id=case.pk, identity=victim.identity, part=Part.VICTIM, by=other, at=AT)
    assert not incidents.seen_by(officer).exists()
    assert incidents.seen_by(other).exists()
    assert incidents.all_undecided(by=officer).count() == 0
    with pytest.raises(incidents.IncidentNotFound):
        incidents.get(incident_id=incident.pk, by=officer)
    assert not case_queries.seen_by(officer).exists()
    assert case_queries.of_person(victim.identity, by=officer) == []
    assert histories.of_person(who.identity, by=officer).entries == ()
    with pytest.raises(cases.NotForThem):
        members.name_member(
            case_id=case.pk, member=officer, relation="team", why=REASON, by=other, at=AT
        )
    assert len(case_queries.of_person(victim.identity, by=other)) == 1


def test_a_case_whose_owner_is_kept_from_it_later_is_handed_on(officer, other) -> None:
    boss = member(Role.SUPERVISOR, name="Ro Tarn")
    who = person(other, "Oswin Tarrant")
    case = cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[tied(other, who).pk],
        why=REASON,
        restricted=False,
        owner=officer,
        team="",
        by=other,
        at=AT,
    )
    assert list(case_queries.without_owner(by=boss)) == []
    people.add_name(
        identity=who.identity, name="Ilka Brandreth", kind="birth", origin=SAID, by=other, at=AT
    )
    assert case_queries.own(by=officer).count == 0
    assert list(case_queries.without_owner(by=boss)) == [case]


def test_standards_lift_it_with_a_reason_and_it_stays_lifted(officer, other, standards) -> None:
    made = person(other)
    row = PersonRecusal.objects.get()
    assert [each.pk for each in kept_people.listed(by=standards)] == [row.pk]
    with pytest.raises(ReasonTooThin):
        kept_people.lift(recusal_id=row.pk, why="no", by=standards, at=AT)
    with pytest.raises(Refused):
        kept_people.lift(recusal_id=row.pk, why="Another person", by=other, at=AT)
    kept_people.lift(
        recusal_id=row.pk, why="Born thirty years before the member", by=standards, at=AT
    )
    assert visible_to(officer).filter(pk=made.pk).exists()
    assert AuditEvent.objects.filter(action="keeping from a person lifted").count() == 1
    people.add_name(
        identity=made.identity, name="I. Ilka Brandreth", kind="usual", origin=SAID, by=other, at=AT
    )
    assert register.compare_all(at=AT + timedelta(days=1)) > 0
    assert visible_to(officer).filter(pk=made.pk).exists()
    with pytest.raises(kept_people.NotKept):
        kept_people.lift(recusal_id=row.pk, why="Once more, the same", by=standards, at=AT)


def test_nobody_lifts_or_sees_what_keeps_themselves(other) -> None:
    own = member(Role.PROFESSIONAL_STANDARDS, name="Ilka Brandreth")
    person(other)
    assert list(kept_people.listed(by=own)) == []
    with pytest.raises(kept_people.NotKept):
        kept_people.lift(
            recusal_id=PersonRecusal.objects.get().pk, why="It is another", by=own, at=AT
        )


def test_many_names_are_compared_in_a_few_questions(officer, other) -> None:
    rows = [Person(reference=f"P-{n}", recorded_at=AT, recorded_by=other) for n in range(500)]
    for row in rows:
        row.identity = row.pk
    Person.objects.bulk_create(rows)
    names = [
        PersonName(
            person=row,
            kind="usual",
            written="Ilka Brandreth"
            if number % 100 == 0
            else f"Oswin {'abcdefghij'[number % 10]}x",
            source="records",
            recorded_at=AT,
            recorded_by=other,
        )
        for number, row in enumerate(rows)
    ]
    PersonName.objects.bulk_create(names)
    with CaptureQueriesContext(connections["default"]) as asked:
        index.keep(names)
    assert PersonRecusal.objects.filter(member=officer).count() == 5
    of_the_register = [each for each in asked if "conflict_register_key" in each["sql"]]
    assert len(of_the_register) == 1


def test_what_two_writers_missed_of_one_another_is_found_by_night(officer, other) -> None:
    made = person(other)
    PersonRecusal.objects.all().delete()
    assert visible_to(officer).filter(pk=made.pk).exists()
    register.compare_all(at=AT)
    assert not visible_to(officer).filter(pk=made.pk).exists()


def test_reports_of_an_incident_with_them_are_kept_too(officer, other) -> None:
    incident = tied(other, person(other))
    key = incident.pk  # any id: a report that went into the incident
    incident.reports.create(
        report_id=key, link_basis="recorded", link_key=key, added_at=AT, added_by=other
    )
    assert recusals.kept_from(officer) == [key]
    assert recusals.kept_from_any([key]) == {str(officer.pk)}
    assert recusals.kept_from(other) == []
