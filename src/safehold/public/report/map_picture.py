"""The picture of a map window as SVG: the area's edge, names near by, and the chosen point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from shapely import MultiPolygon, Polygon, clip_by_rect
from shapely.geometry.base import BaseGeometry

from safehold.design.languages import said
from safehold.public.report.map_view import PIXELS, MapView

PAPER, GROUND, LINE, INK, MUTED, PLUM = (
    "#fbfaf7",
    "#e8e3da",
    "#8d8578",
    "#1d1b22",
    "#57535f",
    "#45245f",
)
_SIZE = 11
_LETTER = 0.56 * _SIZE
_MOST_NAMES = 14
_ROUND = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
_EDGE = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A name to write at a point; `large` for a town."""

    name: str
    lon: float
    lat: float
    large: bool = False


def draw(
    view: MapView,
    area: MultiPolygon | None,
    names: Iterable[Named],
    chosen: tuple[float, float] | None,
) -> str:
    """Draw a window. The first names given are the first to be written, while there is room."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PIXELS}" height="{PIXELS}"'
        f' viewBox="0 0 {PIXELS} {PIXELS}" font-family="system-ui,sans-serif"'
        f' font-size="{_SIZE}">',
        f'<rect width="{PIXELS}" height="{PIXELS}" fill="{GROUND if area else PAPER}"/>',
        *([_outline(view, area)] if area else []),
        *_written(view, names),
        _middle(),
        *([_pin(view, *chosen)] if chosen else []),
        _scale(view),
        f'<rect x=".5" y=".5" width="{PIXELS - 1}" height="{PIXELS - 1}" fill="none"'
        f' stroke="{MUTED}"/>',
        "</svg>",
    ]
    return "".join(parts)


def _outline(view: MapView, area: MultiPolygon) -> str:
    west, south, east, north = view.bounds
    margin = (north - south) * _EDGE / PIXELS
    shown = clip_by_rect(area, west - margin, south - margin, east + margin, north + margin)
    rings = "".join(_ring(view, ring) for ring in _rings(shown.simplify(margin / _EDGE)))
    return (
        f'<path d="{rings}" fill="{PAPER}" fill-rule="evenodd" stroke="{LINE}" stroke-width="2"/>'
    )


def _rings(shape: BaseGeometry) -> Iterator[Iterable[tuple[float, ...]]]:
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon) and not part.is_empty:
            yield part.exterior.coords
            yield from (ring.coords for ring in part.interiors)


def _ring(view: MapView, points: Iterable[tuple[float, ...]]) -> str:
    pixels = (view.to_pixels(point[0], point[1]) for point in points)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in pixels) + "Z"


def _written(view: MapView, names: Iterable[Named]) -> Iterator[str]:
    taken: list[tuple[float, float, float, float]] = []
    for named in names:
        if len(taken) == _MOST_NAMES:
            return
        x, y = view.to_pixels(named.lon, named.lat)
        box = _box(named, x, y)
        if box is None or any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        weight = ' font-weight="700"' if named.large else ""
        colour = INK if named.large else MUTED
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2" fill="{colour}"/>'
        yield (
            f'<text x="{box[0]:.0f}" y="{y + 4:.0f}"{weight} fill="{colour}" stroke="{PAPER}"'
            f' stroke-width="3" paint-order="stroke">{escape(named.name)}</text>'
        )


def _box(named: Named, x: float, y: float) -> tuple[float, float, float, float] | None:
    width = len(named.name) * _LETTER * (1.08 if named.large else 1)
    left = x + 5 if x + 5 + width < PIXELS - _EDGE else x - 5 - width
    if left < _EDGE or not _SIZE < y < PIXELS - 2 * _SIZE or not 0 < x < PIXELS:
        return None
    return left, y - _SIZE * 0.7, left + width, y + _SIZE * 0.7


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _middle() -> str:
    half = PIXELS // 2
    return (
        f'<path d="M{half - 7} {half}h14M{half} {half - 7}v14" stroke="{PLUM}"'
        ' stroke-width="1.5" opacity=".6"/>'
    )


def _pin(view: MapView, lon: float, lat: float) -> str:
    x, y = view.to_pixels(lon, lat)
    return (
        f'<path d="M{x:.0f} {y:.0f}l-8 -14a9 9 0 1 1 16 0z" fill="{PLUM}" stroke="#fff"'
        f' stroke-width="2"/><circle cx="{x:.0f}" cy="{y - 18:.0f}" r="3" fill="#fff"/>'
    )


def _scale(view: MapView) -> str:
    metres = max(step for step in _ROUND if step <= view.across / 3)
    length, bottom = PIXELS * metres / view.across, PIXELS - 8
    distance = (
        said("%(metres)s m") % {"metres": metres}
        if metres < 1_000
        else said("%(kilometres)s km") % {"kilometres": f"{metres / 1_000:g}"}
    )
    return (
        f'<path d="M8 {bottom - 4}v4h{length:.0f}v-4" fill="none" stroke="{INK}"/>'
        f'<text x="{12 + length:.0f}" y="{bottom}" fill="{INK}" stroke="{PAPER}"'
        f' stroke-width="3" paint-order="stroke">{escape(distance)}</text>'
    )
