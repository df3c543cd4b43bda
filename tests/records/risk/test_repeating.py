"""A repeat is held against the last referral; what is not all here is never a no."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from safehold.domain import repeats
from safehold.domain.access import Role
from safehold.domain.repeats import Definition
from safehold.domain.risk import Met
from safehold.records.incidents.models import Incident
from safehold.records.marac.models import Accused, Coverage, Referral
from safehold.records.people.models import Person
from safehold.records.risk import pairs, repeating
from safehold.records.risk.evaluation import evaluate
from tests.desk import AT, member
from tests.risky import begin, check_all, graded, pair, tied_incident

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
ON = AT.date()
DAY = timedelta(days=1)


@pytest.fixture
def officer() -> Any:
    return member()


@pytest.fixture
def two(officer: Any) -> Any:
    return pair(by=officer)


def referred(two: Any, by: Any, *, days: int, back: bool = False) -> Referral:
    victim, accused = (two.accused, two.victim) if back else (two.victim, two.accused)
    made = Referral.objects.create(
        victim=Person.objects.get(pk=victim),
        referred_on=ON - days * DAY,
        source="records",
        recorded_at=AT,
        recorded_by=by,
    )
    Accused.objects.create(referral=made, person=Person.objects.get(pk=accused))
    return made


def all_here(monkeypatch: pytest.MonkeyPatch, by: Any) -> None:
    Coverage.objects.create(
        system="athena", starts=ON - 800 * DAY, ends=ON + 800 * DAY,
        batch="8c0c6c3e-90f5-4b39-a54e-57aa2b4a4d5c", recorded_at=AT, recorded_by=by,
    )  # fmt: skip
    monkeypatch.setattr("safehold.records.marac.queries._known_in", lambda *_: True)


def told(two: Any, by: Any, on: date = ON) -> tuple[Met, str]:
    found = repeating.of_pair(two.victim, two.accused, on=on, by=by)
    return found.met, found.why


def route(made: Any, by: Any, at: Any = AT) -> tuple[str, str]:
    found = {each.key: each for each in evaluate(made, by=by, at=at).routes}
    return str(found["repeat"].met), found["repeat"].why


def happened(two: Any, by: Any, *, days: int, **more: Any) -> Incident:
    at = AT - days * DAY
    return tied_incident(victim=two.victim, accused=two.accused, by=by, at=at, **more)


def test_anything_within_the_months_of_an_imported_referral_is_a_repeat(officer, two) -> None:
    referred(two, officer, days=200)
    assert told(two, officer)[0] is Met.NO
    happened(two, officer, days=30)
    met, why = told(two, officer)
    assert met is Met.YES
    assert "1 since within the months" in why


@pytest.mark.parametrize(("days", "met"), [(366, Met.CANNOT_TELL), (365, Met.YES), (1, Met.YES)])
def test_the_months_are_counted_to_the_day(officer, two, days: int, met: Met) -> None:
    referred(two, officer, days=days)
    happened(two, officer, days=0)
    assert told(two, officer)[0] is met


def test_what_was_referred_itself_and_what_lay_before_is_no_repeat(officer, two) -> None:
    referred(two, officer, days=20)
    happened(two, officer, days=20)
    happened(two, officer, days=90)
    met, why = told(two, officer)
    assert met is Met.NO
    assert "nothing between them since" in why


def test_without_the_months_nobody_can_tell_and_with_them_none_is_none(
    officer, two, monkeypatch
) -> None:
    happened(two, officer, days=3)
    assert told(two, officer)[0] is Met.CANNOT_TELL
    assert "not all here" in told(two, officer)[1]
    all_here(monkeypatch, officer)
    assert told(two, officer) == (Met.NO, repeating.NONE)


def test_a_referral_the_other_way_round_is_another_pair(officer, two) -> None:
    referred(two, officer, days=20, back=True)
    happened(two, officer, days=3)
    assert told(two, officer)[0] is Met.CANNOT_TELL
    ways = repeating.of_two(two.victim, two.accused, on=ON, by=officer)
    assert {(each.victim, each.met) for each in ways} == {
        (two.victim, Met.CANNOT_TELL),
        (two.accused, Met.NO),
    }


@pytest.mark.parametrize(
    ("crime", "met"),
    [("crime", Met.YES), ("not_crime", Met.NO), ("not_yet", Met.CANNOT_TELL)],
)
def test_by_the_older_definition_only_what_is_criminal_counts(
    officer, two, monkeypatch, crime: str, met: Met
) -> None:
    older = repeats.is_repeat.__kwdefaults__ | {"definition": Definition.CRIMINAL}
    monkeypatch.setattr(repeats.is_repeat, "__kwdefaults__", older)
    referred(two, officer, days=20)
    made = happened(two, officer, days=3)
    decided = {} if crime == "not_yet" else {
        "crime_decided_at": AT, "crime_decided_by": officer, "crime_reason": "Practice",
    }  # fmt: skip
    Incident.objects.filter(pk=made.pk).update(crime_decision=crime, **decided)
    assert told(two, officer)[0] is met


def test_an_assessment_after_a_referral_is_itself_what_happened(officer, two) -> None:
    referred(two, officer, days=20)
    made = begin(two, by=officer)
    assert route(made, officer)[0] == Met.YES


def test_its_own_referral_makes_no_assessment_a_repeat(officer, two, monkeypatch) -> None:
    all_here(monkeypatch, officer)
    made = graded(two, "high", by=officer).assessment
    assert route(made, officer, AT + 9 * DAY)[0] == Met.NO


def test_what_somebody_found_is_never_outweighed_by_what_is_not_here(
    officer, two, monkeypatch
) -> None:
    all_here(monkeypatch, officer)
    made = begin(two, by=officer)
    check_all(two, by=officer, marac=("found", "Referred in May by the refuge"))
    assert route(made, officer) == (Met.YES, "Found when it was searched: Referred in May by the "
                                    "refuge")  # fmt: skip


def test_of_somebody_unknown_it_can_never_be_told(officer, two, monkeypatch) -> None:
    all_here(monkeypatch, officer)
    made = begin(two, by=officer, accused=None)
    assert route(made, officer) == (Met.CANNOT_TELL, repeating.NOBODY_KNOWN)
    referred(two, officer, days=20)
    assert route(made, officer)[1].startswith("Referred ")


def test_a_list_marks_the_incidents_of_two_who_accuse_each_other(officer, two) -> None:
    first = happened(two, officer, days=9)
    assert pairs.asked_in([first.pk], by=officer) == set()
    back = tied_incident(victim=two.accused, accused=two.victim, by=officer)
    other = pair(by=officer)
    alone = tied_incident(victim=other.victim, accused=other.accused, by=officer)
    keys = [first.pk, back.pk, alone.pk]
    assert pairs.asked_in(keys, by=officer) == {first.pk, back.pk}
    assert pairs.both_ways([two.victim, two.accused, other.victim], by=officer) == {
        frozenset((two.victim, two.accused))
    }


def test_an_incident_that_a_member_may_not_see_marks_none(officer, two) -> None:
    first = happened(two, officer, days=9)
    back = tied_incident(victim=two.accused, accused=two.victim, by=officer)
    Incident.objects.filter(pk=back.pk).update(
        police_party=True, crime_rests_with=Role.PROFESSIONAL_STANDARDS
    )
    assert pairs.asked_in([first.pk], by=officer) == set()
