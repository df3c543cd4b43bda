"""Questions about places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Q, QuerySet

from safehold.domain.access import Permission, Subject
from safehold.records.places.models import Place, PlaceAnswer, PlaceKind, Precision
from safehold.records.staff.models import StaffMember

__all__ = ["PlaceKind", "Precision"]

_POLICE_PARTY = Subject(police_party=True)
_OPEN = Q(incidents__police_party=False)
NEARBY_METRES = 100
PER_PAGE = 50
ON_A_MAP = 5_000
_EARTH_METRES = 6_371_000
_METRES_PER_DEGREE = 111_195


class PlaceNotFound(LookupError):
    """No place has this id."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A place that may be the same one, and how far off it is."""

    place: Place
    metres: int


def get(place_id: UUID, *, by: StaffMember) -> Place:
    """Return a place; raises PlaceNotFound, also for one of which the member may see nothing."""
    try:
        return _seen_by(by).get(pk=place_id)
    except Place.DoesNotExist:
        raise PlaceNotFound("There is no such place.") from None


def names_of(place_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the names of places by key, as text; one that is not there for them is left out."""
    found = _seen_by(by).filter(pk__in=list(place_ids)).values_list("pk", "name")
    return {str(key): name for key, name in found}


def answers_at(place_id: UUID) -> list[PlaceAnswer]:
    """List what was done about a place, the newest first."""
    found = PlaceAnswer.objects.filter(place_id=place_id).select_related("answered_by")
    return list(found.order_by("-answered_at", "pk"))


def near(
    *, longitude: float, latitude: float, by: StaffMember, metres: int = NEARBY_METRES
) -> list[Nearby]:
    """List places within some metres, nearest first; whether one is the same, a person decides."""
    north = metres / _METRES_PER_DEGREE
    east = north / max(cos(radians(latitude)), 0.01)
    boxed = _seen_by(by).filter(
        latitude__range=(latitude - north, latitude + north),
        longitude__range=(longitude - east, longitude + east),
    )
    measured = (
        Nearby(place, round(_metres_between((longitude, latitude), (x, y))))
        for place in boxed
        if (x := place.longitude) is not None and (y := place.latitude) is not None
    )
    return sorted((found for found in measured if found.metres <= metres), key=_nearest)


def near_to(place: Place, *, by: StaffMember) -> list[Nearby]:
    """List the neighbours of a place, without itself; none where it has no point."""
    if place.longitude is None or place.latitude is None:
        return []
    found = near(longitude=place.longitude, latitude=place.latitude, by=by)
    return [neighbour for neighbour in found if neighbour.place.pk != place.pk]


def listing(*, by: StaffMember, page: int = 1, order: str = "count") -> Page[Place]:
    """Return one page of the places, each with `incident_count` and `last_recorded_at`.

    Only incidents that the member may know of count. Ordered by count, by last incident or by name;
    an unknown word means by count.
    """
    orders = {
        "count": ("-incident_count", "name"),
        "last": ("-last_recorded_at", "name"),
        "name": ("name",),
    }
    counted = _counted(by).order_by(*orders.get(order, orders["count"]), "pk")
    return Paginator(counted, PER_PAGE).get_page(page)


def on_map(*, by: StaffMember) -> list[Place]:
    """Return the places that have a point, those with most incidents first, at most 5,000."""
    pointed = _counted(by).filter(longitude__isnull=False)
    return list(pointed.order_by(F("incident_count").desc(), "pk")[:ON_A_MAP])


def without_a_point(*, by: StaffMember) -> int:
    """Count the places kept in words only, which no map can show."""
    return _seen_by(by).filter(longitude__isnull=True).count()


def _counted(by: StaffMember) -> QuerySet[Place]:
    known = Q() if _knows_all(by) else _OPEN
    return _seen_by(by).annotate(
        incident_count=Count("incidents", filter=known or None),
        last_recorded_at=Max("incidents__recorded_at", filter=known or None),
    )


def _seen_by(by: StaffMember) -> QuerySet[Place]:
    """Leave out each place of which every incident is about a colleague, as incidents are."""
    if _knows_all(by):
        return Place.objects.all()
    known = Place.objects.filter(Q(incidents__isnull=True) | _OPEN)
    return Place.objects.filter(pk__in=known.values("pk"))


def _knows_all(by: StaffMember) -> bool:
    return by.may(Permission.SEE_PLACES, _POLICE_PARTY)


def _metres_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    east, north = radians(second[0] - first[0]), radians(second[1] - first[1])
    chord = (
        sin(north / 2) ** 2 + cos(radians(first[1])) * cos(radians(second[1])) * sin(east / 2) ** 2
    )
    return 2 * _EARTH_METRES * asin(sqrt(chord))


def _nearest(found: Nearby) -> tuple[int, str]:
    return found.metres, found.place.name
