"""What holds a closed case whose time is over, read as it is now, with nothing said of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from safehold.domain.access import Refused, Role
from safehold.domain.removal import Ground
from safehold.records.cases.models import Case
from safehold.records.incidents.models import Part
from safehold.records.orders.models import Order
from safehold.records.people.models import Person
from safehold.records.retention import of_cases
from safehold.records.safety import actions
from safehold.records.safety.actions import Owner
from tests.desk import AT, REASON, member
from tests.risky import a_case, graded, pair

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
YEARS = AT + timedelta(days=366 * 11)


@pytest.fixture
def boss() -> Any:
    return member(Role.SUPERVISOR)


@pytest.fixture
def two(boss: Any) -> Any:
    return pair(by=boss)


def closed(case: Case, by: Any) -> Case:
    about = {"closed_at": AT, "closed_by": by, "closed_why": REASON}
    Case.objects.filter(pk=case.pk).update(**about)
    return Case.objects.get(pk=case.pk)


def found(case: Case, by: Any) -> set[Ground]:
    case.refresh_from_db()
    held = of_cases.what_holds([case], by=by, today=localdate(YEARS))
    return {each.ground for each in held[case.pk]}


def test_nothing_holds_one_that_is_over_in_every_way(boss, two) -> None:
    assert found(two.case, boss) == {Ground.OPEN}
    assert found(closed(two.case, boss), boss) == set()


def test_an_open_action_an_order_and_a_high_grade_hold(boss, two) -> None:
    graded(two, "high", by=boss)
    Order.objects.create(
        kind="nmo", respondent=Person.objects.get(pk=two.accused), source="records",
        recorded_at=AT, recorded_by=boss,
    )  # fmt: skip
    assert found(closed(two.case, boss), boss) == {Ground.WORK, Ground.ORDER, Ground.RISK}
    Order.objects.update(ended_on=AT.date(), ended_why="Over")
    assert found(two.case, boss) == {Ground.WORK, Ground.RISK}


def test_work_in_a_case_that_the_reader_may_not_know_of_holds_without_a_word_of_it(
    boss, two
) -> None:
    case = closed(two.case, boss)
    victim = Person.objects.get(pk=two.victim)
    a_case((victim, Part.VICTIM), by=member(), restricted=True)
    held = of_cases.what_holds([case], by=boss, today=localdate(YEARS))[case.pk]
    assert [each.says for each in held] == ["Other work rests on it"]


def test_only_whoever_reviews_what_is_kept_asks(boss, two) -> None:
    with pytest.raises(Refused):
        of_cases.what_holds([two.case], by=member(), today=localdate(YEARS))


def test_an_action_that_ends_holds_no_more(boss, two) -> None:
    made = actions.start(
        case_id=two.case.pk, kind="talk", words="", owner=Owner(boss),
        due_at=AT + timedelta(days=1), by=boss, at=AT,
    )  # fmt: skip
    actions.finish(
        case_id=two.case.pk, action_id=made.pk, proof="seen", words=REASON, by=boss, at=AT
    )
    assert found(closed(two.case, boss), boss) == set()
