"""The invented land: at sea, inside its own coast, and with no address that could be anyone's."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, union_all

from safehold.demonstration.chance import shares, stream
from safehold.demonstration.geography import (
    COUNTY_TOWN,
    OPEN_SEA,
    Bends,
    Land,
    NotAtSea,
    draw_land,
    to_degrees,
    to_metres,
)
from safehold.demonstration.streets import (
    POSTCODE_AREA,
    POSTCODES,
    SHARED_NAMES,
    Postcode,
    Street,
    give_postcodes,
    lay_streets,
)

SEEDS = st.integers(min_value=0, max_value=10**9)
# The letters that no postcode of the United Kingdom begins with (Royal Mail, PAF guide).
NEVER_FIRST = "QVX"
slow = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def all_of(seed: int) -> tuple[Land, tuple[Street, ...], tuple[Postcode, ...]]:
    land = draw_land(seed)
    streets = lay_streets(seed, land.towns)
    return land, streets, give_postcodes(seed, streets)


@slow
@given(SEEDS)
def test_nothing_leaves_the_open_sea(seed: int) -> None:
    land, streets, postcodes = all_of(seed)
    west, south, east, north = land.boundary.bounds
    assert OPEN_SEA[0] < west < east < OPEN_SEA[2]
    assert OPEN_SEA[1] < south < north < OPEN_SEA[3]
    for street in streets:
        assert all(land.boundary.contains(Point(point)) for point in street.line)
    assert all(land.boundary.contains(Point(postcode.point)) for postcode in postcodes)


@slow
@given(SEEDS)
def test_the_districts_are_the_whole_land_and_hold_their_own_town(seed: int) -> None:
    land = draw_land(seed)
    assert land.boundary.is_valid
    assert all(shape.is_valid for _, _, shape in land.districts)
    together = union_all([shape for _, _, shape in land.districts])
    assert together.area == pytest.approx(land.boundary.area, rel=0.002)
    assert sum(shape.area for _, _, shape in land.districts) == pytest.approx(
        together.area, rel=0.002
    )
    shapes = {name: shape for _, name, shape in land.districts}
    for town in land.towns:
        assert shapes[town.district].contains(Point(to_degrees(town.centre)))
    assert land.towns[0].name == COUNTY_TOWN


@slow
@given(SEEDS)
def test_no_postcode_could_be_real_and_none_is_given_twice(seed: int) -> None:
    _, streets, postcodes = all_of(seed)
    assert len(streets) == 400
    assert len({postcode.postcode for postcode in postcodes}) == len(postcodes) == POSTCODES
    assert POSTCODE_AREA[0] in NEVER_FIRST
    form = re.compile(rf"{POSTCODE_AREA}[1-4] [1-9][ABD-HJLNP-UW-Z]{{2}}")
    assert all(form.fullmatch(postcode.postcode) for postcode in postcodes)
    given_to = {(postcode.street, postcode.town) for postcode in postcodes}
    assert given_to == {(street.name, street.town) for street in streets}


@slow
@given(SEEDS)
def test_a_name_is_given_once_but_for_those_that_every_town_has(seed: int) -> None:
    land, streets, _ = all_of(seed)
    for name in SHARED_NAMES:
        assert {street.town for street in streets if street.name == name} == {
            town.name for town in land.towns
        }
    own = [street.name for street in streets if street.name not in SHARED_NAMES]
    assert len(set(own)) == len(own)


def test_what_leaves_the_sea_is_refused() -> None:
    with pytest.raises(NotAtSea):
        to_degrees((60_000.0, 0.0))


@given(st.tuples(*[st.floats(min_value=-20_000, max_value=20_000)] * 2))
def test_degrees_and_metres_are_each_other_s_inverse(point: tuple[float, float]) -> None:
    back = to_metres(to_degrees(point))
    assert back == pytest.approx(point, abs=0.12)


@given(SEEDS)
def test_bending_never_swaps_two_points(seed: int) -> None:
    bends = Bends(stream(seed, "bends"), ((5_000.0, 240.0), (2_000.0, 60.0)))
    bent = [bends.bend((step * 100.0, 0.0))[0] for step in range(100)]
    assert bent == sorted(bent)


@given(
    st.lists(st.floats(min_value=0.01, max_value=100), min_size=1, max_size=40),
    st.integers(min_value=0, max_value=5_000),
)
def test_shares_lose_nothing(weights: list[float], total: int) -> None:
    parts = shares(weights, total)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    whole = sum(weights)
    assert all(
        abs(part - total * weight / whole) <= 1 for part, weight in zip(parts, weights, strict=True)
    )
