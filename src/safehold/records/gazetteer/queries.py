"""Questions about known places and boundaries; with nothing loaded they answer empty or None."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import cos, hypot, pi, radians, sqrt

import shapely
from django.db.models import Q, QuerySet
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from safehold.domain import place_names, postcodes
from safehold.records.gazetteer.models import Boundary, Entry, EntryKind, Load

FORCE = "force"
DISTRICT = "district"
KM_PER_DEGREE = 111.195
# Points of one name this close together are one street, not two.
SAME_STREET_KM = 1.5
NEAR_TOWN_KM = 5.0
_FETCHED = 400


class PostcodeStatus(StrEnum):
    """What is known of a typed postcode."""

    FOUND = "found"
    NOT_A_POSTCODE = "not a postcode"
    UNKNOWN = "not one we know"
    OUTSIDE = "outside the area"
    NOT_LOADED = "no postcodes are loaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """A place of the gazetteer. `town` is its own, or the nearest where its source names none."""

    name: str
    kind: str
    town: str
    district: str
    longitude: float
    latitude: float
    weight: float = 0

    @property
    def label(self) -> str:
        """Name the place so that two of one name can be told apart."""
        parts = [self.name, self.town, self.district]
        return ", ".join(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class PostcodeAnswer:
    """A typed postcode, normalised where it has the shape of one, and its place where found."""

    status: PostcodeStatus
    postcode: str | None = None
    place: KnownPlace | None = None


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """What a name came to, best first. `town_unknown` says that none of them is in the town typed.

    `more` says that there are others than these.
    """

    places: tuple[KnownPlace, ...] = ()
    town_unknown: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A named area and its outline in degrees."""

    name: str
    code: str
    outline: MultiPolygon


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """Where known places or boundaries come from, for the line under a map."""

    source: str
    kept: int
    attribution: str


def is_loaded() -> bool:
    """Tell whether any place can be looked up."""
    return Entry.objects.exists()


def loaded_sources() -> list[LoadedSource]:
    """List what is loaded, with the licence line that each source asks for."""
    return [
        LoadedSource(load.source, load.kept, load.attribution)
        for load in Load.objects.order_by("source")
    ]


def find_postcode(text: str) -> PostcodeAnswer:
    """Look a typed postcode up, telling a slip of the finger from a place that is not ours.

    One that is in no list of ours is unknown: it may be new, or our list may be of a part. Only
    where its first half (`AL1`) is known, and every neighbour lies outside, does it lie there too.
    """
    postcode = postcodes.normalise(text)
    if postcode is None:
        return PostcodeAnswer(PostcodeStatus.NOT_A_POSTCODE)
    known = Entry.objects.filter(kind=EntryKind.POSTCODE)
    # By key alone: asked for the kind too, SQLite reads every postcode to find one.
    named = list(Entry.objects.filter(key=_key(postcode)))
    entry = next((one for one in named if one.kind == EntryKind.POSTCODE), None)
    if entry is not None:
        place = _known(entry)
        outside = inside_force_area(entry.longitude, entry.latitude) is False
        status = PostcodeStatus.OUTSIDE if outside else PostcodeStatus.FOUND
        return PostcodeAnswer(status, postcode, place)
    if not known.exists():
        return PostcodeAnswer(PostcodeStatus.NOT_LOADED, postcode)
    neighbours = known.filter(key__startswith=_key(postcodes.outward(postcode)) + " ")
    elsewhere = _all_outside(list(neighbours.values_list("longitude", "latitude")))
    absent = PostcodeStatus.OUTSIDE if elsewhere else PostcodeStatus.UNKNOWN
    return PostcodeAnswer(absent, postcode)


def with_first_half(half: str) -> list[KnownPlace]:
    """List the postcodes that begin with a first half, `AL1`; none where none is known."""
    known = Entry.objects.filter(key__startswith=_key(half) + " ", kind=EntryKind.POSTCODE)
    return [_known(entry) for entry in known]


