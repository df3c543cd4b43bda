"""What a report about a place becomes before anybody may read it: a cell, an area, a few reasons.

The rules are `rules/publication.toml`. A cell is named by its nearest town, a direction and a
distance, never by a street.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, degrees, hypot, radians

import h3

from safehold import rules

Degrees = tuple[float, float]  # longitude, latitude
BEARINGS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_METRES_A_DEGREE = 111_195
_STEP = 500  # metres: half a cell, finer would say more than the cell does


@dataclass(frozen=True, slots=True)
class Reason:
    """One published reason, and the answers of the journey that count as it."""

    key: str
    label: str
    environment: frozenset[str]
    behaviour: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """The rules in force; `within` is in metres."""

    version: str
    least: int
    resolution: int
    kinds: frozenset[str]
    within: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a cell lies from its town's middle: a bearing of BEARINGS, empty for the middle."""

    bearing: str
    metres: int


@cache
def rule() -> Rule:
    """Return the rules in force."""
    loaded = rules.load("publication")
    tables = loaded.tables
    return Rule(
        version=loaded.version,
        least=tables["counts"]["least"],
        resolution=tables["cells"]["resolution"],
        kinds=frozenset(tables["space"]["kinds"]),
        within=tables["space"]["within"],
        reasons=tuple(
            Reason(
                one["key"],
                one["label"],
                frozenset(one.get("from", ())),
                one.get("behaviour", False),
            )
            for one in tables["reasons"]
        ),
    )


def labels() -> Mapping[str, str]:
    """Return the words of every reason that may be published, by key."""
    return {reason.key: reason.label for reason in rule().reasons}


def reasons_of(environment: Iterable[str], behaviours: Iterable[str]) -> frozenset[str]:
    """Return the reasons that may be published of what one report said."""
    said, people = frozenset(environment), any(behaviours)
    return frozenset(
        reason.key
        for reason in rule().reasons
        if reason.environment & said or (reason.behaviour and people)
    )


def why_not_public(*, kind: str, pointed: bool, metres: int | None, police_party: bool) -> str:
    """Say in a few words why a report at such a place is never published; empty where it may be."""
    in_force = rule()
    if police_party:
        return "It says that a colleague is a party to it"
    if kind == "not_said":
        return "Nobody has decided what sort of place it is"
    if kind not in in_force.kinds:
        return "It is not a public place"
    if not pointed or (metres or 0) > in_force.within:
        return "The place is not known exactly enough"
    return ""


def cell_of(point: Degrees) -> str:
    """Return the fixed cell that a point lies in."""
    return str(h3.latlng_to_cell(point[1], point[0], rule().resolution))


def centre_of(cell: str) -> Degrees:
    """Return the middle of a cell."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return longitude, latitude


def outline_of(cell: str) -> tuple[Degrees, ...]:
    """Return the corners of a cell, anticlockwise, not closed."""
    return tuple((longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell))


def cells_touching(ring: Iterable[Degrees]) -> frozenset[str]:
    """Return the fixed cells that an area with this outline has any part of."""
    shape = h3.LatLngPoly([(latitude, longitude) for longitude, latitude in ring])
    found = h3.polygon_to_cells_experimental(shape, rule().resolution, contain="overlap")
    return frozenset(map(str, found))


def whereabouts(cell: str, middle: Degrees) -> Whereabouts:
    """Say where a cell lies from the middle of its town."""
    longitude, latitude = centre_of(cell)
    east = (longitude - middle[0]) * cos(radians(latitude)) * _METRES_A_DEGREE
    north = (latitude - middle[1]) * _METRES_A_DEGREE
    metres = round(hypot(east, north) / _STEP) * _STEP
    if not metres:
        return Whereabouts("", 0)
    eighth = round(degrees(atan2(east, north)) / 45) % 8
    return Whereabouts(BEARINGS[eighth], metres)
