"""Invented public places, and the few where harm is made to gather at known hours."""

from dataclasses import dataclass
from random import Random

import h3

from safehold.demonstration.chance import stream
from safehold.demonstration.geography import Degrees
from safehold.demonstration.streets import Street

HOT_RESOLUTION = 9  # H3: cells of about 0.1 square kilometres
APART = 2  # cells between two hot places, so that none borrows from its neighbour

# Kind: what police.uk calls such a place, and the invented names of some.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "nightclub": ("Nightclub", ("Undertow", "The Lantern Room", "Phosphor", "Riptide Social")),
    "bar": (
        "Pub / Bar",
        ("The Brass Cormorant", "Anchor and Thistle", "The Salt Cellar", "Low Water", "The Tallow"),
    ),
    "bus station": ("Bus/Coach Station", ("Bus Station",)),
    "railway station": ("Station", ("Railway Station",)),
    "subway": ("Pedestrian Subway", ("Ring Road Subway", "Quay Subway")),
    "park": ("Park/Open Space", ("Eel Pie Meadow", "Beacon Park", "Saltpan Fields")),
    "campus": ("Further/Higher Educational Building", ("College Gate",)),
    "taxi rank": ("Parking Area", ("Taxi Rank",)),
    "car park": ("Parking Area", ("Multi-storey Car Park", "Ferry Car Park")),
    "supermarket": ("Supermarket", ("Tern Stores", "Mudlark Market")),
    "hospital": ("Hospital", ("General Hospital",)),
}

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
WORKING_DAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class HotHours:
    """Hours of the week, local time, in which harm gathers: each weekday with each hour."""

    weekdays: tuple[int, ...]  # 0 is Monday; the day on which the hour itself falls
    hours: tuple[int, ...]

    @property
    def slots(self) -> tuple[tuple[int, int], ...]:
        """Return every (weekday, hour) of these hours."""
        return tuple((day, hour) for day in self.weekdays for hour in self.hours)


# The planted pattern: a kind of place, which town (0 is the county town), and when.
PATTERN: tuple[tuple[str, int, tuple[HotHours, ...]], ...] = (
    (
        "nightclub",
        0,
        (HotHours((FRIDAY, SATURDAY), (22, 23)), HotHours((SATURDAY, SUNDAY), (0, 1, 2))),
    ),
    ("bar", 0, (HotHours((3, FRIDAY, SATURDAY), (20, 21, 22)),)),
    ("bus station", 0, (HotHours(WORKING_DAYS, (16, 17)),)),
    ("subway", 0, (HotHours((0, 1, 2, 3), (18, 19)),)),
    ("railway station", 1, (HotHours(WORKING_DAYS, (22, 23)),)),
    ("taxi rank", 1, (HotHours((SATURDAY, SUNDAY), (1, 2, 3)),)),
    ("park", 2, (HotHours((1, 3, SUNDAY), (6, 7)),)),
    ("campus", 3, (HotHours((2,), (21, 22, 23)), HotHours((3,), (0, 1)))),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An invented public place. `hot` is empty but where harm is planted."""

    key: str
    name: str
    kind: str
    police_uk_kind: str
    town: str
    district: str
    quarter: str
    point: Degrees
    area_code: str
    area_name: str
    hot: tuple[HotHours, ...] = ()

    @property
    def cell(self) -> str:
        """Return the H3 cell of the place at the resolution in which truths are told."""
        return cell_of(self.point)


def cell_of(point: Degrees, resolution: int = HOT_RESOLUTION) -> str:
    """Return the H3 cell that a point (longitude, latitude) lies in."""
    return str(h3.latlng_to_cell(point[1], point[0], resolution))


def build_places(seed: int, streets: tuple[Street, ...]) -> tuple[Place, ...]:
    """Build the public places of every town; the hot ones stand in the middle of their cell."""
    chance = stream(seed, "places")
    towns = list(dict.fromkeys(street.town for street in streets))
    hot = {(kind, towns[number]): hours for kind, number, hours in PATTERN}
    taken: set[str] = set()
    places: list[Place] = []
    for town in towns:
        local = [street for street in streets if street.town == town]
        for kind in KINDS:
            hours = hot.get((kind, town), ())
            for name in KINDS[kind][1][: 1 if hours else None]:
                street, point = _site(chance, local, taken if hours else None)
                key = f"place-{len(places) + 1:03}"
                places.append(_place(key, (name, kind), street, point, hours))
    return tuple(places)


def _site(chance: Random, streets: list[Street], taken: set[str] | None) -> tuple[Street, Degrees]:
    """Find a street and point; with `taken`, the middle of a cell apart from those taken."""
    if taken is None:
        street = chance.choice(streets)
        return street, chance.choice(street.points)
    # The middle of the town first: that is where bars and stations stand.
    for street in streets:
        cell = cell_of(street.middle)
        if all(h3.grid_distance(cell, other) > APART for other in taken):
            taken.add(cell)
            latitude, longitude = h3.cell_to_latlng(cell)
            return street, (round(longitude, 6), round(latitude, 6))
    raise ValueError(f"{streets[0].town} has no room for another hot place")


def _place(
    key: str,
    called: tuple[str, str],
    street: Street,
    point: Degrees,
    hours: tuple[HotHours, ...],
) -> Place:
    name, kind = called
    return Place(
        key=key,
        name=name,
        kind=kind,
        police_uk_kind=KINDS[kind][0],
        town=street.town,
        district=street.district,
        quarter=street.quarter,
        point=point,
        area_code=street.area_code,
        area_name=street.area_name,
        hot=hours,
    )
