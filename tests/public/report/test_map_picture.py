"""The picture of a map: names that do not cover each other, and nothing that was typed."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from safehold.public.report.map_picture import Named, draw
from safehold.public.report.map_view import PIXELS, MapView

VIEW = MapView(0.1, 51.8, 4_000)
NAMES = st.lists(
    st.builds(
        Named,
        name=st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=30),
        lon=st.floats(0.05, 0.15),
        lat=st.floats(51.77, 51.83),
        large=st.booleans(),
    ),
    max_size=40,
)


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


@given(NAMES)
def test_a_picture_is_whole_whatever_the_names(names: list[Named]) -> None:
    root = read(draw(VIEW, None, names, None))
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert {each.text for each in texts[:-1]} <= {named.name for named in names}
    assert all(0 <= float(each.get("x", "-1")) <= PIXELS for each in texts)


def test_names_at_one_point_are_written_once() -> None:
    svg = draw(VIEW, None, [Named("Elm Row", 0.1, 51.8), Named("Ash Row", 0.1, 51.8)], None)
    assert "Elm Row" in svg
    assert "Ash Row" not in svg


def test_the_area_is_drawn_inside_the_window_only() -> None:
    area = MultiPolygon([box(-5, 48, 0.1, 60)])
    path = re.search(r'd="(M[^"]+Z)"', draw(VIEW, area, [], None))
    assert path is not None
    numbers = [float(number) for number in re.findall(r"-?\d+", path[1])]
    assert max(numbers) <= PIXELS + 4
    assert min(numbers) >= -4


def test_a_window_outside_the_area_draws_no_edge() -> None:
    assert '<path d=""' in draw(VIEW, MultiPolygon([box(10, 48, 11, 49)]), [], None)


def test_a_chosen_point_is_marked_where_it_is() -> None:
    assert f"M{PIXELS // 2} {PIXELS // 2}l-8" in draw(VIEW, None, [], (0.1, 51.8))
