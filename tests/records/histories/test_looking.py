"""Histories of two people and of an address, and people found by something else than a name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseKind
from safehold.records.histories import looking, queries
from safehold.records.histories.finding_otherwise import (
    NothingAsked,
    Otherwise,
    find_otherwise,
)
from safehold.records.incidents import recording, ties
from safehold.records.incidents.models import Acquainted, Classification, Part, Setting
from safehold.records.people import facts, operations
from safehold.records.people.doors import Door
from safehold.records.people.models import AddressReader, Person
from tests.desk import AT, REASON, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
SAID = operations.Origin("seen")
DOOR = Door("14 Alder Row", "Eastmere", "ZZ1 1AA")


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def other():
    return member(name="Pell Lisle")


def somebody(by, name="Ilka Brandreth"):
    return operations.record_person(name=name, origin=SAID, by=by, at=AT)


def home(who, by, **more):
    where = {"line": DOOR.line, "town": DOOR.town, "postcode": DOOR.postcode}
    return facts.add_home(identity=who.identity, **where, origin=SAID, by=by, at=AT, **more)


def together(by, *who, **more):
    """Record an incident in which each of these has a part."""
    kinds = (Part.VICTIM, Part.SUSPECT, Part.WITNESS)[: len(who)]
    made = recording.record_by_officer(
        said=recording.Recorded(
            Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=kinds, **more
        ),
        by=by,
        at=AT,
    )
    for part, person in zip(kinds, who, strict=True):
        ties.tie(
            incident_id=made.pk,
            role_id=made.roles.get(part=part).pk,
            identity=person.identity,
            category=part,
            by=by,
            at=AT,
        )
    return made


def found(by, **what) -> list[str]:
    rows = find_otherwise(sought=Otherwise(**what), reason=REASON, by=by, at=AT)
    return [each.name for each in rows.people]


def test_who_shares_an_incident_is_offered_the_most_first(officer) -> None:
    one, two, three = (
        somebody(officer, name) for name in ("Ilka Voss", "Oswin Tarrant", "Bo Lind")
    )
    together(officer, one, two)
    together(officer, one, two, three)
    rows = queries.together_with(one.identity, by=officer)
    assert [(row.name, row.count) for row in rows] == [("Oswin Tarrant", 2), ("Bo Lind", 1)]
    Person.objects.filter(pk=two.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    assert [row.name for row in queries.together_with(one.identity, by=officer)] == ["Bo Lind"]


def test_a_pair_s_look_is_recorded_of_both_before_it_is_read(officer, monkeypatch) -> None:
    one, two = somebody(officer), somebody(officer, "Oswin Tarrant")
    shared, alone = together(officer, one, two), together(officer, one)
    pair = {"one": one.identity, "other": two.identity, "reason": REASON, "by": officer, "at": AT}
    seen = looking.look_at_pair(**pair)
    assert seen.names == ("Ilka Brandreth", "Oswin Tarrant")
    assert [entry.incident.pk for entry in seen.history.entries] == [shared.pk]
    assert alone.pk != shared.pk
    looks = AuditEvent.objects.filter(action="looked").values_list("subject_id", flat=True)
    assert set(looks) == {str(one.identity), str(two.identity)}

    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr(audit, "record_look", refuses)
    monkeypatch.setattr(queries, "of_pair", lambda *_, **__: pytest.fail("read before"))
    with pytest.raises(RuntimeError):
        looking.look_at_pair(**pair)
    monkeypatch.undo()
    with pytest.raises(audit.ReasonNeeded):
        looking.look_at_pair(**{**pair, "reason": " "})


def test_an_address_shows_what_happened_there_and_who_lives_there(officer) -> None:
    who = somebody(officer)
    kept = home(who, officer)
    made = together(officer, who, door=DOOR)
    seen = looking.look_at_address(address_id=kept.address_id, reason=REASON, by=officer, at=AT)
    assert [entry.incident.pk for entry in seen.history.entries] == [made.pk]
    assert [lived.name for lived in seen.people] == ["Ilka Brandreth"]
    assert all(looked.at is None for looked in seen.history.looked)
    row = AuditEvent.objects.get(action="looked")
    assert (row.subject_kind, row.subject_id) == ("address", str(kept.address_id))


def test_a_protected_address_is_its_named_readers_alone(officer, other) -> None:
    kept = home(somebody(officer), officer, protected=True)
    look = {"address_id": kept.address_id, "reason": REASON, "at": AT}
    looking.look_at_address(**look, by=officer)
    with pytest.raises(looking.AddressNotFound):
        looking.look_at_address(**look, by=other)
    naming = {"address_id": kept.address_id, "why": REASON, "at": AT}
    with pytest.raises(looking.NotYours):
        looking.name_reader(**naming, member_id=officer.pk, by=other)
    with pytest.raises(looking.CannotRead):
        looking.name_reader(**naming, member_id=officer.pk, by=officer)
    looking.name_reader(**naming, member_id=other.pk, by=officer)
    looking.look_at_address(**look, by=other)
    row = AuditEvent.objects.get(action="reader of an address named")
    assert (row.reason, row.detail) == (REASON, {"member": str(other.pk)})
    with pytest.raises(looking.CannotRead):
        looking.name_reader(**naming, member_id=other.pk, by=officer)


def test_a_reader_who_is_taken_off_reads_it_no_more_and_may_be_named_again(officer, other) -> None:
    kept = home(somebody(officer), officer, protected=True)
    act = {"address_id": kept.address_id, "member_id": other.pk, "why": REASON, "at": AT}
    look = {"address_id": kept.address_id, "reason": REASON, "at": AT}
    with pytest.raises(looking.CannotRead):
        looking.end_reader(**act, by=officer)
    looking.name_reader(**act, by=officer)
    with pytest.raises(looking.NotYours):
        looking.end_reader(**act | {"member_id": officer.pk}, by=other)
    looking.end_reader(**act, by=officer)
    with pytest.raises(looking.AddressNotFound):
        looking.look_at_address(**look, by=other)
    row = AuditEvent.objects.get(action="reader of an address taken off")
    assert (row.reason, row.detail) == (REASON, {"member": str(other.pk)})
    looking.name_reader(**act, by=officer)
    looking.look_at_address(**look, by=other)
    assert AddressReader.ever.filter(member=other).count() == 2


def test_a_supervisor_names_others_and_never_themselves(officer, other) -> None:
    kept = home(somebody(officer), officer, protected=True)
    boss = member(Role.SUPERVISOR, name="Ro Tarn")
    naming = {"address_id": kept.address_id, "why": REASON, "by": boss, "at": AT}
    with pytest.raises(looking.CannotRead):
        looking.name_reader(**naming, member_id=boss.pk)
    with pytest.raises(looking.CannotRead):
        looking.name_reader(**naming, member_id=member(Role.ANALYST, name="An Alys").pk)
    looking.name_reader(**naming, member_id=other.pk)
    assert [row.member for row in looking.readers_of(kept.address)] == [officer, other]


def test_a_reader_and_the_row_about_it_are_one_act(officer, other, monkeypatch) -> None:
    kept = home(somebody(officer), officer, protected=True)

    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr(audit, "append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        looking.name_reader(
            address_id=kept.address_id, member_id=other.pk, why=REASON, by=officer, at=AT
        )
    assert AddressReader.objects.count() == 1


def test_an_address_of_nobody_one_may_know_of_is_not_there(officer, other) -> None:
    who = somebody(officer)
    kept = home(who, officer)
    Person.objects.update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    with pytest.raises(looking.AddressNotFound):
        looking.get(kept.address_id, by=other)
    assert looking.about_colleagues() == [str(kept.address_id)]


def test_a_child_s_history_has_what_happened_where_it_lived_while_it_did(officer) -> None:
    child = somebody(officer)
    home(child, officer, since=date(2026, 3, 1), until=date(2026, 5, 1))
    before, during, after = (
        together(
            officer,
            door=DOOR,
            starts_at=AT - timedelta(days=days),
            ends_at=AT - timedelta(days=days),
        )
        for days in (365, 220, 30)
    )
    entries = queries.of_child(child.identity, by=officer).entries
    assert [entry.incident.pk for entry in entries] == [during.pk]
    assert before.pk != after.pk


@pytest.mark.parametrize("typed", ["07700900456", "+44 7700 900 456"])
def test_somebody_is_found_by_a_number_however_it_is_typed(officer, typed: str) -> None:
    who = somebody(officer)
    facts.add_contact(
        identity=who.identity, kind="mobile", value="07700 900456", origin=SAID, by=officer, at=AT
    )
    somebody(officer, "Oswin Tarrant")
    assert found(officer, contact=typed) == ["Ilka Brandreth"]
    assert found(officer, contact="07700 900457") == []
    asked, shown, *_ = AuditEvent.objects.filter(action__startswith="people ").order_by("sequence")
    assert (asked.reason, asked.detail) == (REASON, {"contact": typed})
    assert shown.detail == {"people": [str(who.identity)], "more": False}


def test_an_ended_number_finds_nobody(officer) -> None:
    who = somebody(officer)
    kept = facts.add_contact(
        identity=who.identity,
        kind="email",
        value="ilka@example.org",
        origin=SAID,
        by=officer,
        at=AT,
    )
    assert found(officer, contact="Ilka@Example.org") == ["Ilka Brandreth"]
    facts.end_fact(
        identity=who.identity, what="contact", fact_id=kept.pk, why=REASON, by=officer, at=AT
    )
    assert found(officer, contact="ilka@example.org") == []


def test_an_address_finds_who_lives_there_unless_it_is_protected(officer, other) -> None:
    home(somebody(officer), officer)
    assert found(other, line="14 alder row") == ["Ilka Brandreth"]
    assert found(other, line="14 Alder Row", postcode="zz11aa") == ["Ilka Brandreth"]
    assert found(other, line="14 Alder Row", postcode="zz1 1ab") == []
    assert found(other, line="14 Alder") == []
    home(somebody(officer, "Oswin Tarrant"), officer, protected=True)
    assert found(other, line="14 Alder Row", postcode="zz1 1aa") == []
    assert len(found(officer, line="14 Alder Row")) == 2


def test_a_reference_finds_the_person_and_whom_an_incident_or_a_case_is_about(officer) -> None:
    one, two = somebody(officer), somebody(officer, "Oswin Tarrant")
    made = together(officer, one)
    assert found(officer, reference=one.reference.lower()) == ["Ilka Brandreth"]
    assert found(officer, reference=made.reference.replace("-", "")) == ["Ilka Brandreth"]
    assert found(officer, reference="P-2222-2222") == []
    case = cases.open_case(
        kind=next(iter(CaseKind)),
        incident_ids=[],
        why=REASON,
        restricted=False,
        owner=officer,
        team="safeguarding",
        by=officer,
        at=AT,
    )
    cases.add_party(case_id=case.pk, identity=two.identity, part=Part.VICTIM, by=officer, at=AT)
    assert found(officer, reference=case.reference) == ["Oswin Tarrant"]
    Case.objects.update(restricted=True)
    assert found(member(name="Pell Lisle"), reference=case.reference) == []


def test_a_search_is_recorded_first_and_needs_a_reason_and_something_to_look_for(officer) -> None:
    with pytest.raises(NothingAsked):
        found(officer)
    with pytest.raises(audit.ReasonNeeded):
        find_otherwise(sought=Otherwise(contact="07700"), reason=" ", by=officer, at=AT)
    with pytest.raises(Refused):
        found(member(Role.ANALYST), contact="07700")
    assert not AuditEvent.objects.filter(action="people sought").exists()


def test_who_is_sealed_is_found_in_no_way(officer) -> None:
    who = somebody(officer)
    made = together(officer, who)
    home(who, officer)
    Person.objects.update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    for what in ({"reference": who.reference}, {"reference": made.reference}, {"line": DOOR.line}):
        assert found(officer, **what) == []
