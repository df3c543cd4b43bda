"""The files of the invented force: the same bytes for the same seed, labelled, and importable."""

import csv
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from shapely import Point
from shapely.geometry import shape

from safehold.demonstration.crimes import MONTHS
from safehold.demonstration.world import LABEL
from safehold.demonstration.writing import write
from safehold.domain.police_uk import STREET_HEADER

TODAY = date(2026, 11, 22)
IN_ANOTHER_PROCESS = """
import datetime, pathlib, sys
from safehold.demonstration.writing import write
write(pathlib.Path(sys.argv[1]), today=datetime.date(2026, 11, 22), force="F", key="f", seed=7)
"""


@pytest.fixture
def demonstration(tmp_path: Path) -> Path:
    """A folder whose name says what its people are."""
    return tmp_path / "demonstration"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes_in_another_process(demonstration: Path) -> None:
    write(demonstration / "here", today=TODAY, force="F", key="f", seed=7)
    subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(demonstration / "there")],
        check=True,
        env={"PYTHONHASHSEED": "4711"},
    )
    assert digests(demonstration / "here") == digests(demonstration / "there")


def test_another_seed_gives_other_files(demonstration: Path) -> None:
    write(demonstration / "one", today=TODAY, force="F", key="f", seed=7)
    write(demonstration / "two", today=TODAY, force="F", key="f", seed=8)
    one, two = digests(demonstration / "one"), digests(demonstration / "two")
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in one)


def test_files_are_labelled_as_invented(demonstration: Path) -> None:
    write(demonstration, today=TODAY, force="F", key="f", seed=7)
    assert LABEL in (demonstration / "README.txt").read_text()
    for name in ("reports.json", "truth.json", "boundaries/force_area.geojson"):
        assert json.loads((demonstration / name).read_text())["label"] == LABEL
    for name in ("people", "appearances", "colleagues"):
        rows = rows_of(demonstration / f"casework/{name}.csv")
        assert len(rows) > 10
        assert {row["label"] for row in rows} == {"invented"}


def test_crimes_have_the_published_columns_and_a_file_a_month(demonstration: Path) -> None:
    world = write(demonstration, today=TODAY, force="F", key="f", seed=7)
    files = sorted((demonstration / "crimes").glob("*-f-street.csv"))
    assert len(files) == MONTHS
    boundary = world.land.boundary
    for path in files:
        rows = rows_of(path)
        assert tuple(rows[0]) == STREET_HEADER
        assert {row["Month"] for row in rows} == {path.name[:7]}
        placed = [row for row in rows if row["Longitude"]]
        assert len(placed) < len(rows)
        assert all(
            boundary.contains(Point(float(row["Longitude"]), float(row["Latitude"])))
            for row in placed
        )
        identified = [row["Crime ID"] for row in rows if row["Crime ID"]]
        assert len(set(identified)) == len(identified) < len(rows)


def test_the_boundary_file_is_the_boundary(demonstration: Path) -> None:
    world = write(demonstration, today=TODAY, force="F", key="f", seed=7)
    written = json.loads((demonstration / "boundaries/force_area.geojson").read_text())
    assert shape(written["features"][0]["geometry"]).equals(world.land.boundary)
    districts = json.loads((demonstration / "boundaries/districts.geojson").read_text())
    assert len(districts["features"]) == 4
    assert all(each["properties"]["invented"] is True for each in districts["features"])
