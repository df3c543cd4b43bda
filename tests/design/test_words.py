"""Dates and counts as a page writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from safehold.design.words import counted, day, moment, whereabouts


def test_a_day_is_written_as_people_say_it() -> None:
    assert day(date(2026, 11, 2)) == "2 November 2026"


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 22, 9, 5, tzinfo=UTC), "22 November 2026, 09:05"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026, 00:30"),
    ],
)
def test_a_moment_is_written_in_the_time_of_the_force(at: datetime, written: str) -> None:
    assert moment(at) == written
    assert written.startswith(day(at))


def test_a_count_agrees_with_its_noun() -> None:
    assert counted(1, "report") == "1 report"
    assert counted(0, "report") == "0 reports"
    assert counted(1204, "person", "people") == "1,204 people"


def test_an_area_is_named_by_town_direction_and_distance() -> None:
    assert whereabouts("Merehaven", "ne", 1_500) == (
        "Merehaven, about 1.5 km north-east of the middle"
    )
    assert whereabouts("Merehaven", "", 0) == "Merehaven, the middle"
    assert whereabouts("", "n", 500) == "Away from towns"
