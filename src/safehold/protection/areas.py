"""The area of a report's cell in words: enough to tell two reports apart, no more than is known."""

from __future__ import annotations

from functools import lru_cache

import h3

from safehold.records.gazetteer import queries as gazetteer

_REMEMBERED = 4_096


def area_of(cell: str) -> str:
    """Name the town nearest to a cell's centre and its district, empty where neither is known."""
    return _area(cell, gazetteer.version()) if cell and h3.is_valid_cell(cell) else ""


@lru_cache(maxsize=_REMEMBERED)
def _area(cell: str, version: str) -> str:
    latitude, longitude = h3.cell_to_latlng(cell)
    town = gazetteer.nearest_town(longitude, latitude)
    district = gazetteer.district_of(longitude, latitude)
    if town is None or not district:
        return town.name if town else district
    return town.name if town.name in district else f"{town.name}, {district}"