def find_places(text: str, limit: int = 10, *, area_name: str = "") -> NamedPlaces:
    """Find streets, towns and named places by what was typed, best first.

    A whole name comes before the start of one, that before words inside one; then larger, then
    alphabetical. A town typed after a comma narrows the streets: `high street, harpenden`; where
    it narrows them to nothing, all are given and the answer says so. The name of the whole area
    narrows nothing.
    """
    wanted, *rest = text.split(",")
    key = place_names.search_key(wanted)
    if not key or limit < 1:
        return NamedPlaces()
    typed = {place_names.search_key(part) for part in rest}
    towns_typed = typed - {"", place_names.search_key(area_name)}
    places = _one_for_each_street(_known(entry) for entry in _matching(key))
    narrowed = [place for place in places if _is_in(place, towns_typed)]
    ordered = sorted(narrowed or places, key=lambda place: _order(place, key))
    return NamedPlaces(
        tuple(ordered[:limit]),
        town_unknown=bool(places) and not narrowed,
        more=len(ordered) > limit,
    )


def nearest_named(longitude: float, latitude: float, within_km: float = 0.5) -> KnownPlace | None:
    """Return the nearest street or named place to a point, or None where none is within reach."""
    entries = _around(longitude, latitude, within_km, (EntryKind.STREET, EntryKind.PLACE))
    place = _nearest(map(_known, entries), longitude, latitude)
    return place if place and _km(place, longitude, latitude) <= within_km else None


def streets_around(longitude: float, latitude: float, within_km: float) -> list[KnownPlace]:
    """List the streets and named places around a point, nearest first."""
    kinds = (EntryKind.STREET, EntryKind.PLACE)
    places = map(_known, _around(longitude, latitude, within_km, kinds))
    return sorted(places, key=lambda place: (_km(place, longitude, latitude), place.name))


def named_points() -> Iterator[tuple[float, float]]:
    """Give the longitude and latitude of every street and named place."""
    found = Entry.objects.filter(kind__in=(EntryKind.STREET, EntryKind.PLACE))
    yield from found.values_list("longitude", "latitude").iterator()


def towns() -> tuple[KnownPlace, ...]:
    """List towns and villages, largest first."""
    return _towns(_version())


def nearest_town(
    longitude: float, latitude: float, within_km: float = NEAR_TOWN_KM
) -> KnownPlace | None:
    """Return the town or village that a point belongs to, or None where none is within reach.

    Distance counts from a town's edge, guessed from its weight as a population: the far side of a
    town is not the village that happens to lie nearer than its centre.
    """
    town = min(
        towns(),
        key=lambda town: (_km(town, longitude, latitude) - _reach(town), town.name),
        default=None,
    )
    near = town and _km(town, longitude, latitude) - _reach(town) <= within_km
    return town if near else None


def distance_km(one: KnownPlace, other: KnownPlace) -> float:
    """Return the distance between two places in kilometres, good to a few metres in a county."""
    return _km(one, other.longitude, other.latitude)


def force_boundary() -> MultiPolygon | None:
    """Return the force's area in degrees, or None where no boundary is loaded."""
    return _force_area(_version())


def inside_force_area(longitude: float, latitude: float) -> bool | None:
    """Tell whether a point lies in the force's area; None where no boundary is loaded."""
    area = force_boundary()
    return None if area is None else bool(shapely.intersects_xy(area, longitude, latitude))


def districts() -> tuple[Area, ...]:
    """List the districts by name."""
    return areas(DISTRICT)


def areas(kind: str) -> tuple[Area, ...]:
    """List the areas of a kind by name."""
    return _areas(_version(), kind)


def district_of(longitude: float, latitude: float) -> str:
    """Name the district of a point, or return an empty text."""
    found = (
        area.name
        for area in districts()
        if shapely.intersects_xy(area.outline, longitude, latitude)
    )
    return next(found, "")


def version() -> str:
    """Return a text that differs whenever something was loaded; for caches of maps."""
    return "-".join(_version())


def _version() -> tuple[str, ...]:
    return tuple(str(key) for key in Load.objects.order_by("source").values_list("id", flat=True))


@lru_cache(maxsize=4)
def _force_area(loads: tuple[str, ...]) -> MultiPolygon | None:
    outlines = [area.outline for area in _areas(loads, FORCE)]
    if not outlines:
        return None
    area = _as_areas(shapely.union_all(outlines))
    shapely.prepare(area)
    return area


