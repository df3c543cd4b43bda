"""A position is right, swapped, in metres, or elsewhere; and it is told which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.positions import LATITUDES, LONGITUDES, Fault, fault


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (-0.34, 51.75, None),
        (-7.3, 55.0, None),
        (2.3, 54.6, None),  # the invented force, in the North Sea
        (51.75, -0.34, Fault.SWAPPED),
        (54.6, 2.3, Fault.SWAPPED),
        (514600.0, 206900.0, Fault.NOT_DEGREES),
        (float("nan"), 51.75, Fault.NOT_DEGREES),
        (0.0, 0.0, Fault.OUTSIDE_UK),
        (-87.6, 41.9, Fault.OUTSIDE_UK),
    ],
)
def test_the_fault_of_a_position(longitude: float, latitude: float, expected: Fault | None) -> None:
    assert fault(longitude, latitude) is expected


@given(longitude=st.floats(*LONGITUDES), latitude=st.floats(*LATITUDES))
def test_whatever_is_right_is_swapped_the_other_way_round(
    longitude: float, latitude: float
) -> None:
    assert fault(longitude, latitude) is None
    assert fault(latitude, longitude) is Fault.SWAPPED
