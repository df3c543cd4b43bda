"""Two records become one person by a decision, and two again, and nothing is ever lost by it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import Error, connections, transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.decided import missing_decided
from safehold.records.histories import meanwhile
from safehold.records.histories import operations as searching
from safehold.records.histories import queries as histories
from safehold.records.incidents import ties
from safehold.records.incidents.models import Acquainted, Classification, Part, Setting
from safehold.records.incidents.models import Role as InIncident
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import facts, finding, merging, moving, operations, queries
from safehold.records.people.models import Contact, Merge, PersonFlag, PersonName
from safehold.records.people.operations import PersonNotFound
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.merged import LATER, SAID, WHY, clusters, look, merge, person, reach, unmerge

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR)


def test_two_become_one_and_each_fact_stays_as_it_was(boss) -> None:
    one, other = person(boss), person(boss, "Ilka Voss")
    reach(boss, other, "07700 900456")
    made = merge(boss, one, other)
    found = queries.look_at_person(identity=one, reason=REASON, by=boss, at=AT)
    assert {name.written for name in found.names} == {"Ilka Brandreth", "Ilka Voss"}
    assert [contact.value for contact in found.contacts] == ["07700 900456"]
    assert queries.identity_of(other, by=boss) == one
    row = AuditEvent.objects.filter(action="persons merged").get()
    assert (row.subject_id, row.reason) == (str(one), WHY)
    assert row.detail == {"merge": str(made.pk), "folded": str(other), "rows": 1}


def test_a_decision_and_the_row_about_it_are_one_act(boss, monkeypatch) -> None:
    one, other = person(boss), person(boss)

    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        merge(boss, one, other)
    assert len(clusters()) == 2


def test_whoever_decides_has_looked_at_both_and_says_why(boss) -> None:
    one, other = person(boss), person(boss)
    with pytest.raises(ReasonTooThin):
        merging.merge(kept=one, folded=other, why="same", by=boss, at=AT)
    with pytest.raises(Refused):
        merge(member(), one, other)
    with pytest.raises(merging.NotLookedAt):
        merge(member(Role.SUPERVISOR, name="Pell Lisle"), one, other)
    with pytest.raises(merging.NotLookedAt):  # the next shift
        merging.merge(kept=one, folded=other, why=WHY, by=boss, at=AT + timedelta(hours=11))


def test_an_earlier_merge_of_a_chain_gives_back_exactly_its_rows(boss) -> None:
    a, b, c, d = (person(boss) for _ in range(4))
    first = merge(boss, a, b)
    second = merge(boss, c, a)
    merge(boss, c, d)
    assert clusters() == {frozenset({a, b, c, d})}
    unmerge(boss, first)
    assert clusters() == {frozenset({a, c, d}), frozenset({b})}
    unmerge(boss, second)
    assert clusters() == {frozenset({a}), frozenset({b}), frozenset({c, d})}


def test_what_was_put_together_anew_stays_so_when_the_old_decision_is_taken_back(boss) -> None:
    a, b, c = (person(boss) for _ in range(3))
    first = merge(boss, a, b)
    second = merge(boss, c, a)
    unmerge(boss, first)
    look(boss, b)
    merge(boss, c, b)
    unmerge(boss, second)
    assert clusters() == {frozenset({b, c}), frozenset({a})}


def test_a_decision_is_taken_back_once(boss) -> None:
    made = merge(boss, person(boss), person(boss))
    unmerge(boss, made)
    with pytest.raises(merging.DecidedMeanwhile):
        unmerge(boss, made)


def test_nobody_is_put_together_twice_or_with_themselves(boss) -> None:
    one, other, third = (person(boss) for _ in range(3))
    merge(boss, one, other)
    for kept, folded in ((one, other), (other, third), (third, other)):
        with pytest.raises(merging.DecidedMeanwhile):
            merge(boss, kept, folded)
    with pytest.raises(PersonNotFound):
        merge(boss, one, one)


def test_what_was_recorded_meanwhile_stays_is_told_and_can_be_moved(boss) -> None:
    one, other = person(boss), person(boss, "Ilka Voss")
    made = merge(boss, one, other)
    hour = AT + timedelta(hours=1)
    kept = reach(boss, one, "07700 900456", at=hour)
    ended = PersonName.objects.get(person_id=other)
    facts.end_fact(
        identity=one, what="name", fact_id=ended.pk, why="She never used it", by=boss, at=hour
    )
    searching.record_search(
        identity=one, source="pnc", outcome="nothing", words="", by=boss, at=hour
    )
    unmerge(boss, made)
    listed = meanwhile.since_merge(Merge.objects.get(), by=boss, at=LATER)
    assert ("contact", kept) in listed.facts
    assert listed.ended == [("name", ended)]
    assert [search.source for search in listed.searches] == ["pnc"]
    act = {"merge_id": made.pk, "why": "The sister gave it", "by": boss, "at": LATER}
    meanwhile.move(chosen=[meanwhile.key_of(kept)], **act)
    kept.refresh_from_db()
    assert kept.ended_why.startswith("Moved to P-")
    moved = Contact.objects.get(ended_at=None)
    assert (moved.person_id, moved.value, moved.source, moved.source_words) == (
        other,
        "07700 900456",
        "somebody",
        "the neighbour",
    )
    with pytest.raises(facts.FactNotFound):
        meanwhile.move(chosen=[meanwhile.key_of(kept)], **act)


def test_while_it_holds_nothing_is_moved(boss) -> None:
    made = merge(boss, person(boss), person(boss))
    with pytest.raises(meanwhile.NotTakenBack):
        meanwhile.move(merge_id=made.pk, chosen=[], why=WHY, by=boss, at=LATER)


def test_a_moved_name_is_found_and_the_last_one_stays(boss) -> None:
    one, other = person(boss), person(boss, "Oswin Tarrant")
    added = operations.add_name(
        identity=one, name="Quenby Marl", kind="alias", origin=SAID, by=boss, at=AT
    )
    act = {"why": WHY, "by": boss, "at": LATER}
    moving.move_fact(what="name", fact_id=added.pk, to=other, **act)
    found = finding.find(finding.Sought("Quenby Marl"), by=boss)
    assert other in {each.identity for each in found.people}
    last = PersonName.objects.get(person_id=one, ended_at=None)
    with pytest.raises(facts.LastName):
        moving.move_fact(what="name", fact_id=last.pk, to=other, **act)


def test_one_flag_of_a_concept_is_shown_once_and_both_stay(boss) -> None:
    one, other = person(boss), person(boss)
    for identity in (one, other):
        facts.add_flag(identity=identity, kind="weapons", words="", origin=SAID, by=boss, at=AT)
    merge(boss, one, other)
    assert PersonFlag.objects.filter(ended_at=None).count() == 2


def test_a_part_moves_with_what_it_is_in_law(boss) -> None:
    one, other = person(boss), person(boss)
    role = tied(boss, one, Part.WITNESS, "witness")
    ties.move_role(
        incident_id=role.incident_id, role_id=role.pk, to=other, why=WHY, by=boss, at=LATER
    )
    role.refresh_from_db()
    assert (role.person_id, role.category, role.tied_at) == (other, "witness", LATER)


def tied(boss, identity: UUID, part: Part, category: str, incident=None) -> InIncident:
    if incident is None:
        said = Recorded(Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN)
        incident = record_by_officer(said=said, by=boss, at=AT)
    role = InIncident.objects.create(incident=incident, part=part)
    return ties.tie(
        incident_id=incident.pk,
        role_id=role.pk,
        identity=identity,
        category=category,
        by=boss,
        at=AT,
    )


def test_the_accused_and_the_victim_of_one_incident_stay_two(boss) -> None:
    victim, accused = person(boss), person(boss)
    role = tied(boss, victim, Part.VICTIM, "victim")
    tied(boss, accused, Part.SUSPECT, "suspect", incident=role.incident)
    for kept, folded in ((victim, accused), (accused, victim)):
        with pytest.raises(merging.NeverOne, match="two people"):
            merge(boss, kept, folded)
    assert len(clusters()) == 2


def test_whoever_is_sealed_to_a_role_is_nobody_for_others_and_is_not_put_across(boss) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    one = person(standards)
    sealed = person(standards, sealed_to=Role.PROFESSIONAL_STANDARDS)
    other = person(standards, sealed_to=Role.PROFESSIONAL_STANDARDS)
    look(boss, one)
    with pytest.raises(PersonNotFound):
        merge(boss, one, sealed)
    with pytest.raises(merging.NeverOne):
        merge(standards, one, sealed)
    made = merge(standards, sealed, other)
    with pytest.raises(merging.MergeNotFound):
        merging.unmerge(merge_id=made.pk, why=WHY, by=boss, at=AT)


def test_two_people_are_found_to_be_two_whoever_they_are_put_together_with(boss) -> None:
    one, other, third = (person(boss) for _ in range(3))
    merging.say_apart(one=one, other=other, why="They came in together", by=boss, at=AT)
    with pytest.raises(merging.DecidedMeanwhile):
        merging.say_apart(one=other, other=one, why="They came in together", by=boss, at=AT)
    merge(boss, third, other)
    assert merging.apart_from(one) == {third}
    assert merging.apart_of(third, one) is not None


def test_looks_searches_and_the_audit_follow_the_person(boss) -> None:
    one, other = person(boss), person(boss)
    officer = member()
    queries.look_at_person(identity=other, reason="The call at nine", by=officer, at=AT)
    searching.record_search(
        identity=other, source="pnc", outcome="nothing", words="", by=boss, at=AT
    )
    made = merge(boss, one, other)
    assert queries.opened_for(identity=one, by=officer, since=AT) == (AT, "The call at nine")
    pnc = next(each for each in histories.looked_for([one]) if each.source.key == "pnc")
    assert pnc.outcome == "nothing"
    assert set(queries.rows_of_the_person_of(str(other))) == {str(one), str(other)}
    unmerge(boss, made)
    assert queries.opened_for(identity=one, by=officer, since=AT) is None
    pnc = next(each for each in histories.looked_for([one]) if each.source.key == "pnc")
    assert pnc.outcome == ""


@pytest.mark.parametrize("change", ["why = 'x'", "kept = folded", "moved = '[]'"])
def test_the_store_refuses_to_change_what_was_decided(boss, change: str) -> None:
    merge(boss, person(boss), person(boss))
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        connections["default"].cursor().execute(f"UPDATE person_merge SET {change}")


def test_the_store_refuses_to_change_what_was_taken_back_or_found_apart(boss) -> None:
    one, other = person(boss), person(boss)
    unmerge(boss, merge(boss, one, other))
    look(boss, other)
    merging.say_apart(one=one, other=other, why=WHY, by=boss, at=AT)
    for statement, says in (
        ("UPDATE person_merge SET undone_why = 'x'", "never changes"),
        ("UPDATE person_apart SET why = 'x'", "written once"),
    ):
        with pytest.raises(Error, match=says), transaction.atomic():
            connections["default"].cursor().execute(statement)
    assert missing_decided(connections["default"]) == []
