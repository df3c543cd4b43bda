"""A map is an image in words too, keeps to its frame, and weighs little however much it shows."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from safehold.analysis import cells
from safehold.design import map_ground, maps
from safehold.design.map_ground import Ground, Name
from safehold.design.maps import Dot, Hex

SVG = "{http://www.w3.org/2000/svg}"
AREA = box(-0.75, 51.6, 0.2, 52.08)
FRAME = map_ground.frame_over(AREA.bounds)


def some_hexes(number: int, *, linked: int = 0) -> list[Hex]:
    found: dict[str, Hex] = {}
    for step in range(number * 2):
        # Points that spread over the area as towns do: dense here, thin there.
        place = (-0.7 + (step * 0.6180339) % 0.85, 51.62 + ((step * step) % 4_001) / 4_001 * 0.44)
        cell = cells.cell_of(*place)
        rank = len(found) + 1
        if cell not in found and rank <= number:
            found[cell] = Hex(
                corners=cells.outline_of(cell),
                count=1 + (rank * rank) % 160,
                mark=str(rank),
                title=f"{rank}. Here",
                href=f"#cell-{cell}" if rank <= linked else "",
            )
    assert len(found) == number
    return list(found.values())


def draw(hexes: list[Hex], **more: Any) -> ET.Element:
    ground = Ground(**{"frame": FRAME, "key": "m", "outline": AREA, **more})
    text = maps.hex_map(
        hexes, ground=ground, title="Where <it> was recorded", description="Counts & places"
    )
    return ET.fromstring(text)


def test_an_unlinked_map_is_an_image_with_a_title_and_a_description() -> None:
    root = draw(some_hexes(3))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "m-title m-text"
    assert [root.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == [
        "Where <it> was recorded",
        "Counts & places",
    ]


def test_a_linked_map_is_a_group_whose_links_say_what_they_are() -> None:
    root = draw(some_hexes(5, linked=2))
    assert root.get("role") == "group"
    links = root.findall(f"{SVG}a")
    assert len(links) == 2
    assert [link.findtext(f"{SVG}path/{SVG}title") for link in links] == ["1. Here", "2. Here"]
    assert all((link.get("href") or "").startswith("#cell-") for link in links)


def test_two_thousand_cells_with_their_outline_weigh_at_most_sixty_kilobytes() -> None:
    ground = Ground(FRAME, "m", outline=AREA)
    text = maps.hex_map(some_hexes(2_000), ground=ground, title="t", description="d")
    assert len(text.encode()) <= 60_000


def test_every_cell_is_drawn_once_inside_the_frame() -> None:
    root = draw(some_hexes(400, linked=20))
    drawn = [path.get("d") or "" for path in root.findall(f"{SVG}path")]
    linked = [path.get("d") or "" for path in root.findall(f"{SVG}a/{SVG}path")]
    assert sum(text.count("z") for text in drawn) == 380
    assert len(linked) == 20
    for text in (*drawn, *linked):
        x = y = 0
        for ring in text.split("z")[:-1]:
            numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
            start = None
            for east, south in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + east, y + south
                start = start or (x, y)
                assert 0 <= x <= FRAME.width
                assert 0 <= y <= FRAME.height
            assert start is not None
            x, y = start


def test_no_colour_stands_alone() -> None:
    limits = maps.class_limits(155)
    shown = {maps.legend(limits, "m")[place].swatch for place in range(len(limits))}
    assert len(shown) == len(limits) == len(maps.RAMP)
    patterns = draw(some_hexes(200)).findall(f"{SVG}defs/{SVG}pattern")
    assert [pattern.get("id") for pattern in patterns] == ["m-1", "m-2", "m-3"]


def test_names_that_would_overlap_are_left_out() -> None:
    close = [Name("Sallow", (-0.3, 51.8)), Name("Withy", (-0.3001, 51.8)), Name("Alder", (0, 51.7))]
    texts = [text.text for text in draw([], names=close).findall(f"{SVG}g/{SVG}text")]
    assert texts == ["Sallow", "Alder"]


def test_text_from_outside_cannot_become_markup() -> None:
    hexes = some_hexes(1, linked=1)
    bad = '"><script>alert(1)</script>'
    hexes[0] = Hex(corners=hexes[0].corners, count=1, mark=bad, title=bad, href=bad)
    root = draw(hexes, names=[Name(bad, (-0.1, 51.7))])
    assert not root.findall(f".//{SVG}script")


def test_an_empty_map_is_still_an_image() -> None:
    root = draw([], outline=None)
    assert root.get("role") == "img"
    assert maps.legend(maps.class_limits(0), "m") == []


def test_dots_are_an_image_and_show_how_far_off_they_may_be() -> None:
    ground = Ground(FRAME, "p", outline=AREA)
    dots = [
        Dot(at=(-0.3, 51.8), title="Quay & Lane", mark="1", metres=2_000),
        Dot(at=(-0.1, 51.7), title="Park", mark="2"),
    ]
    root = ET.fromstring(maps.point_map(dots, ground=ground, title="t", description="d"))
    ring, *circles = root.findall(f"{SVG}circle")
    assert root.get("role") == "img"
    assert int(ring.get("r") or 0) == pytest.approx(
        2_000 / 111_195 * FRAME.units_per_degree_north, abs=1
    )
    assert [circle.findtext(f"{SVG}title") for circle in circles] == ["Quay & Lane", "Park"]
    assert [text.text for text in root.findall(f"{SVG}g/{SVG}text")] == ["1", "2"]


def test_linked_dots_are_a_group_of_links() -> None:
    ground = Ground(FRAME, "p")
    dots = [Dot(at=(-0.3, 51.8), title="Quay", href="/staff/places/1/")]
    root = ET.fromstring(maps.point_map(dots, ground=ground, title="t", description="d"))
    assert root.get("role") == "group"
    assert [link.get("href") for link in root.findall(f"{SVG}a")] == ["/staff/places/1/"]


def test_borders_are_drawn_once_and_not_along_the_outside() -> None:
    west, east = box(0, 0, 1, 1), box(1, 0, 2, 1)
    borders = map_ground.borders_between([west, east])
    assert borders.length == pytest.approx(1, abs=0.01)


def test_an_area_with_a_hole_and_an_island_is_drawn_whole() -> None:
    holed = Polygon(AREA.exterior, [box(-0.3, 51.7, -0.2, 51.8).exterior])
    root = draw([], outline=MultiPolygon([holed, box(0.25, 51.7, 0.3, 51.75)]))
    outline = root.find(f"{SVG}defs/{SVG}path")
    assert outline is not None
    assert (outline.get("d") or "").count("z") == 3


@given(st.integers(1, 10**9))
def test_classes_cover_every_count_and_never_overlap(largest: int) -> None:
    limits = maps.class_limits(largest)
    assert limits[-1] == largest
    assert all(one < other for one, other in pairwise(limits))
    assert len(limits) <= len(maps.RAMP)
    places = [maps.class_of(count, limits) for count in (1, (largest + 1) // 2, largest)]
    assert places == sorted(places)
    assert places[-1] == len(maps.RAMP) - 1


@given(st.integers(1, 100_000))
def test_the_legend_runs_from_one_to_the_largest_without_a_gap(largest: int) -> None:
    steps = maps.legend(maps.class_limits(largest), "m")
    assert (steps[0].first, steps[-1].last) == (1, largest)
    assert all(one.last + 1 == other.first for one, other in pairwise(steps))


@given(
    west=st.floats(-8, 1), south=st.floats(50, 59), across=st.floats(0.01, 1), up=st.floats(0.01, 1)
)
def test_what_is_framed_is_inside_the_drawing(
    west: float, south: float, across: float, up: float
) -> None:
    frame = map_ground.frame_over((west, south, west + across, south + up))
    for corner in ((west, south), (west + across, south + up)):
        x, y = frame.unit(corner)
        assert 0 <= x <= frame.width
        assert 0 <= y <= frame.height


def test_a_number_stands_inside_its_cell() -> None:
    (one,) = some_hexes(1)
    numbered = maps.Hex(corners=one.corners, count=one.count, number="17")
    text = maps.hex_map([numbered], ground=Ground(FRAME, "m"), title="t", description="d")
    x, y = re.search(r'<text x="(\d+)" y="(\d+)" font-weight="700">17<', text).groups()
    xs, ys = zip(*(FRAME.unit(corner) for corner in one.corners), strict=True)
    assert min(xs) <= int(x) <= max(xs)
    assert min(ys) <= int(y) - 11 <= max(ys)
