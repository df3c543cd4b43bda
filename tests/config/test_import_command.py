"""`safehold import` says what it did, and ends well only where everything went in."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from safehold.config.commands.import_ import command
from safehold.config.practice import NOTE, filling_of
from safehold.domain.police_uk import STREET_HEADER
from safehold.records.gazetteer import queries

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.OPEN_DATA = tmp_path / "open-data"
    settings.SAFEHOLD_DATA = tmp_path
    settings.FORCE = replace(settings.FORCE, key="mere", demonstration=False)
    yield
    for cached in (queries._areas, queries._force_area, queries._towns):
        cached.cache_clear()


def street(tmp_path: Path, month: str = "2025-01", extra: str = "") -> Path:
    path = tmp_path / f"{month}-mere-street.csv"
    row = f",{month},Mere,Mere,2.1,54.1,On or near Quay,E01,Mere 1A,Drugs,,\n"
    path.write_text(",".join(STREET_HEADER) + "\n" + row * 1_500 + extra)
    return path


def outline(tmp_path: Path) -> Path:
    path = tmp_path / "area.geojson"
    ring = [[2.0, 54.0], [2.4, 54.0], [2.4, 54.4], [2.0, 54.0]]
    feature = {
        "type": "Feature",
        "properties": {"NAME": "Mereshire"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.fixture(params=["by its profile", "by what fills its folder"])
def practice(request: Any, settings: Any, tmp_path: Path) -> None:
    """An installation that practises with an invented force, wherever that is said."""
    invented = replace(settings.FORCE, key="mereshire", demonstration=True)
    if request.param == "by its profile":
        settings.FORCE = invented
    else:
        (tmp_path / NOTE).write_text(filling_of(invented).text())


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_a_sound_import_says_what_it_kept(tmp_path: Path) -> None:
    result = run("crimes", street(tmp_path))
    assert result.exit_code == 0
    assert "Rows: 1,500 read, 1,500 kept, 0 refused" in result.output
    assert "Files: 1 imported, 0 unchanged, 0 left out, 0 failed." in result.output


def test_refused_rows_are_counted_by_reason_and_listed_in_a_file(tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    result = run("crimes", street(tmp_path, extra="one\ntwo\n"), "--refused", refused)
    assert result.exit_code == 0
    assert "2 × the row does not have 12 fields" in result.output
    assert str(refused) in result.output
    assert refused.read_text().count("\n") == 3


def test_the_same_file_again_is_said_to_be_unchanged(tmp_path: Path) -> None:
    path = street(tmp_path)
    run("crimes", path)
    result = run("crimes", path)
    assert result.exit_code == 0
    assert "0 imported, 1 unchanged" in result.output


def test_one_bad_file_fails_the_command_and_keeps_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "2025-02-mere-street.csv.gz"
    bad.write_bytes(gzip.compress(b"Crime ID," * 9_999)[:-9])
    result = run("crimes", street(tmp_path), bad)
    assert result.exit_code == 1
    assert f"{bad}: the gzip file is cut short." in result.output
    assert "1 imported" in result.output
    assert "1 of 2 files could not be imported" in result.output


def test_naming_no_street_file_is_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "outcomes"
    folder.mkdir()
    (folder / "2025-01-mere-outcomes.csv").write_text("Crime ID\n")
    result = run("crimes", folder)
    assert result.exit_code == 1
    assert "no street file" in result.output


def test_boundaries_and_gazetteer_are_loaded(tmp_path: Path) -> None:
    area, places = outline(tmp_path), tmp_path / "streets.csv"
    places.write_text("street,x,y\nQuay Lane,2.1,54.1\n,2.1,54.1\n")
    boundaries = run("boundaries", area, "--kind", "force", "--name-field", "NAME")
    columns = ["--column", "name=street", "--column", "longitude=x", "--column", "latitude=y"]
    gazetteer = run("gazetteer", places, "--kind", "street", *columns)
    assert "1 areas read, 1 kept, 0 refused" in boundaries.output
    assert "2 rows read, 1 kept, 1 refused" in gazetteer.output
    assert [place.name for place in queries.find_places("quay ln").places] == ["Quay Lane"]
    assert "unchanged" in run("gazetteer", places, "--kind", "street", *columns).output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--column", "name"], "--column is written OURS=THEIRS"),
        (["--column", "name=street"], "say which column holds the longitude"),
    ],
)
def test_a_wrong_column_map_is_one_clear_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    path = tmp_path / "streets.csv"
    path.write_text("street\n")
    result = run("gazetteer", path, "--kind", "street", *arguments)
    assert result.exit_code == 1
    assert sentence in result.output


def test_a_file_that_is_no_boundary_is_named(tmp_path: Path) -> None:
    path = tmp_path / "area.geojson"
    path.write_text("{}")
    result = run("boundaries", path, "--kind", "force", "--name-field", "NAME")
    assert result.exit_code == 1
    assert result.output.strip() == (
        f"Error: {path}: the file is not GeoJSON with a list of features."
    )


@pytest.mark.usefixtures("practice")
def test_real_crimes_never_enter_the_invented_force(tmp_path: Path) -> None:
    own = tmp_path / "2025-01-mereshire-street.csv"
    other = street(tmp_path)
    own.write_text(other.read_text())
    result = run("crimes", own, other)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {other} is of mere, and this installation practises")
    assert "SAFEHOLD_FORCE" in result.output
    assert "forces/hertfordshire.toml" in result.output
    assert not (tmp_path / "open-data").exists()
    assert run("crimes", own).exit_code == 0


@pytest.mark.usefixtures("practice")
def test_no_boundary_or_gazetteer_takes_the_place_of_the_invented_ones(tmp_path: Path) -> None:
    area, places = outline(tmp_path), tmp_path / "streets.csv"
    places.write_text("name,longitude,latitude\nQuay Lane,2.1,54.1\n")
    columns = [f"--column={name}={name}" for name in ("name", "longitude", "latitude")]
    boundaries = run("boundaries", area, "--kind", "force", "--name-field", "NAME")
    gazetteer = run("gazetteer", places, "--kind", "street", *columns)
    for result, file in ((boundaries, area), (gazetteer, places)):
        assert result.exit_code == 1
        assert f"{file} is not loaded" in result.output
        assert "SAFEHOLD_FORCE" in result.output
    assert queries.force_boundary() is None
    assert not queries.is_loaded()


def test_a_force_that_exists_may_be_practised_with_on_its_own_data(tmp_path: Path) -> None:
    real = replace(settings.FORCE, demonstration=False)
    (tmp_path / NOTE).write_text(filling_of(real).text())
    assert run("crimes", street(tmp_path)).exit_code == 0
