"""Land, places and accepted reports for tests of what is published: two towns in the open sea."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import shapely

from safehold.domain import public_places
from safehold.domain.access import Role
from safehold.records.gazetteer.models import Boundary, Entry, Load
from safehold.records.incidents.models import Classification, TimePrecision
from safehold.records.incidents.operations import Happening, record_incident
from safehold.records.places.models import Place, PlaceKind, Precision
from safehold.records.places.operations import Spot, add_place
from safehold.records.staff.models import StaffMember

LAST_QUARTER = datetime(2026, 8, 14, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
_numbers = itertools.count(1)
TOWNS = {"Testhaven": (2.30, 54.60), "Samplesea": (2.42, 54.66)}
SOMEWHERE = {"testhaven": (2.301, 54.601), "by the sea": (2.31, 54.615), "samplesea": (2.42, 54.66)}


def someone(role: Role = Role.TRIAGE_OFFICER) -> StaffMember:
    """Add a member who never signs in: a password would cost more than the test."""
    return StaffMember.objects.create(
        username=f"{role}-{next(_numbers)}",
        first_name="Dena",
        last_name="Okafor",
        role=role,
        team="Eastmere",
    )


def load_land() -> None:
    """Load a boundary, its two districts, and a town in each."""
    load = Load.objects.create(
        source="test land", file_name="x", digest="x", kept=3, loaded_at=NOW, loaded_by="test"
    )
    box = shapely.MultiPolygon([shapely.box(2.27, 54.58, 2.44, 54.67)])
    Boundary.objects.create(load=load, kind="force", name="Land", outline=shapely.to_wkb(box))
    west = shapely.MultiPolygon([shapely.box(2.27, 54.58, 2.36, 54.67)])
    east = shapely.MultiPolygon([shapely.box(2.36, 54.58, 2.44, 54.67)])
    for name, outline in (("West", west), ("East", east)):
        Boundary.objects.create(
            load=load, kind="district", name=name, outline=shapely.to_wkb(outline)
        )
    for name, (longitude, latitude) in TOWNS.items():
        Entry.objects.create(
            load=load, kind="town", name=name, key=f" {name.lower()}",
            longitude=longitude, latitude=latitude, weight=1_000,
        )  # fmt: skip


def a_place(by: Any, point: tuple[float, float] = SOMEWHERE["testhaven"], **changes: Any) -> Place:
    """Add a public place with a point."""
    given = {"name": "Elm Row subway", "kind": PlaceKind.PATH, "metres": 25, **changes}
    spot = Spot(point[0], point[1], given["metres"], Precision.POINT)
    return add_place(name=given["name"], kind=given["kind"], spot=spot, by=by, at=LAST_QUARTER)


def told(place: Place, times: int, *, by: Any, at: datetime = LAST_QUARTER, **changes: Any) -> None:
    """Accept some reports about a place."""
    for _ in range(times):
        record_incident(
            report_id=uuid4(),
            place=place,
            happening=Happening(
                starts_at=None,
                ends_at=None,
                time_precision=TimePrecision.NOT_SAID,
                days=("fri",),
                parts_of_day=("late",),
                environment=tuple(changes.get("environment", ("dark", "no_cameras"))),
                behaviours=tuple(changes.get("behaviours", ())),
                changes=(),
                rules_version="2",
            ),
            classification=Classification.ENVIRONMENT,
            note="",
            police_party=changes.get("police_party", False),
            by=by,
            at=at,
        )


def cell(point: tuple[float, float]) -> str:
    """Return the public cell of a point."""
    return public_places.cell_of(point)
