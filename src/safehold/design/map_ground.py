"""The ground that maps are drawn on: degrees as units, outlines as paths, names that fit.

Coordinates are whole units of the drawing and each point is written relative to the last, so that a
map of thousands of cells stays small.
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
Box = tuple[float, float, float, float]

WIDTH = 2_000
MARGIN = 0.03
PAPER, INK, MUTED = "#fbfaf7", "#1d1b22", "#57535f"
TYPE_SIZE = 34
_LETTER = 0.54  # mean width of a letter, in heights of the type
_RIM = 1e-4  # degrees, about ten metres: borders of two sources never match exactly


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


@dataclass(frozen=True, slots=True)
class Name:
    """A word at a place, such as a town."""

    text: str
    at: Degrees


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


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under a map. `key` makes its identifiers unique on a page."""

    frame: Frame
    key: str
    outline: BaseGeometry | None = None
    borders: BaseGeometry | None = None
    names: Sequence[Name] = ()

    def definition(self) -> Markup:
        """Return the outline for the drawing's `defs`: it is drawn twice and written once."""
        if self.outline is None:
            return Markup("")
        rings = _rings(_simple(self.outline, self.frame), self.frame)
        return Markup('<path id="{}-outline" d="{}" fill-rule="evenodd"/>').format(
            self.key, path_of(rings)
        )

    def below(self) -> Markup:
        """Return what lies under the cells or dots."""
        paper = Markup('<rect width="{}" height="{}" fill="{}"/>').format(
            self.frame.width, self.frame.height, PAPER
        )
        return paper + self._outline(fill="#ffffff", stroke="none")

    def above(self) -> Markup:
        """Return the lines that lie over the cells or dots."""
        return self._borders() + self._outline(fill="none", stroke=MUTED)

    def drawing(self, body: Markup, *, title: str, description: str, role: str) -> Markup:
        """Return the whole SVG, with its title and description as text."""
        return Markup(
            '<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="{}" '
            'aria-labelledby="{}-title {}-text"><title id="{}-title">{}</title>'
            '<desc id="{}-text">{}</desc>{}</svg>'
        ).format(
            *(self.frame.width, self.frame.height, role),
            *(self.key, self.key, self.key, title, self.key, description, body),
        )

    def _outline(self, *, fill: str, stroke: str) -> Markup:
        if self.outline is None:
            return Markup("")
        return Markup('<use href="#{}-outline" fill="{}" stroke="{}" stroke-width="4"/>').format(
            self.key, fill, stroke
        )

    def _borders(self) -> Markup:
        if self.borders is None:
            return Markup("")
        lines = [
            [self.frame.unit(point[:2]) for point in line.coords]
            for line in shapely.get_parts(_simple(self.borders, self.frame)).tolist()
        ]
        return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>').format(
            path_of(lines, closed=False), MUTED
        )


def borders_between(areas: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the lines between areas, each once, and none where an area meets the outside."""
    shapes = list(areas)
    lines = shapely.union_all([shape.boundary for shape in shapes])
    rim = shapely.union_all(shapes).boundary.buffer(_RIM)
    return shapely.line_merge(lines.difference(rim))


def words(frame: Frame, marks: Iterable[tuple[str, Unit]], names: Iterable[Name]) -> Markup:
    """Write bold marks, then names, without any that covers another or leaves the frame."""
    taken: list[Box] = []
    bold = [(text, at, 700) for text, at in marks]
    plain = [(name.text, frame.unit(name.at), 400) for name in names]
    written = []
    for text, (x, y), weight in [*bold, *plain]:
        box = _box(text, x, y)
        if not _fits(box, frame) or any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        written.append(
            Markup('<text x="{}" y="{}" font-weight="{}">{}</text>').format(
                x, y + TYPE_SIZE // 3, weight, text
            )
        )
    return Markup(
        '<g font-family="system-ui,sans-serif" font-size="{}" text-anchor="middle" fill="{}" '
        'stroke="{}" stroke-width="7" stroke-linejoin="round" paint-order="stroke" '
        'pointer-events="none">{}</g>'
    ).format(TYPE_SIZE, INK, PAPER, Markup("").join(written))


def _box(text: str, x: int, y: int) -> Box:
    half = max(len(text), 1) * TYPE_SIZE * _LETTER / 2
    return x - half, y - TYPE_SIZE * 0.6, x + half, y + TYPE_SIZE * 0.6


def _fits(box: Box, frame: Frame) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= frame.width and box[3] <= frame.height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _simple(shape: BaseGeometry, frame: Frame) -> BaseGeometry:
    # One pixel of a wide screen: finer than that, a border only weighs.
    return shape.simplify(2 / frame.units_per_degree_north, preserve_topology=False)


def _rings(shape: BaseGeometry, frame: Frame) -> Iterable[Sequence[Unit]]:
    for part in shapely.get_parts(shape).tolist():
        for ring in (part.exterior, *part.interiors):
            yield [frame.unit(point[:2]) for point in ring.coords][:-1]


def path_of(lines: Iterable[Sequence[Unit]], *, closed: bool = True) -> str:
    """Write lines of units as one path, each point relative to the last."""
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
