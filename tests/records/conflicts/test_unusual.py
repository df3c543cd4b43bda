"""Unusual looking is found from the audit alone, the same however often, and decides nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from safehold.domain import looking
from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts import homes, operations, unusual
from safehold.records.conflicts.models import HomeMark, UnusualDay
from safehold.records.people import facts, queries
from safehold.records.people import operations as people
from safehold.records.people.finding import Sought
from tests.desk import REASON, member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
SAID = people.Origin("somebody", "the neighbour")


@pytest.fixture
def officer():
    return member(name="Dena Okafor")


@pytest.fixture
def other():
    return member(name="Pell Lisle")


@pytest.fixture
def auditor():
    return member(Role.AUDITOR, name="Sel Voss")


def search(by, name: str, at: datetime = AT) -> None:
    people.find_people(sought=Sought(name), reason=REASON, by=by, at=at)


def look(by, who, at: datetime = AT) -> None:
    queries.look_at_person(identity=who.identity, reason="Asked by the court", by=by, at=at)


def persons(by, count: int):
    words = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Oak"]
    return [
        people.record_person(name=f"Wren {word}", origin=SAID, by=by, at=AT)
        for word in words[:count]
    ]


def lines(auditor) -> dict[str, dict[str, int]]:
    return {row.member.name: row.reasons for row in unusual.listed(by=auditor)}


def test_names_that_say_something_of_who_searched(officer, auditor) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    operations.add_linked(
        name="Thessaly Marchbanks",
        relation="former",
        colleague=officer,
        colleague_name="",
        by=standards,
        at=AT,
    )
    for name in ("Dena Okafor", "Thessaly Marchbanks", "Sel Voss", "Ilka Brandreth"):
        search(officer, name)
    assert unusual.look_through(day=DAY, at=AT) == 1
    assert lines(auditor) == {"Dena Okafor": {"own_name": 1, "close_name": 1, "colleague_name": 1}}
    row = UnusualDay.objects.get()
    assert (row.said, row.looks, row.version) == ([REASON], 4, looking.table().version)


def test_the_same_day_comes_out_the_same_and_another_day_is_its_own(officer, auditor) -> None:
    search(officer, "Dena Okafor")
    unusual.look_through(day=DAY, at=AT)
    first = UnusualDay.objects.get().pk
    unusual.look_through(day=DAY, at=AT + timedelta(hours=1))
    assert UnusualDay.objects.get().pk == first
    assert unusual.look_through(day=DAY - timedelta(days=1), at=AT) == 0
    assert unusual.look_through(day=DAY + timedelta(days=1), at=AT) == 0


def test_a_line_that_holds_no_more_goes_unless_somebody_noted_on_it(officer, auditor) -> None:
    row = UnusualDay.objects.create(
        member=officer, day=DAY, looks=9, reasons={"many": 9}, said=[], version="0", made_at=AT
    )
    search(officer, "Ilka Brandreth")
    unusual.review(unusual_id=row.pk, outcome="explained", words="It was a test", by=auditor, at=AT)
    unusual.look_through(day=DAY, at=AT)
    assert UnusualDay.objects.get().version == "0"
    other = member(name="Wil Tarn")
    search(other, "Ilka Brandreth")
    UnusualDay.objects.create(
        member=other, day=DAY, looks=9, reasons={"many": 9}, said=[], version="0", made_at=AT
    )
    unusual.look_through(day=DAY, at=AT)
    assert list(UnusualDay.objects.values_list("member_id", flat=True)) == [officer.pk]


def test_people_without_work_on_them_and_work_takes_them_off(officer, other, auditor) -> None:
    strangers = persons(other, 5)
    for who in strangers:
        look(officer, who)
        look(other, who)  # who recorded them
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor) == {"Dena Okafor": {"no_work": 5}}


def test_one_person_again_and_again(officer, other, auditor) -> None:
    (who,) = persons(other, 1)
    for ago in (6, 4, 2, 0):
        look(officer, who, AT - timedelta(days=ago))
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor) == {"Dena Okafor": {"again": 4}}


def test_browsing(officer, other, auditor) -> None:
    people_there = persons(other, 3)
    search(officer, "Oswin Tarrant")
    for who in people_there:
        look(officer, who, AT + timedelta(minutes=10))
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor) == {"Dena Okafor": {"browsing": 3}}


def test_far_more_than_is_usual(officer, other, auditor, monkeypatch) -> None:
    (who,) = persons(officer, 1)
    for ago in range(1, 22):
        look(other, who, AT - timedelta(days=ago))
    for _ in range(31):
        look(officer, who)
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor)["Dena Okafor"] == {"many": 31}


def test_somebody_at_their_own_address(officer, other, auditor) -> None:
    (who,) = persons(other, 1)
    facts.add_home(
        identity=who.identity, line="14 Alder Rd", postcode="ZZ1 1AA", origin=SAID, by=other, at=AT
    )
    homes.keep_home(member=officer, line="14 alder road", postcode="zz11aa", by=officer, at=AT)
    assert "alder" not in HomeMark.objects.get().mark.lower()
    look(officer, who)
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor) == {"Dena Okafor": {"own_address": 1}}
    with pytest.raises(Refused):
        homes.keep_home(member=other, line="1 Elm Row", postcode="ZZ1", by=officer, at=AT)
    with pytest.raises(homes.NotAnAddress):
        homes.keep_home(member=officer, line=" ", postcode="ZZ1", by=officer, at=AT)


def test_standards_looks_are_not_in_it_nor_the_readers_own(auditor) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    supervisor = member(Role.SUPERVISOR, name="Ro Tarn")
    search(standards, "Oriel Quayle")
    search(supervisor, "Ro Tarn")
    UnusualDay.objects.create(
        member=auditor, day=DAY, looks=9, reasons={"many": 9}, said=[], version="1", made_at=AT
    )
    unusual.look_through(day=DAY, at=AT)
    assert lines(auditor) == {"Ro Tarn": {"own_name": 1}}
    with pytest.raises(Refused):
        unusual.listed(by=supervisor)


def test_what_an_auditor_passes_on_waits_for_standards(officer, auditor) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    search(officer, "Dena Okafor")
    unusual.look_through(day=DAY, at=AT)
    key = UnusualDay.objects.get().pk
    assert (unusual.count_for(by=auditor), unusual.count_for(by=standards)) == (1, 0)
    said = {"words": "She gave no reason to me", "at": AT}
    unusual.review(unusual_id=key, outcome="to_standards", by=auditor, **said)
    assert (unusual.count_for(by=auditor), unusual.count_for(by=standards)) == (0, 1)
    unusual.review(unusual_id=key, outcome="explained", by=standards, **said)
    assert unusual.count_for(by=standards) == 0
    assert AuditEvent.objects.filter(action="unusual looks reviewed").count() == 2
