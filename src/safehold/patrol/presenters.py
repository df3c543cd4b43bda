"""Hot spots as people read them: the finding first, then rows, a map, and what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from safehold.analysis import cells
from safehold.analysis.hotspots import Basis, HotCell, HotSpots
from safehold.design import maps
from safehold.design.map_ground import Ground, Name, borders_between, frame_over
from safehold.patrol import hotspots
from safehold.patrol.hotspots import Choice
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.gazetteer.queries import KnownPlace, distance_km

Bounds = tuple[float, float, float, float]

MAP_KEY = "hotspots"
MARKED = 10  # cells whose rank is written on the map
NAMED_TOWNS = 25
TOWNS_APART_KM = 4.0
BESIDE = 52  # units of the drawing between a town and its name
SIZES = {8: "Large, about 1 km across", 9: "Medium, about 350 m", 10: "Small, about 130 m"}
SORTS = {
    "rank": "Rank",
    "place": "Place",
    "district": "District",
    "count": "Offences",
    "share": "Share of all",
    "months": "Months in which seen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell of the table."""

    rank: int
    cell: str
    place: str
    district: str
    count: int
    share: float
    months: int
    longitude: float
    latitude: float

    @property
    def anchor(self) -> str:
        """Name the row for links from the map."""
        return f"cell-{self.cell}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The slow parts of a page: ranked cells, the rows shown, and the drawing."""

    spots: HotSpots
    rows: tuple[Row, ...]
    drawing: Markup


def prepared(choice: Choice, number: int) -> Prepared:
    """Return a choice ready to be shown; raises as `hotspots.hot_spots` does."""
    hotspots.check(choice, hotspots.available())
    return _prepared(hotspots.state(), choice, number)


@lru_cache(maxsize=32)
def _prepared(state: hotspots.State, choice: Choice, number: int) -> Prepared:
    spots = hotspots.hot_spots(choice)
    shown = rows(spots.top(number), choice.district)
    return Prepared(spots, tuple(shown), drawing(spots, shown, choice.district))


def rows(spots: HotSpots, district: str = "") -> list[Row]:
    """Give each cell the name under which most of it was recorded, and its town and district.

    A cell may reach over a border; where one district was counted, its cells are that district's.
    """
    return [_row(cell, district) for cell in spots.cells]


def sort(found: Sequence[Row], by: str) -> list[Row]:
    """Order rows by one column, largest or first letter first; equal ones keep their rank."""
    columns = {
        "place": lambda row: row.place.casefold(),
        "district": lambda row: row.district.casefold(),
        "count": lambda row: -row.count,
        "share": lambda row: -row.share,
        "months": lambda row: -row.months,
    }
    ranked = sorted(found, key=lambda row: row.rank)
    return sorted(ranked, key=columns[by]) if by in columns else ranked


def finding(spots: HotSpots) -> str:
    """Say in one sentence what the map shows."""
    if not spots.counted:
        return "Nothing was recorded here in these months"
    half = spots.cells_holding(0.5)
    return (
        f"Half of {spots.counted:,} recorded offences fall in {half:,} of the "
        f"{len(spots.cells):,} cells that have any"
    )


def period(basis: Basis) -> str:
    """Say which months, and how many of the range are not in the store."""
    first, last = basis.months[0], basis.months[-1]
    text = first if first == last else f"{first} to {last}"
    missing = len(basis.missing_months)
    if not missing:
        return text
    lacking = (
        "1 other month asked for is" if missing == 1 else f"{missing} other months asked for are"
    )
    return f"{text}; {lacking} not imported"


def accounting(spots: HotSpots, *, district: str = "") -> str:
    """Say what became of every row read."""
    outside = (
        f"{spots.outside:,} outside {spots.basis.area}"
        if hotspots.area_of(district) is not None
        else "none left out as outside, since no boundary is loaded"
    )
    return (
        f"{spots.read:,} rows read: {spots.counted:,} counted, {outside}, "
        f"{spots.without_coordinates:,} without coordinates."
    )


