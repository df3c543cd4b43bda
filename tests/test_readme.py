"""What the README tells a newcomer to type works as it is written."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from safehold.domain.police_uk import STREET_HEADER
from tests.servers import ROOT, environment
from tests.stores import SqliteStores

WEST, SOUTH, EAST, NORTH = -0.5, 51.6, 0.1, 52.0
POINT = "-0.34,51.75"


def blocks(heading: str) -> list[str]:
    """Return the fenced blocks of a section of the README."""
    section = (ROOT / "README.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^```\w*\n(.*?)^```$", section, flags=re.DOTALL | re.MULTILINE)


def area(path: Path, **properties: str) -> None:
    ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def table(path: Path, *rows: Iterable[str]) -> None:
    text = "".join(",".join(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


def downloads(folder: Path) -> None:
    """Make small files of the forms that the README describes."""
    (folder / "street").mkdir(parents=True)
    row = f",2025-01,H,H,{POINT},On or near High Street,E01,St Albans 1A,{{}},,\n"
    rows = "".join(row.format(kind) for kind in ["Violence and sexual offences", "Drugs"] * 20)
    street = folder / "street" / "2025-01-hertfordshire-street.csv"
    street.write_text(",".join(STREET_HEADER) + "\n" + rows)
    area(folder / "force_area.geojson", name="Hertfordshire")
    area(folder / "districts.geojson", lad_name="St Albans", lad_code="E07000240")
    here = POINT.split(",")
    postcodes = ("postcode", "lad_name", "longitude", "latitude")
    table(folder / "postcodes.csv.gz", postcodes, ("AL1 1AA", "St Albans", *here))
    streets = ("name", "longitude", "latitude", "district")
    table(folder / "street_points.csv.gz", streets, ("High Street", *here, "St Albans"))
    towns = ("name", "longitude", "latitude", "population")
    table(folder / "places.csv", towns, ("St Albans", *here, "84561"))


@pytest.fixture
def checkout(django_db_setup: object, tmp_path: Path) -> Path:
    """A folder that looks like a checkout, its stores migrated to save the minute it takes."""
    if not isinstance(django_db_setup, SqliteStores):
        pytest.skip("a newcomer starts on SQLite")
    (tmp_path / "forces").symlink_to(ROOT / "forces")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    data = tmp_path / "var" / "hertfordshire"
    data.mkdir(parents=True, mode=0o700)
    for alias, name in (("default", "records"), ("intake", "intake")):
        template = django_db_setup.template / f"{alias}.sqlite3"
        shutil.copyfile(template, data / f"{name}.sqlite3")
    return tmp_path


def typed(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run lines as a shell runs them in a newcomer's folder, and stop at the first failure."""
    kept = environment()
    for name in ("SAFEHOLD_FORCE", "SAFEHOLD_DEMONSTRATION"):
        del kept[name]
    return subprocess.run(
        ["bash", "-euc", text], cwd=folder, env=kept, capture_output=True, text=True, check=False
    )


def test_real_open_data_goes_in_as_the_readme_says(checkout: Path) -> None:
    start, imports = blocks("With real open data")
    downloads(checkout / "downloads")
    # `make demo` makes .venv and runs `safehold demo`; serving would never end.
    recipe = r"^demo:.*\n\t@\$\(BIN\)/safehold demo$"
    assert re.search(recipe, (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    filled = typed(start.replace("make demo", ".venv/bin/safehold demo --no-serve"), checkout)
    assert filled.returncode == 0, filled.stdout + filled.stderr

    done = typed(imports, checkout)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Rows: 40 read, 40 kept, 0 refused" in done.stdout
    assert "High Street" in done.stdout
    for source in ("boundaries:force", "boundaries:district", "gazetteer:postcode"):
        assert f"{source}: 1 " in done.stdout
    page = (checkout / "hotspots.html").read_text()
    assert "GeoNames, CC BY 4.0" in page
    assert "Royal Mail" in page
    assert not (checkout / "var" / "records.sqlite3").exists()


def test_no_command_needs_more_than_make_demo_installs() -> None:
    lines = [line for block in blocks("With real open data") for line in block.splitlines()]
    assert lines
    assert not [line for line in lines if re.match(r"\s*safehold\b", line)]
