"""Rank hexagonal cells by how many events were recorded in them: tables in, a table out.

The measure is a plain count. On months of published, snapped points nothing cleverer is honest, and
a count can be explained to the officer who is sent there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from safehold.analysis import cells
from safehold.analysis.cells import FloatArray

IntArray = npt.NDArray[np.int64]
TextArray = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class PointCounts:
    """How many events each (point, name, month) holds: arrays of one length, degrees and months.

    `name` is what the source calls the point; it may be empty. `without_coordinates` counts events
    of the same choice that say no place.
    """

    longitude: FloatArray
    latitude: FloatArray
    name: TextArray
    month: TextArray
    count: IntArray
    without_coordinates: int = 0

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together; raises ValueError."""
        arrays = (self.longitude, self.latitude, self.name, self.month, self.count)
        if len({len(array) for array in arrays}) != 1:
            raise ValueError("The arrays of a table of points differ in length.")
        if len(self.count) and int(self.count.min()) < 1:
            raise ValueError("Every count must be at least 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a figure stands on: it travels with every map, table and file made from it."""

    data: str
    area: str
    forces: tuple[str, ...]
    classes: tuple[str, ...]
    months: tuple[str, ...]
    limits: tuple[str, ...] = ()
    attribution: str = ""
    missing_months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HotCell:
    """One cell. `share` is of all events counted; `months_seen` counts months with an event.

    `name` is the name, in the source, under which most of its events were recorded.
    """

    rank: int
    cell: str
    name: str
    count: int
    share: float
    months_seen: int
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HotSpots:
    """Cells with at least one event, hottest first, and what became of every event read.

    read = counted + outside + without_coordinates.
    """

    basis: Basis
    resolution: int
    cells: tuple[HotCell, ...] = field(default=())
    counted: int
    outside: int
    without_coordinates: int

    @property
    def read(self) -> int:
        """Count the events of the chosen classes and months, wherever they are."""
        return self.counted + self.outside + self.without_coordinates

    def top(self, number: int) -> HotSpots:
        """Keep the first cells; the counts of the whole, and so the shares, stay."""
        return replace(self, cells=self.cells[: max(number, 0)])

    def cells_holding(self, share: float) -> int:
        """Return the fewest cells that hold a share (0 to 1) of all events counted."""
        running = np.cumsum([cell.count for cell in self.cells]) / max(self.counted, 1)
        return int(np.searchsorted(running, share - 1e-12)) + 1 if self.cells else 0


def rank_cells(
    points: PointCounts,
    *,
    basis: Basis,
    resolution: int = cells.DEFAULT_RESOLUTION,
    area: BaseGeometry | None = None,
) -> HotSpots:
    """Rank the cells of a resolution by their events, leaving out points that lie outside `area`.

    Equal counts are ordered by months seen, then by the cell's number, so that the order of the
    input never matters. Raises ValueError for a resolution that maps of a force do not use.
    """
    cells.check_resolution(resolution)
    longitude, latitude, point_of_row = _distinct_points(points)
    inside = _inside(area, longitude, latitude)[point_of_row]
    cell_of_row = cells.cells_of(longitude, latitude, resolution)[point_of_row][inside]
    numbers, position = np.unique(cell_of_row, return_inverse=True)
    count = points.count[inside]
    totals = _Totals(
        counts=_summed(position, count, len(numbers)),
        months_seen=_months_seen(position, points.month[inside], len(numbers)),
        names=_leading_names(position, points.name[inside], count),
    )
    counted = int(count.sum())
    order = np.lexsort((numbers, -totals.months_seen, -totals.counts))
    return HotSpots(
        basis=basis,
        resolution=resolution,
        cells=tuple(
            _hot_cell(int(numbers[i]), totals.of(int(i)), rank=rank, counted=counted)
            for rank, i in enumerate(order, 1)
        ),
        counted=counted,
        outside=int(points.count.sum()) - counted,
        without_coordinates=points.without_coordinates,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Totals:
    counts: IntArray
    months_seen: IntArray
    names: TextArray

    def of(self, i: int) -> tuple[int, int, str]:
        return int(self.counts[i]), int(self.months_seen[i]), str(self.names[i])


def _distinct_points(points: PointCounts) -> tuple[FloatArray, FloatArray, IntArray]:
    # Published points repeat month after month: each is placed once.
    pairs = points.longitude + 1j * points.latitude
    distinct, inverse = np.unique(pairs, return_inverse=True)
    return distinct.real.copy(), distinct.imag.copy(), inverse


def _inside(
    area: BaseGeometry | None, longitude: FloatArray, latitude: FloatArray
) -> npt.NDArray[np.bool_]:
    if area is None:
        return np.ones(len(longitude), dtype=np.bool_)
    shapely.prepare(area)
    return np.asarray(shapely.intersects_xy(area, longitude, latitude), dtype=np.bool_)


def _summed(position: IntArray, count: IntArray, cells_met: int) -> IntArray:
    totals = np.zeros(cells_met, dtype=np.int64)
    np.add.at(totals, position, count)
    return totals


def _months_seen(position: IntArray, month: TextArray, cells_met: int) -> IntArray:
    _, month_number = np.unique(month, return_inverse=True)
    seen = np.unique(np.stack((position, month_number)), axis=1)[0]
    return np.bincount(seen, minlength=cells_met).astype(np.int64)


def _leading_names(position: IntArray, name: TextArray, count: IntArray) -> TextArray:
    names, name_number = np.unique(name, return_inverse=True)
    pairs, pair_of_row = np.unique(np.stack((position, name_number)), axis=1, return_inverse=True)
    counts = _summed(pair_of_row.reshape(-1), count, pairs.shape[1])
    # Most events first within a cell; `names` is sorted, so its number settles a tie.
    order = np.lexsort((pairs[1], -counts, pairs[0]))
    _, first = np.unique(pairs[0][order], return_index=True)
    return np.asarray(names[pairs[1][order][first]], dtype=np.str_)


def _hot_cell(number: int, totals: tuple[int, int, str], *, rank: int, counted: int) -> HotCell:
    count, months_seen, leading_name = totals
    cell = cells.name_of(number)
    longitude, latitude = cells.centre_of(cell)
    return HotCell(
        rank=rank,
        cell=cell,
        name=leading_name,
        count=count,
        share=count / counted,
        months_seen=months_seen,
        longitude=longitude,
        latitude=latitude,
    )
