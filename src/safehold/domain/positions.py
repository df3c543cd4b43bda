"""Is a position one that a force in the United Kingdom can have? Degrees are WGS 84.

The commonest faults of published files are two: longitude and latitude the wrong way round, and
metres of a national grid where degrees were meant. Both leave the box that holds the country.
"""

from __future__ import annotations

from enum import StrEnum

# Great Britain, Northern Ireland and the North Sea as far as the invented force, with a margin.
LONGITUDES = (-9.5, 3.5)
LATITUDES = (49.0, 61.5)


class Fault(StrEnum):
    """What is wrong with a position, as a report says it."""

    SWAPPED = "the longitude and latitude are swapped"
    NOT_DEGREES = "the position is not in degrees of longitude and latitude (WGS 84)"
    OUTSIDE_UK = "the point is outside the United Kingdom"


def fault(longitude: float, latitude: float) -> Fault | None:
    """Say what is wrong with a position in degrees, None where it can be right."""
    if _in_uk(longitude, latitude):
        return None
    if _in_uk(latitude, longitude):
        return Fault.SWAPPED
    on_earth = abs(longitude) <= 180 and abs(latitude) <= 90
    return Fault.OUTSIDE_UK if on_earth else Fault.NOT_DEGREES


def _in_uk(longitude: float, latitude: float) -> bool:
    return LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]
