"""A press on the map means the point under it, however far the map was moved."""

from hypothesis import given
from hypothesis import strategies as st

from safehold.public.report.map_view import PIXELS, STEPS, MapView, step_over

VIEWS = st.builds(
    MapView,
    lon=st.floats(-8, 4),
    lat=st.floats(49, 61),
    across=st.sampled_from(STEPS),
)
PIXEL = st.integers(0, PIXELS)


@given(VIEWS, PIXEL, PIXEL)
def test_a_pressed_point_is_drawn_where_it_was_pressed(view: MapView, x: int, y: int) -> None:
    drawn = view.to_pixels(*view.to_lonlat(x, y))
    assert abs(drawn[0] - x) < 0.01
    assert abs(drawn[1] - y) < 0.01


@given(VIEWS)
def test_moving_there_and_back_is_staying(view: MapView) -> None:
    back = view.moved("east").moved("west")
    assert abs(back.lon - view.lon) < 1e-9
    assert view.moved("north").lat > view.lat > view.moved("south").lat


@given(VIEWS)
def test_a_map_zooms_only_as_far_as_its_steps(view: MapView) -> None:
    assert view.zoomed(-20).across == STEPS[0]
    assert view.zoomed(20).across == STEPS[-1]


@given(st.floats(1, 200_000))
def test_a_step_shows_what_it_must(metres: float) -> None:
    assert step_over(metres) in STEPS
    assert step_over(metres) >= min(metres, STEPS[-1])


@given(VIEWS)
def test_the_ground_is_square_on_the_ground(view: MapView) -> None:
    west, south, east, north = view.bounds
    assert west < view.lon < east
    assert south < view.lat < north
    assert abs((north - south) * 111_195 - view.across) < 1
