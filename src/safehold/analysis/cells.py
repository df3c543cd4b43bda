"""Hexagonal cells (H3): which cell a point lies in, and what a cell looks like on the ground."""

from __future__ import annotations

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt

# Mean area of a cell in km2, https://h3geo.org/docs/core-library/restable/: 0.737, 0.105, 0.015.
RESOLUTIONS = (8, 9, 10)
DEFAULT_RESOLUTION = 9

FloatArray = npt.NDArray[np.float64]
CellArray = npt.NDArray[np.uint64]


def check_resolution(resolution: int) -> None:
    """Raise ValueError unless the resolution is one that maps of a force use."""
    if resolution not in RESOLUTIONS:
        allowed = ", ".join(map(str, RESOLUTIONS))
        raise ValueError(f"The resolution must be one of {allowed}, and is {resolution}.")


def cells_of(longitude: FloatArray, latitude: FloatArray, resolution: int) -> CellArray:
    """Return the cell of each point, given in degrees; ValueError for another resolution."""
    check_resolution(resolution)
    pairs = zip(latitude.tolist(), longitude.tolist(), strict=True)
    cells = (h3.latlng_to_cell(lat, lon, resolution) for lat, lon in pairs)
    return np.fromiter(cells, dtype=np.uint64, count=len(longitude))


def cell_of(longitude: float, latitude: float, resolution: int = DEFAULT_RESOLUTION) -> str:
    """Return the name of the cell of one point, as 15 hexadecimal digits."""
    check_resolution(resolution)
    return name_of(h3.latlng_to_cell(latitude, longitude, resolution))


def name_of(cell: int) -> str:
    """Write a cell as its 15 hexadecimal digits."""
    return str(h3.int_to_str(int(cell)))


def centre_of(name: str) -> tuple[float, float]:
    """Return the longitude and latitude of a cell's centre."""
    latitude, longitude = h3.cell_to_latlng(h3.str_to_int(name))
    return longitude, latitude


def outline_of(name: str) -> tuple[tuple[float, float], ...]:
    """Return the corners of a cell as (longitude, latitude), anticlockwise, not closed."""
    return tuple((lon, lat) for lat, lon in h3.cell_to_boundary(h3.str_to_int(name)))