@lru_cache(maxsize=16)
def _areas(loads: tuple[str, ...], kind: str) -> tuple[Area, ...]:
    found = []
    for row in Boundary.objects.filter(kind=kind).order_by("name", "code"):
        outline = _as_areas(shapely.from_wkb(bytes(row.outline)))
        shapely.prepare(outline)
        found.append(Area(row.name, row.code, outline))
    return tuple(found)


def _as_areas(outline: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(outline).tolist()
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


@lru_cache(maxsize=4)
def _towns(loads: tuple[str, ...]) -> tuple[KnownPlace, ...]:
    entries = Entry.objects.filter(kind=EntryKind.TOWN).order_by("-weight", "name", "id")
    return tuple(_known(entry) for entry in entries)


def _known(entry: Entry) -> KnownPlace:
    return KnownPlace(
        name=entry.name,
        kind=entry.kind,
        town=entry.town,
        district=entry.district,
        longitude=entry.longitude,
        latitude=entry.latitude,
        weight=entry.weight,
    )


def _key(text: str) -> str:
    return f" {place_names.search_key(text)}"


def _matching(key: str) -> list[Entry]:
    named: QuerySet[Entry] = Entry.objects.exclude(kind=EntryKind.POSTCODE)
    words = Q()
    for word in key.split():
        words &= Q(key__contains=f" {word}")
    # Each kind of match has its own room, so that many partial ones cannot hide a whole one.
    kinds_of_match = (Q(key=f" {key}"), Q(key__startswith=f" {key}"), words)
    found: dict[object, Entry] = {}
    for match in kinds_of_match:
        for entry in named.filter(match).order_by("key", "-weight", "id")[:_FETCHED]:
            found.setdefault(entry.id, entry)
    return list(found.values())


def _one_for_each_street(places: Iterable[KnownPlace]) -> list[KnownPlace]:
    kept: dict[tuple[str, ...], list[KnownPlace]] = {}
    for place in places:
        same_name = kept.setdefault((place.name, place.kind, place.town, place.district), [])
        if not any(
            _km(other, place.longitude, place.latitude) <= SAME_STREET_KM for other in same_name
        ):
            same_name.append(place)
    named = (_with_town(place) for group in kept.values() for place in group)
    by_label: dict[str, KnownPlace] = {}
    for place in named:
        by_label.setdefault(place.label, place)
    return list(by_label.values())


def _with_town(place: KnownPlace) -> KnownPlace:
    if place.town or place.kind == EntryKind.TOWN:
        return place
    town = nearest_town(place.longitude, place.latitude)
    return replace(place, town=town.name) if town else place


def _is_in(place: KnownPlace, towns_typed: set[str]) -> bool:
    around = f" {place_names.search_key(f'{place.town} {place.district}')}"
    return not towns_typed or any(f" {town}" in around for town in towns_typed)


def _all_outside(points: Sequence[tuple[float, float]]) -> bool:
    area = force_boundary()
    if area is None or not points:
        return False
    longitudes, latitudes = zip(*points, strict=True)
    return not shapely.intersects_xy(area, longitudes, latitudes).any()


def _order(place: KnownPlace, key: str) -> tuple[object, ...]:
    own = place_names.search_key(place.name)
    closeness = 0 if own == key else 1 if own.startswith(key) else 2
    return (closeness, place.kind != EntryKind.TOWN, -place.weight, place.label, place.longitude)


def _around(
    longitude: float, latitude: float, within_km: float, kinds: Sequence[str]
) -> QuerySet[Entry]:
    north = within_km / KM_PER_DEGREE
    east = north / max(cos(radians(latitude)), 0.01)
    return Entry.objects.filter(
        kind__in=kinds,
        latitude__range=(latitude - north, latitude + north),
        longitude__range=(longitude - east, longitude + east),
    )


def _reach(town: KnownPlace) -> float:
    # About 4,000 people a square kilometre, as in English towns.
    return sqrt(max(town.weight, 0) / 4_000 / pi)


def _nearest(places: Iterable[KnownPlace], longitude: float, latitude: float) -> KnownPlace | None:
    return min(
        places, key=lambda place: (_km(place, longitude, latitude), place.name), default=None
    )


def _km(place: KnownPlace, longitude: float, latitude: float) -> float:
    # Flat within a county: the error is far below the precision of what is looked up.
    east = (place.longitude - longitude) * cos(radians(latitude))
    return KM_PER_DEGREE * hypot(east, place.latitude - latitude)
