"""Whoever is meant is found by a name that was heard once, and the search is on the record."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.operations import ReasonNeeded
from safehold.records.people import index, operations
from safehold.records.people.finding import Sought
from safehold.records.people.models import NameKey, NamePair, NameWord, Person
from tests.desk import AT, REASON, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
SAID = operations.Origin("somebody", "the neighbour")


@pytest.fixture
def officer():
    return member()


def person(officer, name: str, *, born: tuple[date, date] | None = None, **more) -> Person:
    made = operations.record_person(name=name, origin=SAID, by=officer, at=AT, **more)
    if born:
        operations.add_birth_date(
            identity=made.identity,
            earliest=born[0],
            latest=born[1],
            certainty="said",
            origin=SAID,
            by=officer,
            at=AT,
        )
    return made


def found(officer, name: str, **dates) -> list[str]:
    findings = operations.find_people(
        sought=Sought(name, **dates), reason=REASON, by=officer, at=AT
    )
    return [each.name for each in findings.people]


@pytest.mark.parametrize(
    "typed",
    [
        "Ilka Brandreth",
        "brandreth, ilka",
        "Ilca Brandreth",
        "Ilka Brandeth",
        "Ilka Brandrteh",
        "PC Ilka Brandreth",
        "Ilka",
        "Brandraeth",
    ],
)
def test_somebody_is_found_however_the_name_was_heard(officer, typed: str) -> None:
    person(officer, "Ilka Brandreth")
    person(officer, "Oswin Tarrant")
    assert found(officer, typed) == ["Ilka Brandreth"]


def test_a_first_name_is_found_by_what_is_said_for_it(officer) -> None:
    person(officer, "Robert Tarrant")
    person(officer, "Rhona Tarrant")
    assert found(officer, "Bob Tarrant") == ["Robert Tarrant"]


def test_another_name_of_the_same_person_finds_them_once(officer) -> None:
    ilka = person(officer, "Ilka Brandreth")
    operations.add_name(
        identity=ilka.identity,
        name="Ilka Voss",
        kind="birth",
        origin=SAID,
        by=officer,
        at=AT,
    )
    assert found(officer, "Ilka Vos") == ["Ilka Brandreth"]
    assert found(officer, "Ilka") == ["Ilka Brandreth"]


def test_whoever_was_born_then_comes_first_and_nobody_is_left_out(officer) -> None:
    person(officer, "John Tarrant", born=(date(1960, 1, 1), date(1960, 12, 31)))
    person(officer, "Jon Tarrant", born=(date(1991, 3, 2), date(1991, 3, 2)))
    year = {"born_from": date(1991, 1, 1), "born_to": date(1991, 12, 31)}
    assert found(officer, "John Tarrant") == ["John Tarrant", "Jon Tarrant"]
    assert found(officer, "John Tarrant", **year) == ["Jon Tarrant", "John Tarrant"]


def test_many_of_one_name_do_not_hide_the_one_born_then(officer, monkeypatch) -> None:
    monkeypatch.setattr("safehold.records.people.finding.MOST_NAMES", 5)
    for _ in range(12):
        person(officer, "John Tarrant")
    wanted = person(officer, "John Tarrant", born=(date(1991, 3, 2), date(1991, 3, 2)))
    findings = operations.find_people(
        sought=Sought("John Tarrant", date(1991, 3, 2), date(1991, 3, 2)),
        reason=REASON,
        by=officer,
        at=AT,
    )
    assert findings.people[0].reference == wanted.reference
    assert findings.more


def test_a_search_is_on_the_record_before_and_after_with_what_it_gave(officer) -> None:
    ilka = person(officer, "Ilka Brandreth")
    found(officer, "Ilka Brandreth")
    asked, shown = AuditEvent.objects.order_by("-sequence")[:2][::-1]
    assert (asked.action, asked.reason) == ("people sought", REASON)
    assert asked.detail == {"name": "Ilka Brandreth"}
    assert (shown.action, shown.detail) == (
        "people found",
        {"people": [str(ilka.identity)], "more": False},
    )


def test_a_search_whose_record_cannot_be_kept_shows_nothing(officer, monkeypatch) -> None:
    person(officer, "Ilka Brandreth")

    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    monkeypatch.setattr(
        "safehold.records.people.finding.find", lambda *_, **__: pytest.fail("was searched")
    )
    with pytest.raises(RuntimeError):
        found(officer, "Ilka Brandreth")


def test_a_search_wants_a_reason_a_name_and_a_right(officer) -> None:
    sought = Sought("Ilka")
    with pytest.raises(ReasonNeeded):
        operations.find_people(sought=sought, reason=" ", by=officer, at=AT)
    with pytest.raises(operations.NoName):
        operations.find_people(sought=Sought(" – "), reason=REASON, by=officer, at=AT)
    with pytest.raises(Refused):
        operations.find_people(sought=sought, reason=REASON, by=member(Role.ANALYST), at=AT)


def test_one_who_is_sealed_to_a_role_is_found_by_that_role_alone(officer) -> None:
    person(officer, "Ilka Brandreth", sealed_to=Role.PROFESSIONAL_STANDARDS)
    assert found(officer, "Ilka Brandreth") == []
    assert found(member(Role.SUPERVISOR), "Ilka Brandreth") == []
    assert found(member(Role.PROFESSIONAL_STANDARDS), "Ilka Brandreth") == ["Ilka Brandreth"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.text("abcdeilnorst ", min_size=3, max_size=20), min_size=1, max_size=6))
def test_the_index_made_again_is_the_index_that_was_kept(officer, names: list[str]) -> None:
    for name in names:
        if name.strip():
            person(officer, name)

    def rows() -> tuple[list, list, list]:
        return (
            sorted(NameWord.objects.values_list("word", flat=True)),
            sorted(NameKey.objects.values_list("key", "word_id")),
            sorted(
                (key, str(name)) for key, name in NamePair.objects.values_list("key", "name_id")
            ),
        )

    before = rows()
    index.make_again()
    assert rows() == before
