"""Maps as SVG from longitude and latitude: nothing is fetched, nothing runs, and each prints.

Shape, pattern and number say what colour says. A drawing with links is a group rather than one
image, so that a keyboard and a screen reader reach them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from safehold.design.map_ground import (
    INK,
    MUTED,
    PAPER,
    Degrees,
    Frame,
    Ground,
    Unit,
    path_of,
    words,
)

RAMP = ("#e9dcee", "#c8abd4", "#9c74b0", "#6a4182", "#2d1640")
# What each class of the ramp is drawn with besides its colour, as marks on a tile of 8 by 8.
_MARKS = (
    Markup(""),
    Markup('<circle cx="4" cy="4" r="1" fill="#1d1b22"/>'),
    Markup('<path d="M0 8l8-8" stroke="#1d1b22"/>'),
    Markup('<path d="M0 8l8-8M0 0l8 8" stroke="#fbfaf7"/>'),
    Markup(""),
)
_METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True, kw_only=True)
class Hex:
    """One cell: its corners, its count, and, where it is linked, what it says and leads to.

    `mark` is written above a cell that is linked, `number` inside one that is not.
    """

    corners: Sequence[Degrees]
    count: int
    mark: str = ""
    number: str = ""
    title: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One place: `metres` is how far off its point may be, drawn as a ring; `mark` is written."""

    at: Degrees
    title: str
    mark: str = ""
    href: str = ""
    metres: float = 0


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
    """Return the steps of a legend; each swatch stands by itself, also where its map is hidden."""
    first, steps = 1, []
    for place, limit in enumerate(limits, len(RAMP) - len(limits)):
        own = f"{key}-step"
        swatch = Markup(
            '<svg class="swatch" width="26" height="22" viewBox="-13 -11 26 22" aria-hidden="true">'
            '<defs>{}</defs><rect x="-13" y="-11" width="26" height="22" rx="3" fill="{}"/>'
            '<path d="M-10-5L0-10 10-5V5L0 10-10 5Z" fill="{}" stroke="{}"/></svg>'
        ).format(_pattern(own, place), PAPER, _fill(own, place), INK)
        steps.append(Step(first, limit, swatch))
        first = limit + 1
    return steps


def hex_map(hexes: Sequence[Hex], *, ground: Ground, title: str, description: str) -> Markup:
    """Draw cells on a ground, darker and more closely hatched where the count is higher."""
    frame, key = ground.frame, ground.key
    limits = class_limits(max((one.count for one in hexes), default=0))
    linked = [one for one in hexes if one.href]
    marks = [(one.mark, _above(one, frame)) for one in linked if one.mark]
    marks += [(one.number, _inside(one, frame)) for one in hexes if one.number]
    body = [
        Markup("<defs>{}{}</defs>").format(_patterns(key, limits), ground.definition()),
        ground.below(),
        *_cells([one for one in hexes if not one.href], frame, limits, key),
        ground.above(),
        *(_link(one, frame, limits, key) for one in linked),
        words(frame, marks, ground.names),
    ]
    role = "group" if linked else "img"
    return ground.drawing(Markup("").join(body), title=title, description=description, role=role)


def point_map(dots: Sequence[Dot], *, ground: Ground, title: str, description: str) -> Markup:
    """Draw places on a ground as numbered dots; a ring shows how far off a point may be."""
    frame = ground.frame
    marks = [
        (dot.mark, (frame.unit(dot.at)[0], frame.unit(dot.at)[1] - 36)) for dot in dots if dot.mark
    ]
    body = [
        Markup("<defs>{}</defs>").format(ground.definition()),
        ground.below(),
        ground.above(),
        *(_ring(dot, frame) for dot in dots if dot.metres),
        *(_dot(dot, frame) for dot in dots),
        words(frame, marks, ground.names),
    ]
    role = "group" if any(dot.href for dot in dots) else "img"
    return ground.drawing(Markup("").join(body), title=title, description=description, role=role)


def _patterns(key: str, limits: Sequence[int]) -> Markup:
    places = range(len(RAMP) - len(limits), len(RAMP))
    return Markup("").join(_pattern(key, place) for place in places)


def _pattern(key: str, place: int) -> Markup:
    if not _MARKS[place]:
        return Markup("")
    return Markup(
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path d="M0 0h8v8H0z" fill="{}"/>{}</pattern>'
    ).format(key, place, RAMP[place], _MARKS[place])


def _fill(key: str, place: int) -> str:
    return f"url(#{key}-{place})" if _MARKS[place] else RAMP[place]


def _cells(hexes: Sequence[Hex], frame: Frame, limits: Sequence[int], key: str) -> Iterable[Markup]:
    by_class: dict[int, list[list[Unit]]] = {}
    for one in hexes:
        ring = [frame.unit(corner) for corner in one.corners]
        by_class.setdefault(class_of(one.count, limits), []).append(ring)
    for place, rings in sorted(by_class.items()):
        yield Markup('<path d="{}" fill="{}" stroke="{}" stroke-width=".7"/>').format(
            path_of(sorted(rings, key=lambda ring: (ring[0][1] // 16, ring[0][0]))),
            _fill(key, place),
            MUTED,
        )


def _link(one: Hex, frame: Frame, limits: Sequence[int], key: str) -> Markup:
    return Markup(
        '<a href="{}"><path d="{}" fill="{}" stroke="{}" stroke-width="2">'
        "<title>{}</title></path></a>"
    ).format(
        one.href,
        path_of([[frame.unit(corner) for corner in one.corners]]),
        _fill(key, class_of(one.count, limits)),
        INK,
        one.title,
    )


def _above(one: Hex, frame: Frame) -> Unit:
    units = [frame.unit(corner) for corner in one.corners]
    return sum(x for x, _ in units) // len(units), min(y for _, y in units) - 20


def _inside(one: Hex, frame: Frame) -> Unit:
    units = [frame.unit(corner) for corner in one.corners]
    return sum(x for x, _ in units) // len(units), sum(y for _, y in units) // len(units)


def _dot(dot: Dot, frame: Frame) -> Markup:
    x, y = frame.unit(dot.at)
    shape = Markup(
        '<circle cx="{}" cy="{}" r="14" fill="{}" stroke="{}" stroke-width="5">'
        "<title>{}</title></circle>"
    ).format(x, y, RAMP[-1], PAPER, dot.title)
    return Markup('<a href="{}">{}</a>').format(dot.href, shape) if dot.href else shape


def _ring(dot: Dot, frame: Frame) -> Markup:
    x, y = frame.unit(dot.at)
    radius = round(dot.metres / _METRES_PER_DEGREE * frame.units_per_degree_north)
    return Markup(
        '<circle cx="{}" cy="{}" r="{}" fill="none" stroke="{}" stroke-width="4" '
        'stroke-dasharray="14 10"/>'
    ).format(x, y, radius, MUTED)
