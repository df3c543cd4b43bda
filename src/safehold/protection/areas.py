"""The area of a report's cell in words: enough to tell two reports apart, no more than is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

import h3

from safehold.records.gazetteer import queries as gazetteer

_REMEMBERED = 4_096
_LOADED: ContextVar[list[str] | None] = ContextVar("loaded", default=None)


def area_of(cell: str) -> str:
    """Name the town nearest to a cell's centre and its district, empty where neither is known."""
    return _area(cell, _version()) if cell and h3.is_valid_cell(cell) else ""


@contextmanager
def as_loaded() -> Iterator[None]:
    """Ask once what the gazetteer holds, for the length of a page that names many areas."""
    before = _LOADED.set([])
    try:
        yield
    finally:
        _LOADED.reset(before)


def _version() -> str:
    loaded = _LOADED.get()
    if loaded is None:
        return gazetteer.version()
    if not loaded:
        loaded.append(gazetteer.version())
    return loaded[0]


@lru_cache(maxsize=_REMEMBERED)
def _area(cell: str, version: str) -> str:
    latitude, longitude = h3.cell_to_latlng(cell)
    town = gazetteer.nearest_town(longitude, latitude)
    district = gazetteer.district_of(longitude, latitude)
    if town is None or not district:
        return town.name if town else district
    return town.name if town.name in district else f"{town.name}, {district}"