def drawing(spots: HotSpots, shown: Sequence[Row], district: str = "") -> Markup:
    """Draw every cell; those of the table are numbered and lead to their row."""
    linked = {row.cell: row for row in shown}
    title = f"{finding(spots)}."
    description = (
        f"Cells of {spots.basis.area}, {period(spots.basis)}. "
        f"{accounting(spots, district=district)} "
        "The table lists the same cells."
    )
    hexes = [_hex(cell, linked.get(cell.cell)) for cell in spots.cells]
    around = ground(spots, district)
    return maps.hex_map(hexes, ground=around, title=title, description=description)


def legend(spots: HotSpots) -> list[maps.Step]:
    """Return the classes of the map."""
    limits = maps.class_limits(spots.cells[0].count if spots.cells else 0)
    return maps.legend(limits, MAP_KEY)


def ground(spots: HotSpots, district: str = "") -> Ground:
    """Return what lies around the cells: outline and borders where loaded, and large towns."""
    area = hotspots.area_of(district)
    bounds = area.bounds if area is not None else _bounds_of(spots)
    frame = frame_over(bounds)
    # Beside its town, not on it: what the map shows is there.
    lower = BESIDE / frame.units_per_degree_north
    names = [
        Name(town.name, (town.longitude, town.latitude - lower)) for town in _towns_in(area, bounds)
    ]
    return Ground(
        frame=frame,
        key=MAP_KEY,
        outline=area,
        borders=None if district else _borders(gazetteer.version()),
        names=names,
    )


def towns_apart(spots: HotSpots, district: str = "") -> list[Name]:
    """Return large towns, none close to a larger one: for a map that cannot tell names apart."""
    area = hotspots.area_of(district)
    kept: list[KnownPlace] = []
    for town in _towns_in(area, area.bounds if area is not None else _bounds_of(spots)):
        if all(distance_km(town, other) > TOWNS_APART_KM for other in kept):
            kept.append(town)
    return [Name(town.name, (town.longitude, town.latitude)) for town in kept]


def _towns_in(area: BaseGeometry | None, bounds: Bounds) -> list[KnownPlace]:
    west, south, east, north = bounds
    found = [
        town
        for town in gazetteer.towns()
        if west < town.longitude < east
        and south < town.latitude < north
        and (area is None or shapely.intersects_xy(area, town.longitude, town.latitude))
    ]
    return found[:NAMED_TOWNS]


def _row(cell: HotCell, district: str) -> Row:
    town = gazetteer.nearest_town(cell.longitude, cell.latitude)
    named = [cell.name or "Unnamed", town.name if town else ""]
    return Row(
        rank=cell.rank,
        cell=cell.cell,
        place=", ".join(dict.fromkeys(part for part in named if part)),
        district=district or gazetteer.district_of(cell.longitude, cell.latitude),
        count=cell.count,
        share=cell.share,
        months=cell.months_seen,
        longitude=cell.longitude,
        latitude=cell.latitude,
    )


def _hex(cell: HotCell, row: Row | None) -> maps.Hex:
    corners = cells.outline_of(cell.cell)
    if row is None:
        return maps.Hex(corners=corners, count=cell.count)
    return maps.Hex(
        corners=corners,
        count=cell.count,
        mark=str(row.rank) if row.rank <= MARKED else "",
        title=f"{row.rank}. {row.place}: {row.count:,}",
        href=f"#{row.anchor}",
    )


def _bounds_of(spots: HotSpots) -> Bounds:
    corners = [corner for cell in spots.cells for corner in cells.outline_of(cell.cell)]
    if not corners:
        return (-0.1, 51.4, 0.1, 51.6)
    east, north = [longitude for longitude, _ in corners], [latitude for _, latitude in corners]
    return min(east), min(north), max(east), max(north)


@lru_cache(maxsize=4)
def _borders(version: str) -> BaseGeometry | None:
    outlines = [area.outline for area in gazetteer.districts()]
    return borders_between(outlines) if outlines else None
