"""Cells hold the points they are given for, and a wrong resolution is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from safehold.analysis import cells

LONGITUDE = st.floats(-8, 2)
LATITUDE = st.floats(50, 60)


@given(longitude=LONGITUDE, latitude=LATITUDE, resolution=st.sampled_from(cells.RESOLUTIONS))
def test_a_point_lies_in_the_outline_of_its_cell(
    longitude: float, latitude: float, resolution: int
) -> None:
    outline = cells.outline_of(cells.cell_of(longitude, latitude, resolution))
    # An edge of a cell is an arc; a chord may miss a point by a hair.
    assert Polygon(outline).buffer(1e-6).contains(Point(longitude, latitude))


@given(longitude=LONGITUDE, latitude=LATITUDE, resolution=st.sampled_from(cells.RESOLUTIONS))
def test_the_centre_of_a_cell_lies_in_it(
    longitude: float, latitude: float, resolution: int
) -> None:
    name = cells.cell_of(longitude, latitude, resolution)
    assert cells.cell_of(*cells.centre_of(name), resolution) == name


def test_many_points_are_placed_like_one() -> None:
    longitude, latitude = np.array([-0.2, -0.4]), np.array([51.7, 51.8])
    names = [cells.name_of(number) for number in cells.cells_of(longitude, latitude, 9)]
    assert names == [cells.cell_of(-0.2, 51.7, 9), cells.cell_of(-0.4, 51.8, 9)]


@pytest.mark.parametrize("resolution", [0, 7, 11, 15])
def test_another_resolution_is_refused(resolution: int) -> None:
    with pytest.raises(ValueError, match="must be one of 8, 9, 10"):
        cells.cell_of(-0.2, 51.7, resolution)
