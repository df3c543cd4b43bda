"""The land of the invented force: a coast, districts and towns, in metres and in degrees."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPoint, Point, Polygon, segmentize, transform, voronoi_polygons
from shapely.geometry.base import BaseGeometry

from safehold.demonstration.chance import stream

# The Dogger Bank, 150 km from any shore: nobody lives here, so no real place can be meant.
CENTRE_LONGITUDE, CENTRE_LATITUDE = 2.3, 54.6
OPEN_SEA = (1.6, 54.2, 3.0, 55.0)  # west, south, east, north, in degrees
METRES_A_DEGREE = 111_320.0

COAST_POINTS = 360
COAST_RADIUS = 9_500.0  # metres
DISTRICT_STEP = 200.0  # metres between the points of a border
DECIMALS = 6

# Written for this force; none is the name of a place that exists.
COUNTY_TOWN = "Merehaven"
TOWN_NAMES = (
    "Saltmere",
    "Gullsby",
    "Withernholt",
    "Fenchester",
    "Marramouth",
    "Sandlebury",
    "Quernholm",
    "Tidewick",
    "Brackenmouth",
)
MIDDLE_QUARTER = "Old Town"
QUARTERS = ("Harbour", "Northgate", "Riverside", "Southfields", "Millside", "Campus", "Saltings")
# Streets, radius in metres and quarters of each town, the county town first.
TOWN_SIZES = ((150, 1_900.0, 5), (100, 1_500.0, 4), (80, 1_250.0, 3), (70, 1_100.0, 3))
TOWN_SPACING = 4_600.0

Metres = tuple[float, float]
Degrees = tuple[float, float]  # longitude, latitude


class NotAtSea(ValueError):
    """Something invented was drawn outside the empty stretch of sea kept for it."""


@dataclass(frozen=True, slots=True)
class Town:
    """An invented town: where it is, in metres from the middle of the county, and its size."""

    name: str
    district: str
    centre: Metres
    radius: float
    streets: int
    quarters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """The boundary and the districts in degrees, and the towns in metres."""

    boundary: Polygon
    districts: tuple[tuple[str, str, Polygon], ...]
    towns: tuple[Town, ...]


def to_degrees(point: Metres) -> Degrees:
    """Return longitude and latitude, rounded as police.uk rounds, of a point in metres."""
    scale = METRES_A_DEGREE * math.cos(math.radians(CENTRE_LATITUDE))
    longitude = CENTRE_LONGITUDE + point[0] / scale
    latitude = CENTRE_LATITUDE + point[1] / METRES_A_DEGREE
    west, south, east, north = OPEN_SEA
    if not (west < longitude < east and south < latitude < north):
        raise NotAtSea(f"{longitude:.4f}, {latitude:.4f} is outside the stretch of sea kept for it")
    return round(longitude, DECIMALS), round(latitude, DECIMALS)


def to_metres(point: Degrees) -> Metres:
    """Return the point in metres from the middle of the county: the inverse of `to_degrees`."""
    scale = METRES_A_DEGREE * math.cos(math.radians(CENTRE_LATITUDE))
    return (point[0] - CENTRE_LONGITUDE) * scale, (point[1] - CENTRE_LATITUDE) * METRES_A_DEGREE


def draw_land(seed: int) -> Land:
    """Draw the coast, place the towns inside it and part the land among them.

    Raises NotAtSea if any of it would leave the open sea.
    """
    chance = stream(seed, "land")
    coast = _coast(chance)
    towns = _towns(chance, coast)
    bends = Bends(chance, ((5_000.0, 240.0), (2_000.0, 60.0)))
    districts = _districts(coast, towns, bends)
    return Land(
        boundary=_in_degrees(coast),
        districts=tuple((f"M07{n:06d}", name, _in_degrees(area)) for n, name, area in districts),
        towns=towns,
    )


class Bends:
    """A smooth bending of the plane, gentle enough that it never folds over itself."""

    def __init__(self, chance: Random, waves: tuple[tuple[float, float], ...]) -> None:
        self._waves = [
            (2 * math.pi / length, height, *(chance.random() * 2 * math.pi for _ in range(4)))
            for length, height in waves
        ]

    def bend(self, point: Metres) -> Metres:
        """Return where the bending takes a point, in metres."""
        x, y = point
        moved_x, moved_y = x, y
        for rate, height, first, second, third, fourth in self._waves:
            moved_x += height * math.sin(rate * y + first) * math.cos(rate * x / 2 + second)
            moved_y += height * math.sin(rate * x + third) * math.cos(rate * y / 2 + fourth)
        return moved_x, moved_y

    def bend_all(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where the bending takes each row of x and y, in metres."""
        return np.array([self.bend((float(x), float(y))) for x, y in points])


def _coast(chance: Random) -> Polygon:
    # One turn of sines whose height falls with their number: bays, headlands and small creeks.
    turns = [
        (k, chance.uniform(-1, 1) * 0.42 / k**1.35, chance.random() * 2 * math.pi)
        for k in range(2, 34)
    ]
    points = []
    for step in range(COAST_POINTS):
        angle = 2 * math.pi * step / COAST_POINTS
        swell = sum(height * math.sin(k * angle + phase) for k, height, phase in turns)
        radius = COAST_RADIUS * min(1.3, max(0.8, 1 + swell))
        points.append((1.2 * radius * math.cos(angle), 0.9 * radius * math.sin(angle)))
    return Polygon(points)


def _towns(chance: Random, coast: Polygon) -> tuple[Town, ...]:
    names = [COUNTY_TOWN, *chance.sample(TOWN_NAMES, len(TOWN_SIZES) - 1)]
    turn = chance.random() * 2 * math.pi
    towns = []
    for number, (name, (streets, radius, quarters)) in enumerate(
        zip(names, TOWN_SIZES, strict=True)
    ):
        centre = (chance.uniform(-350, 350), chance.uniform(-250, 250))
        if number:
            angle = turn + 2 * math.pi * number / (len(TOWN_SIZES) - 1)
            away = chance.uniform(TOWN_SPACING, TOWN_SPACING + 400)
            centre = (1.1 * away * math.cos(angle), 0.95 * away * math.sin(angle))
        picked = (MIDDLE_QUARTER, *chance.sample(QUARTERS, quarters - 1))
        towns.append(Town(name, f"{name} District", centre, radius, streets, picked))
    if not all(coast.covers(Point(town.centre).buffer(town.radius)) for town in towns):
        raise NotAtSea("a town would stand in the water")
    return tuple(towns)


def _districts(
    coast: Polygon, towns: tuple[Town, ...], bends: Bends
) -> list[tuple[int, str, Polygon]]:
    cells = voronoi_polygons(
        MultiPoint([town.centre for town in towns]), extend_to=coast.buffer(9_000)
    )
    districts = []
    for number, town in enumerate(towns, 1):
        cell = next(c for c in cells.geoms if c.covers(Point(town.centre)))
        bent = transform(segmentize(cell, DISTRICT_STEP), bends.bend_all)
        districts.append((number, town.district, _largest(bent.intersection(coast))))
    return districts


def _largest(shape: BaseGeometry) -> Polygon:
    parts: list[Polygon] = list(getattr(shape, "geoms", [shape]))
    return max(parts, key=lambda part: float(part.area))


def _in_degrees(shape: Polygon) -> Polygon:
    return Polygon([to_degrees((x, y)) for x, y in shape.exterior.coords])
