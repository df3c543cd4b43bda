"""What may be read of a report about a place, and which quarter it belongs to."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import public_places, quarters
from safehold.domain.quarters import last_full, parse, quarter_of
from safehold.records.places.models import PlaceKind
from safehold.rules import load

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 12, 31))
POINTS = st.tuples(
    st.floats(min_value=-1, max_value=3, allow_nan=False),
    st.floats(min_value=50, max_value=56, allow_nan=False),
)


def keys(table: str) -> set[str]:
    return {option["key"] for option in load("unsafe_places").tables[table]["options"]}


def test_every_published_reason_is_made_of_answers_that_the_journey_offers() -> None:
    published = [key for reason in public_places.rule().reasons for key in reason.environment]
    assert set(published) <= keys("environment")
    assert len(published) == len(set(published))


@pytest.mark.parametrize("key", ["no_cameras", "isolated", "layout", "no_way_out", "no_help"])
def test_what_would_tell_an_attacker_where_to_stand_is_never_published(key: str) -> None:
    assert key in keys("environment")
    assert public_places.reasons_of([key], []) == frozenset()


@given(st.sets(st.sampled_from(sorted(keys("behaviour"))), min_size=1))
def test_all_behaviour_is_one_reason(said: set[str]) -> None:
    assert public_places.reasons_of([], said) == {"people"}


def test_the_public_sorts_of_place_are_known_and_none_is_private() -> None:
    kinds = public_places.rule().kinds
    assert kinds < set(PlaceKind.values)
    assert not kinds & {"home", "work", "education", "not_said", "other"}


@pytest.mark.parametrize("kind", PlaceKind.values)
def test_only_an_exactly_known_public_place_is_published(kind: str) -> None:
    def why(**changes: object) -> str:
        asked = {"kind": kind, "pointed": True, "metres": 30, "police_party": False}
        return public_places.why_not_public(**{**asked, **changes})  # type: ignore[arg-type]

    assert (why() == "") is (kind in public_places.rule().kinds)
    assert why(pointed=False)
    assert why(metres=501)
    assert why(police_party=True)


@given(POINTS)
def test_a_cell_is_coarser_than_those_of_the_staff_and_always_the_same(
    point: tuple[float, float],
) -> None:
    cell = public_places.cell_of(point)
    assert h3.get_resolution(cell) < 9
    assert public_places.cell_of(public_places.centre_of(cell)) == cell
    assert len(public_places.outline_of(cell)) in {5, 6, 7}
    for fine in h3.cell_to_children(cell, 9):
        latitude, longitude = h3.cell_to_latlng(fine)
        assert public_places.cell_of((longitude, latitude)) == cell


def test_a_cell_is_named_by_direction_and_rough_distance() -> None:
    cell = public_places.cell_of((2.3, 54.6))
    longitude, latitude = public_places.centre_of(cell)
    assert public_places.whereabouts(cell, (longitude, latitude)).bearing == ""
    found = public_places.whereabouts(cell, (longitude, latitude - 0.02))
    assert (found.bearing, found.metres) == ("n", 2_000)
    assert public_places.whereabouts(cell, (longitude + 0.02, latitude + 0.0116)).bearing == "sw"


@given(DAYS)
def test_quarters_tile_the_calendar(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next.first_day == quarter.last_day + timedelta(days=1)
    assert quarter.next.before == quarter
    assert parse(quarter.key) == quarter
    begins, ends = quarter.bounds(LONDON)
    assert begins.date() == quarter.first_day
    assert ends.date() == quarter.next.first_day


@given(DAYS)
def test_a_quarter_is_published_only_when_it_is_over(day: date) -> None:
    last = last_full(day)
    assert last.last_day < day <= last.next.last_day


@pytest.mark.parametrize("text", ["2026-Q5", "2026", "2026-Q1 ", "", "²026-Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        quarters.parse(text)
