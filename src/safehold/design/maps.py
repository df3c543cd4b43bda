"""Maps as SVG from longitude and latitude: nothing is fetched, nothing runs, and each prints.

Shape and pattern say what colour says. Coordinates are whole units of the drawing, and each ring is
written relative to the last, so that two thousand cells stay near fifty kilobytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

Degrees = tuple[float, float]  # longitude, latitude
Unit = tuple[int, int]

WIDTH = 2_000
MARGIN = 0.03
PAPER, INK, MUTED, LINE = "#fbfaf7", "#1d1b22", "#57535f", "#d9d4cb"
RAMP = ("#e9dcee", "#c8abd4", "#9c74b0", "#6a4182", "#2d1640")
# What each class of the ramp is drawn with besides its colour, as marks on a tile of 8 by 8.
_MARKS = (
    Markup(""),
    Markup('<circle cx="4" cy="4" r="1" fill="#1d1b22"/>'),
    Markup('<path d="M0 8l8-8" stroke="#1d1b22"/>'),
    Markup('<path d="M0 8l8-8M0 0l8 8" stroke="#fbfaf7"/>'),
    Markup(""),
)
_RIM = 1e-4  # degrees, about ten metres: borders of two sources never match exactly
_LETTER = 0.6  # mean width of a letter, in heights of the type


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become units of a drawing: flat, true to shape at the middle latitude."""

    west: float
    north: float
    units_per_degree_east: float
    units_per_degree_north: float
    width: int
    height: int

    def unit(self, point: Degrees) -> Unit:
        """Return the drawing's x and y of a longitude and latitude, rounded to whole units."""
        return (
            round((point[0] - self.west) * self.units_per_degree_east),
            round((self.north - point[1]) * self.units_per_degree_north),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hex:
    """One cell: its corners, its count, and, where it is linked, what it says and leads to."""

    corners: Sequence[Degrees]
    count: int
    mark: str = ""
    title: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A word at a place, such as a town."""

    text: str
    at: Degrees


@dataclass(frozen=True, slots=True)
class Step:
    """One class of the legend: from and to, both kept, and its swatch."""

    first: int
    last: int
    swatch: Markup

    @property
    def words(self) -> str:
        """Say the range as people read it."""
        return f"{self.first:,}" if self.first == self.last else f"{self.first:,} to {self.last:,}"


def frame_over(bounds: Sequence[float], width: int = WIDTH) -> Frame:
    """Fit a drawing to bounds (west, south, east, north) in degrees, with a margin all round."""
    west, south, east, north = bounds
    shrink = max(cos(radians((south + north) / 2)), 0.01)
    extent = max((east - west) * shrink, north - south, 1e-4)
    pad = extent * MARGIN
    ground = max((east - west) * shrink, extent / 4) + 2 * pad
    spare = (ground - 2 * pad - (east - west) * shrink) / 2
    scale = width / ground
    return Frame(
        west=west - (pad + spare) / shrink,
        north=north + pad,
        units_per_degree_east=scale * shrink,
        units_per_degree_north=scale,
        width=width,
        height=max(round((north - south + 2 * pad) * scale), 1),
    )


def class_limits(largest: int, classes: int = len(RAMP)) -> list[int]:
    """Return the largest count of each class: limits that grow by one factor, for skewed counts."""
    if largest < 1:
        return []
    growth = largest ** (1 / classes)
    limits = {max(1, round(growth**step)) for step in range(1, classes + 1)}
    return sorted(limits | {largest})


def class_of(count: int, limits: Sequence[int]) -> int:
    """Return the place of a count on the ramp; the largest class is always the darkest."""
    place = next(i for i, limit in enumerate(limits) if count <= limit)
    return len(RAMP) - len(limits) + place


def legend(limits: Sequence[int], key: str) -> list[Step]:
    """Return the steps of a legend for a map drawn with the same `key`."""
    first, steps = 1, []
    for place, limit in enumerate(limits):
        fill = _fill(key, len(RAMP) - len(limits) + place)
        swatch = Markup(
            '<svg class="swatch" width="26" height="22" viewBox="-13 -11 26 22" aria-hidden="true">'
            '<path d="M-10-5L0-10 10-5V5L0 10-10 5Z" fill="{}" stroke="{}"/></svg>'
        ).format(fill, INK)
        steps.append(Step(first, limit, swatch))
        first = limit + 1
    return steps


def hex_map(
    hexes: Sequence[Hex],
    *,
    frame: Frame,
    key: str,
    title: str,
    description: str,
    outline: BaseGeometry | None = None,
    borders: BaseGeometry | None = None,
    names: Sequence[Name] = (),
) -> Markup:
    """Draw cells over outlines, darker and more closely hatched where the count is higher.

    `key` makes identifiers unique on a page. Cells that have a `href` are links, and then the
    drawing is a group rather than one image, so that a keyboard and a screen reader reach them.
    """
    limits = class_limits(max((one.count for one in hexes), default=0))
    linked = [one for one in hexes if one.href]
    body = [
        _definitions(key, limits, outline, frame),
        Markup('<rect width="{}" height="{}" fill="{}"/>').format(frame.width, frame.height, PAPER),
        _drawn(outline, key, fill="#ffffff", stroke="none"),
        *_cells([one for one in hexes if not one.href], frame, limits, key),
        _borders(borders, frame),
        _drawn(outline, key, fill="none", stroke=MUTED),
        *(_link(one, frame, limits, key) for one in linked),
        *_words(linked, names, frame),
    ]
    return Markup(
        '<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="{}" '
        'aria-labelledby="{}-title {}-text"><title id="{}-title">{}</title>'
        '<desc id="{}-text">{}</desc>{}</svg>'
    ).format(
        *(frame.width, frame.height, "group" if linked else "img"),
        *(key, key, key, title, key, description, Markup("").join(body)),
    )


def borders_between(areas: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the lines between areas, each once, and none where an area meets the outside."""
    shapes = list(areas)
    lines = shapely.union_all([shape.boundary for shape in shapes])
    rim = shapely.union_all(shapes).boundary.buffer(_RIM)
    return shapely.line_merge(lines.difference(rim))


def _definitions(
    key: str, limits: Sequence[int], outline: BaseGeometry | None, frame: Frame
) -> Markup:
    patterns = [
        Markup(
            '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<path d="M0 0h8v8H0z" fill="{}"/>{}</pattern>'
        ).format(key, place, RAMP[place], mark)
        for place, mark in enumerate(_MARKS)
        if mark and place >= len(RAMP) - len(limits)
    ]
    shape = [] if outline is None else [_outline(outline, frame, key)]
    return Markup("<defs>{}</defs>").format(Markup("").join([*patterns, *shape]))


def _fill(key: str, place: int) -> str:
    return f"url(#{key}-{place})" if _MARKS[place] else RAMP[place]


def _cells(hexes: Sequence[Hex], frame: Frame, limits: Sequence[int], key: str) -> Iterable[Markup]:
    by_class: dict[int, list[list[Unit]]] = {}
    for one in hexes:
        ring = [frame.unit(corner) for corner in one.corners]
        by_class.setdefault(class_of(one.count, limits), []).append(ring)
    for place, rings in sorted(by_class.items()):
        yield Markup('<path d="{}" fill="{}" stroke="{}" stroke-width=".7"/>').format(
            _path(sorted(rings, key=lambda ring: (ring[0][1] // 16, ring[0][0]))),
            _fill(key, place),
            MUTED,
        )


def _link(one: Hex, frame: Frame, limits: Sequence[int], key: str) -> Markup:
    return Markup(
        '<a href="{}"><path d="{}" fill="{}" stroke="{}" stroke-width="2">'
        "<title>{}</title></path></a>"
    ).format(
        one.href,
        _path([[frame.unit(corner) for corner in one.corners]]),
        _fill(key, class_of(one.count, limits)),
        INK,
        one.title,
    )


def _words(linked: Sequence[Hex], names: Sequence[Name], frame: Frame) -> Iterable[Markup]:
    taken: list[tuple[float, float, float, float]] = []
    marks = [(one.mark, _above(one, frame), 34, 700) for one in linked if one.mark]
    towns = [(name.text, frame.unit(name.at), 36, 400) for name in names]
    for text, (x, y), size, weight in [*marks, *towns]:
        box = _box(text, x, y, size)
        if not _fits(box, frame) or any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        yield Markup(
            '<text x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="middle" fill="{}" '
            'stroke="{}" stroke-width="7" stroke-linejoin="round" paint-order="stroke" '
            'font-family="system-ui,sans-serif" pointer-events="none">{}</text>'
        ).format(x, y + size // 3, size, weight, INK, PAPER, text)


def _above(one: Hex, frame: Frame) -> Unit:
    units = [frame.unit(corner) for corner in one.corners]
    return sum(x for x, _ in units) // len(units), min(y for _, y in units) - 20


def _box(text: str, x: int, y: int, size: int) -> tuple[float, float, float, float]:
    half = max(len(text), 1) * size * _LETTER / 2
    return x - half, y - size * 0.6, x + half, y + size * 0.6


def _fits(box: tuple[float, float, float, float], frame: Frame) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= frame.width and box[3] <= frame.height


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _outline(outline: BaseGeometry, frame: Frame, key: str) -> Markup:
    return Markup('<path id="{}-outline" d="{}" fill-rule="evenodd"/>').format(
        key, _path(_rings(_simple(outline, frame), frame))
    )


def _drawn(outline: BaseGeometry | None, key: str, **attributes: str) -> Markup:
    if outline is None:
        return Markup("")
    return Markup(
        '<use href="#{}-outline" fill="{fill}" stroke="{stroke}" stroke-width="4"/>'
    ).format(key, **attributes)


def _borders(borders: BaseGeometry | None, frame: Frame) -> Markup:
    if borders is None:
        return Markup("")
    lines = [
        [frame.unit(point[:2]) for point in line.coords]
        for line in shapely.get_parts(_simple(borders, frame)).tolist()
    ]
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>').format(
        _path(lines, closed=False), MUTED
    )


def _simple(shape: BaseGeometry, frame: Frame) -> BaseGeometry:
    # One pixel of a wide screen: finer than that, a border only weighs.
    return shape.simplify(2 / frame.units_per_degree_north, preserve_topology=False)


def _rings(shape: BaseGeometry, frame: Frame) -> Iterable[Sequence[Unit]]:
    for part in shapely.get_parts(shape).tolist():
        for ring in (part.exterior, *part.interiors):
            yield [frame.unit(point[:2]) for point in ring.coords][:-1]


def _path(lines: Iterable[Sequence[Unit]], *, closed: bool = True) -> str:
    text, pen = [], (0, 0)
    for line in lines:
        moves = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise([pen, *line])]
        text.append("m" + _steps([moves[0], *(move for move in moves[1:] if move != (0, 0))]))
        text.append("z" if closed else "")
        # After z the pen is where the ring began, and the next move starts there.
        pen = line[0] if closed else line[-1]
    return "".join(text)


def _steps(moves: Sequence[Unit]) -> str:
    joined = " ".join(f"{x} {y}" for x, y in moves)
    return joined.replace(" -", "-")
