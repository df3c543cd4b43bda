"""People who may be one are offered with reasons, and nothing follows by itself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Refused, Role
from safehold.domain.alike_people import Sketch, likeness
from safehold.records.people import alike, facts, merging, operations
from safehold.records.people.models import Alike, Person
from tests.desk import AT, member
from tests.merged import SAID, WHY, look, merge

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
MARCH = (date(1991, 3, 2), date(1991, 3, 2))
ABOUT = (date(1990, 1, 1), date(1992, 12, 31))
ELSEWHEN = (date(1961, 1, 1), date(1961, 12, 31))


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR)


def person(by, name: str, born=None, mobile: str = "", **more) -> UUID:
    made = operations.record_person(name=name, born=born, origin=SAID, by=by, at=AT, **more)
    if mobile:
        facts.add_contact(
            identity=made.identity, kind="mobile", value=mobile, origin=SAID, by=by, at=AT
        )
    look(by, made.identity)
    return made.identity


def lives(by, identity: UUID, *, protected: bool = False) -> None:
    facts.add_home(
        identity=identity,
        line="14 Alder Row",
        postcode="ZZ1 1AA",
        protected=protected,
        origin=SAID,
        by=by,
        at=AT,
    )


def offered(by, identity: UUID) -> dict[UUID, tuple[str, ...]]:
    return {each.identity: each.likeness.reasons for each in alike.candidates(identity, by=by)}


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (Sketch(("Ilka Brandreth",)), Sketch(("Ilka Brandreth",)), None),
        (
            Sketch(("Ilka Brandreth",), (MARCH,)),
            Sketch(("Ilca Brandreth",), (ABOUT,)),
            ("Their names are alike", "They may have been born at the same time"),
        ),
        (
            Sketch(("Ilka Brandreth",), (MARCH,)),
            Sketch(("Brandreth Ilka",), (MARCH,)),
            ("They have the same name", "They were born on the same day"),
        ),
        (Sketch(("Ilka",), (MARCH,)), Sketch(("Ilka Brandreth",), (MARCH,)), None),
        (
            Sketch(("Ilka Brandreth",), (), frozenset({"1"})),
            Sketch(("Oswin Tarrant",), (), frozenset({"1"})),
            None,
        ),
        (
            Sketch(("Ilka Brandreth",), (MARCH,), frozenset({"1"})),
            Sketch(("Quenby Marl",), (ABOUT,), frozenset({"1"})),
            (
                "They may have been born at the same time",
                "The same number or address online is recorded of both",
            ),
        ),
        (
            Sketch(("Ilka Brandreth",), (MARCH,), frozenset(), frozenset({"a"})),
            Sketch(("Ilka Brandreth",), (ELSEWHEN,), frozenset(), frozenset({"a"})),
            ("They have the same name", "Both are recorded at one address"),
        ),
    ],
)
def test_two_are_alike_by_two_signs_at_least(one, other, reasons) -> None:
    found = likeness(one, other)
    assert (found.reasons if found else None) == reasons
    again = likeness(other, one)
    assert (again.reasons if again else None) == reasons


def test_what_speaks_against_it_is_said_too() -> None:
    home = frozenset({"a"})
    found = likeness(
        Sketch(("Ilka Brandreth",), (MARCH,), frozenset(), home),
        Sketch(("Ilka Brandreth",), (ELSEWHEN,), frozenset(), home),
    )
    assert found is not None
    assert found.against == ("They were born at different times",)


def test_somebody_is_offered_with_reasons_and_no_word_of_what_is_alike(boss) -> None:
    one = person(boss, "Ilka Brandreth", MARCH, "07700 900456")
    other = person(boss, "Ilca Brandreth", ABOUT, "07700900456")
    person(boss, "Ilka Brandreth", ELSEWHEN)
    assert offered(boss, one) == {
        other: (
            "Their names are alike",
            "They may have been born at the same time",
            "The same number or address online is recorded of both",
        )
    }


def test_a_protected_address_is_no_sign(boss) -> None:
    one, other = person(boss, "Ilka Brandreth"), person(boss, "Ilka Brandreth")
    for identity in (one, other):
        lives(boss, identity)
    assert set(offered(boss, one)) == {other}
    lives(boss, person(boss, "Oswin Tarrant"), protected=True)
    assert offered(boss, one) == {}


def test_whoever_was_decided_about_is_not_offered(boss) -> None:
    one, other, third = (person(boss, "Ilka Brandreth", MARCH) for _ in range(3))
    merging.say_apart(one=one, other=other, why=WHY, by=boss, at=AT)
    assert set(offered(boss, one)) == {third}
    merge(boss, other, third)  # and with the other, whoever they are now
    assert offered(boss, one) == {}


def test_whoever_is_sealed_to_a_role_is_offered_to_that_role_alone(boss) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    sealed = {"sealed_to": Role.PROFESSIONAL_STANDARDS}
    one = person(boss, "Ilka Brandreth", MARCH)
    hidden = [person(standards, "Ilka Brandreth", MARCH, **sealed) for _ in range(2)]
    while alike.look(at=AT):
        pass
    assert offered(boss, one) == {}
    assert offered(standards, one) == {}
    assert set(offered(standards, hidden[0])) == {hidden[1]}
    assert alike.page_of(by=boss, page=1).paginator.count == 0
    assert alike.page_of(by=standards, page=1).paginator.count == 1


def test_the_job_looks_after_whoever_is_new_or_changed_and_fills_the_list(boss) -> None:
    one, other = person(boss, "Ilka Brandreth", MARCH), person(boss, "Ilka Brandreth")
    assert alike.look(at=AT) is False
    assert not Person.objects.filter(look_for_alike=True).exists()
    assert alike.count_of(one, by=boss) == 0
    operations.add_birth_date(
        identity=other,
        earliest=MARCH[0],
        latest=MARCH[1],
        certainty="document",
        origin=SAID,
        by=boss,
        at=AT,
    )
    alike.look(at=AT)
    alike.look(at=AT)
    assert Alike.objects.count() == 1
    (pair,) = alike.pairs_of(alike.page_of(by=boss, page=1))
    assert {pair.one, pair.other} == {one, other}
    assert alike.count_of(one, by=boss) == 1
    made = merge(boss, one, other)
    assert alike.page_of(by=boss, page=1).paginator.count == 0
    assert alike.count_of(one, by=boss) == 0
    merging.unmerge(merge_id=made.pk, why=WHY, by=boss, at=AT)
    assert alike.count_of(one, by=boss) == 1
    merging.say_apart(one=one, other=other, why=WHY, by=boss, at=AT)
    assert not Alike.objects.exists()


def test_the_job_stops_early_and_goes_on(boss, monkeypatch) -> None:
    monkeypatch.setattr("safehold.records.people.alike.AT_ONCE", 2)
    for _ in range(3):
        person(boss, "Ilka Brandreth", MARCH)
    assert alike.look(at=AT) is True
    assert alike.look(at=AT) is False
    assert Alike.objects.count() == 3


def test_a_number_is_found_by_its_index(boss) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows as it is")
    one = person(boss, "Ilka Brandreth", MARCH, "07700 900456")
    with CaptureQueriesContext(connections["default"]) as asked:
        alike.candidates(one, by=boss)
    (query,) = (each["sql"] for each in asked if "REPLACE(" in each["sql"])
    with connections["default"].cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        assert "contact_as_compared" in str(cursor.fetchall())


def test_only_who_may_merge_people_is_offered_any(boss) -> None:
    one = person(boss, "Ilka Brandreth")
    for ask in (lambda by: alike.candidates(one, by=by), lambda by: alike.page_of(by=by, page=1)):
        with pytest.raises(Refused):
            ask(member())
    assert alike.count_of(one, by=member()) == 0
