"""A small invented county to report in, keys to seal to, and a visitor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from safehold.crypto.key_files import create_keys
from safehold.records.audit.actors import System
from safehold.records.gazetteer import operations, queries
from tests.public.report.visitor import Visitor

SQUARE = [[2.0, 54.0], [2.4, 54.0], [2.4, 54.4], [2.0, 54.4], [2.0, 54.0]]
COLUMNS = {"name": "name", "longitude": "lon", "latitude": "lat", "district": "district"}
ROWS = {
    "postcode": ["QM1 1AA,2.1,54.1,Mere", "QM1 2BB,3.4,54.1,Fen"],
    "street": [
        "Elm Row,2.1,54.1,Mere",
        "Church Lane,2.12,54.12,Mere",
        "Church Lane,2.3,54.3,Fen",
        "Far Street,3.4,54.1,Away",
    ],
    "town": ["Meretown,2.11,54.11,Mere"],
}


def forget_areas() -> None:
    for cached in (queries._areas, queries._force_area, queries._towns):
        cached.cache_clear()


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Path:
    """Keys of the force, so that a report can be sealed."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.KEYS_FOLDER = tmp_path / "keys"
    create_keys(settings.KEYS_FOLDER, at=datetime(2026, 11, 22, tzinfo=UTC))
    return settings.KEYS_FOLDER


@pytest.fixture
def county(db: None, tmp_path: Path) -> Iterator[None]:
    """A square county with two lanes of one name, a postcode, and a place outside."""
    by = {"by": System("test"), "at": datetime(2026, 11, 22, tzinfo=UTC)}
    area = {
        "type": "Feature",
        "properties": {"name": settings.FORCE.area_name},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    outline = tmp_path / "area.geojson"
    outline.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    operations.load_boundaries(path=outline, kind="force", name_field="name", **by)
    for kind, rows in ROWS.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join(["name,lon,lat,district", *rows]) + "\n")
        operations.load_entries(path=path, kind=kind, columns=COLUMNS, **by)
    forget_areas()
    yield
    forget_areas()


@pytest.fixture
def visitor(client: Client) -> Visitor:
    """Someone at a browser of her own."""
    return Visitor(client)
