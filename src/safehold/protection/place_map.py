"""Places drawn as a map, after the list that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from django.urls import reverse
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from safehold.design.map_ground import Degrees, Frame, Ground, Name, frame_over
from safehold.design.maps import Dot, point_map
from safehold.design.words import counted
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.places.operations import Spot

AROUND_KM = 0.4
_DEGREES_NORTH_PER_KM = 1 / 111.195
_TOWNS = 25
_STREETS = 12
_SMALL = 900  # units across: a drawing beside a list, whose words must stay readable


def of_places(places: Sequence[Any]) -> Markup | None:
    """Draw places with their counts over the force's area; None where no place has a point."""
    if not places:
        return None
    outline = gazetteer.force_boundary()
    towns = [
        Name(town.name, (town.longitude, town.latitude)) for town in gazetteer.towns()[:_TOWNS]
    ]
    frame = _frame([_point(place) for place in places], outline)
    return point_map(
        [
            _dot(
                place,
                mark=str(place.incident_count),
                title=f"{place.name}: {counted(place.incident_count, 'incident')}",
            )
            for place in places
        ],
        ground=Ground(frame, "places", outline, names=towns),
        title=f"{counted(len(places), 'place')} that people reported",
        description="Each dot leads to its place; the number is its incidents. North is up.",
    )


def of_one(place: Any, nearby: Sequence[Any] = ()) -> Markup | None:
    """Draw one place among its streets; None where it has no point."""
    if place.longitude is None:
        return None
    return _close_up(_point(place), place.metres or 0, nearby)


def of_spot(spot: Spot, nearby: Sequence[Any]) -> Markup | None:
    """Draw a spot of an account among its streets; None where it has no point."""
    if spot.longitude is None or spot.latitude is None:
        return None
    return _close_up((spot.longitude, spot.latitude), spot.metres or 0, nearby)


def _close_up(centre: Degrees, metres: int, nearby: Sequence[Any]) -> Markup:
    around_km = max(AROUND_KM, metres * 1.5 / 1_000)
    streets = gazetteer.streets_around(*centre, around_km)[:_STREETS]
    names = [Name(street.name, (street.longitude, street.latitude)) for street in streets]
    here = Dot(at=centre, title="Here", mark="Here", metres=metres)
    return point_map(
        [*(_dot(place, mark="", title=place.name) for place in nearby), here],
        ground=Ground(_frame([centre], None, around_km), "close", names=names),
        title="The place and what is near it",
        description=f"About {around_km * 2_000:,.0f} m from side to side. North is up.",
    )


def _dot(place: Any, *, mark: str, title: str) -> Dot:
    return Dot(
        at=_point(place),
        title=title,
        mark=mark,
        href=reverse("protection:place", args=[place.pk]),
    )


def _frame(
    points: Sequence[Degrees], outline: BaseGeometry | None, margin_km: float = AROUND_KM
) -> Frame:
    if outline is not None:
        return frame_over(outline.bounds)
    easts, norths = [point[0] for point in points], [point[1] for point in points]
    north = margin_km * _DEGREES_NORTH_PER_KM
    east = north / max(cos(radians(norths[0])), 0.01)
    return frame_over(
        (min(easts) - east, min(norths) - north, max(easts) + east, max(norths) + north),
        _SMALL,
    )


def _point(place: Any) -> Degrees:
    return place.longitude, place.latitude
