"""A small invented area with published rows whose hottest cells are known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safehold.domain.police_uk import STREET_HEADER
from safehold.records.audit.actors import System
from safehold.records.gazetteer import operations as gazetteer
from safehold.records.gazetteer import queries
from safehold.records.open_data import operations as open_data

AT = datetime(2026, 11, 22, tzinfo=UTC)
BY = System("test")
VIOLENCE = "Violence and sexual offences"
# Point, name, class, month, rows.
PLANTED = (
    ("2.10,54.10", "On or near Nightclub", VIOLENCE, "2026-01", 6),
    ("2.10,54.10", "On or near Nightclub", VIOLENCE, "2026-02", 5),
    ("2.30,54.30", "On or near Quay Lane", VIOLENCE, "2026-02", 4),
    ("2.30,54.30", "On or near Quay Lane", "Drugs", "2026-01", 9),
    ("2.90,54.30", "On or near Elsewhere", VIOLENCE, "2026-01", 3),
    (",", "No Location", VIOLENCE, "2026-01", 2),
)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    for cached in (queries._areas, queries._force_area, queries._towns):
        cached.cache_clear()


@pytest.fixture
def crimes(settings: Any, tmp_path: Path) -> Path:
    """Import the planted rows into a store of their own."""
    settings.OPEN_DATA = tmp_path / "open-data"
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for month in ("2026-01", "2026-02"):
        lines = [",".join(STREET_HEADER)]
        for point, name, kind, when, number in PLANTED:
            row = f",{when},Mere,Mere,{point},{name},E01,Mere 1A,{kind},,"
            lines += [row] * (number if when == month else 0)
        path = inbox / f"{month}-{settings.FORCE.key}-street.csv"
        path.write_text("\n".join(lines) + "\n")
    report = open_data.import_crimes(
        paths=[inbox], root=settings.OPEN_DATA, refused_file=tmp_path / "no.csv", by=BY, at=AT
    )
    assert not report.failed
    return Path(settings.OPEN_DATA)


@pytest.fixture
def outlines(tmp_path: Path) -> None:
    """Load the area, two districts and a town."""
    load_areas(tmp_path, "force", {"Mereshire": (2.0, 2.4)})
    load_areas(tmp_path, "district", {"West": (2.0, 2.2), "East": (2.2, 2.4)})
    load_towns(tmp_path, "Sallow & Withy,2.10,54.11,9000")


def load_towns(tmp_path: Path, *rows: str) -> None:
    """Load towns in place of those before: name, longitude, latitude, weight."""
    places = tmp_path / "towns.csv"
    places.write_text("\n".join(["name,longitude,latitude,weight", *rows]) + "\n")
    columns = {name: name for name in ("name", "longitude", "latitude", "weight")}
    gazetteer.load_entries(path=places, kind="town", columns=columns, by=BY, at=AT)


def load_areas(tmp_path: Path, kind: str, spans: dict[str, tuple[float, float]]) -> None:
    features = []
    for name, (west, east) in spans.items():
        ring = [[west, 54.0], [east, 54.0], [east, 54.4], [west, 54.4], [west, 54.0]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": name}, "geometry": geometry})
    path = tmp_path / f"{kind}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    gazetteer.load_boundaries(path=path, kind=kind, name_field="name", by=BY, at=AT)
