"""An absent history never reads as "not a repeat"."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from safehold.domain.access import Role
from safehold.records.imports.operations import NotCovered
from safehold.records.marac.models import Coverage, Referral
from safehold.records.marac.queries import CannotTell, Why, last_referral
from safehold.records.people.models import Person
from safehold.records.people.operations import Origin, record_person
from tests.desk import AT, member
from tests.extracts import FOLDER, example, importing, target, written

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
ON = date(2026, 11, 20)
YEAR = (date(2025, 11, 20), date(2026, 11, 20))
HEADER = "REFERRAL,VICTIM,PERPETRATORS,REFERRED,MEETING,AGENCY"
NOT_COVERED, NOT_COMPARED = CannotTell(Why.NOT_COVERED), CannotTell(Why.NOT_COMPARED)


@pytest.fixture
def boss() -> Any:
    made = member(Role.SUPERVISOR)
    example("people", by=made)
    return made


def pair(victim: str = "N1001", accused: str = "N1002") -> tuple[Any, Any]:
    return target("people", victim), target("people", accused)


def referrals(tmp_path: Path, *rows: str, **more: Any) -> Any:
    text = (FOLDER / "marac.toml").read_text()
    return importing(text, written(tmp_path / "a.csv", HEADER, *rows), **more)[0]


def test_without_an_import_of_the_months_nobody_can_tell(boss) -> None:
    assert last_referral(*pair(), on=ON) == NOT_COVERED
    example("marac", by=boss)  # nobody said that these are all
    assert last_referral(*pair("N1004"), on=ON) == NOT_COVERED
    found = last_referral(*pair(), on=ON)
    assert isinstance(found, Referral)
    assert found.referred_on == date(2026, 2, 5)


def test_with_all_of_them_here_none_is_none_and_a_day_later_it_is_not(boss) -> None:
    example("marac", by=boss, covers=YEAR)
    assert last_referral(*pair("N1004"), on=ON) is None
    assert last_referral(*pair("N1004"), on=ON + timedelta(days=1)) == NOT_COVERED
    assert last_referral(*pair("N1004"), on=ON - timedelta(days=1)) == NOT_COVERED
    assert isinstance(last_referral(*pair(), on=date(2027, 2, 5)), Referral)
    assert last_referral(*pair(), on=date(2027, 2, 6)) == NOT_COVERED


def test_two_imports_that_touch_cover_together_and_a_gap_does_not(boss, tmp_path) -> None:
    row = "R-9,N1001,N1002,05/02/2026,,Police"
    halves = (YEAR[0], date(2026, 6, 1)), (date(2026, 6, 2), YEAR[1])
    for half in halves:
        referrals(tmp_path, row, by=boss, covers=half)
    assert last_referral(*pair("N1004"), on=ON) is None
    Coverage.objects.filter(starts=halves[1][0]).update(starts=date(2026, 6, 3))
    assert last_referral(*pair("N1004"), on=ON) == NOT_COVERED


@pytest.mark.parametrize(
    "row",
    ["R-1,N1001,N9999,05/02/2026,,", "R-1,N1001,N1002,05/02/2062,,", "R-1,N1001,,05/02/2026,,"],
)
def test_one_referral_that_is_refused_leaves_the_months_open(boss, tmp_path, row: str) -> None:
    good = "R-9,N1004,N1002,05/02/2026,,Police"
    report = referrals(tmp_path, row, good, by=boss, covers=YEAR)
    assert report.counts["refused"] == 1
    assert "cannot be told" in report.notes[0]
    assert not Coverage.objects.exists()


def test_somebody_whom_nobody_found_in_that_system_cannot_be_told_of(boss) -> None:
    example("marac", by=boss, covers=YEAR)
    ours = record_person(name="Ilka Brandreth", origin=Origin("seen"), by=boss, at=AT)
    _, accused = pair()
    assert last_referral(ours.identity, accused, on=ON) == NOT_COMPARED
    # Put together with the one of the import, she is found, whichever row is asked about.
    Person.objects.filter(pk=pair()[0]).update(identity=ours.identity)
    assert isinstance(last_referral(ours.identity, accused, on=ON), Referral)


def test_days_that_are_still_to_come_cover_nothing(boss) -> None:
    for covers in ((YEAR[0], date(2027, 1, 1)), (YEAR[1], YEAR[0])):
        with pytest.raises(NotCovered):
            example("marac", by=boss, covers=covers)
