"""What is recorded of a person says where it came from, and is never changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.people import operations
from safehold.records.people.models import BirthDate, PersonName
from tests.desk import AT, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
SAID = operations.Origin("somebody", "the neighbour")


@pytest.fixture
def officer():
    return member()


def test_a_person_and_the_row_about_it_are_one_act(officer, monkeypatch) -> None:
    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)
    assert not PersonName.objects.exists()


def test_a_name_is_kept_as_written_with_its_source(officer) -> None:
    made = operations.record_person(name="  Ilka   Brandreth ", origin=SAID, by=officer, at=AT)
    name = PersonName.objects.get(person=made)
    assert (name.written, name.source, name.source_words) == (
        "Ilka Brandreth",
        "somebody",
        "the neighbour",
    )
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.subject_id) == ("person recorded", str(made.identity))
    assert "Ilka" not in str(last.detail)


@pytest.mark.parametrize("name", ["", " – ", "a" * 121])
def test_a_name_without_a_word_or_too_long_is_refused(officer, name: str) -> None:
    with pytest.raises(operations.NoName):
        operations.record_person(name=name, origin=SAID, by=officer, at=AT)


def test_a_birth_lies_between_two_dates_in_order_and_not_in_the_future(officer) -> None:
    made = operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)

    def born(earliest: date, latest: date) -> None:
        operations.add_birth_date(
            identity=made.identity,
            earliest=earliest,
            latest=latest,
            certainty="guessed",
            origin=SAID,
            by=officer,
            at=AT,
        )

    born(date(1990, 1, 1), date(1999, 12, 31))
    with pytest.raises(operations.NotADate):
        born(date(1999, 1, 1), date(1990, 1, 1))
    with pytest.raises(operations.NotADate):
        born(AT.date() + timedelta(days=1), AT.date() + timedelta(days=1))
    assert BirthDate.objects.count() == 1


def test_the_store_refuses_a_fact_ended_without_a_reason_or_of_no_source(officer) -> None:
    made = operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)
    names = PersonName.objects.filter(person=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        names.update(ended_at=AT, ended_by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        names.update(source="hearsay")


def test_only_who_may_record_people_does(officer) -> None:
    with pytest.raises(Refused):
        operations.record_person(name="Ilka Brandreth", origin=SAID, by=member(Role.AUDITOR), at=AT)
