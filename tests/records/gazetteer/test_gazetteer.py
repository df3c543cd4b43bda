"""A load takes the place of the one before, whole; a place is found however it is typed."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.gazetteer import operations, queries
from safehold.records.gazetteer.models import Boundary, Entry, Load
from safehold.records.gazetteer.queries import PostcodeStatus
from safehold.records.gazetteer.reading import GazetteerFileError

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

BY: dict[str, Any] = {"by": System("command line"), "at": datetime(2026, 11, 22, tzinfo=UTC)}
COLUMNS = {"name": "name", "longitude": "lon", "latitude": "lat", "district": "district"}
SQUARE = [[2.0, 54.0], [2.4, 54.0], [2.4, 54.4], [2.0, 54.4], [2.0, 54.0]]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    yield
    for cached in (queries._areas, queries._force_area, queries._towns):
        cached.cache_clear()


def geojson(*areas: tuple[str, list[list[float]]], **properties: object) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, **properties},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for name, ring in areas
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def load_force(tmp_path: Path, text: str = "", **choices: str) -> operations.LoadReport:
    path = tmp_path / "area.geojson"
    path.write_text(text or geojson(("Mereshire", SQUARE)))
    return operations.load_boundaries(
        path=path, **{"kind": "force", "name_field": "name", **choices}, **BY
    )


def load(tmp_path: Path, kind: str, *rows: str, **choices: Any) -> operations.LoadReport:
    path = tmp_path / f"{kind}.csv"
    path.write_text("\n".join(["name,lon,lat,district", *rows]) + "\n")
    return operations.load_entries(path=path, kind=kind, **{"columns": COLUMNS, **choices}, **BY)


def names(text: str, limit: int = 10) -> list[str]:
    return [place.name for place in queries.find_places(text, limit).places]


def test_with_nothing_loaded_every_answer_is_empty() -> None:
    assert not queries.is_loaded()
    assert queries.find_postcode("QM1 1AA").status is PostcodeStatus.NOT_LOADED
    assert queries.find_places("high street").places == ()
    assert queries.force_boundary() is None
    assert queries.inside_force_area(2.1, 54.1) is None
    assert queries.districts() == ()
    assert queries.nearest_named(2.1, 54.1) is None
    assert queries.nearest_town(2.1, 54.1) is None
    assert queries.district_of(2.1, 54.1) == ""


def test_a_postcode_is_found_unknown_outside_or_none(tmp_path: Path) -> None:
    load_force(tmp_path)
    load(tmp_path, "postcode", "qm11aa,2.1,54.1,Mere", "QM1 2BB,3.4,54.1,Fen", "QM19 9ZZ,2.1,54.1,")
    found = queries.find_postcode("qm1 1aa")
    assert (found.status, found.postcode) == (PostcodeStatus.FOUND, "QM1 1AA")
    assert found.place is not None
    assert (found.place.longitude, found.place.district) == (2.1, "Mere")
    assert queries.find_postcode("QM1 9XX").status is PostcodeStatus.UNKNOWN
    assert queries.find_postcode("QM1 2BB").status is PostcodeStatus.OUTSIDE
    assert queries.find_postcode("QM4 1AA").status is PostcodeStatus.UNKNOWN
    assert queries.find_postcode("the park").status is PostcodeStatus.NOT_A_POSTCODE


def test_an_absent_postcode_is_outside_only_where_every_neighbour_is(tmp_path: Path) -> None:
    load(tmp_path, "postcode", "ZZ9 1AA,3.4,54.1,Far", "ZZ8 1AA,3.4,54.1,", "ZZ8 1AB,2.1,54.1,")
    assert queries.find_postcode("ZZ9 2BB").status is PostcodeStatus.UNKNOWN  # no boundary yet
    load_force(tmp_path)
    assert queries.find_postcode("ZZ9 2BB").status is PostcodeStatus.OUTSIDE
    assert queries.find_postcode("ZZ8 2BB").status is PostcodeStatus.UNKNOWN


@pytest.mark.parametrize(
    "typed", ["St Peter's Street", "st  PETERS st", "Saint Peter’s", "saint peters street, mere"]
)
def test_a_street_is_found_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    load(tmp_path, "street", "St Peter'S Street,2.1,54.1,Mere", "Other Road,2.1,54.1,Mere")
    assert names(typed) == ["St Peter's Street"]


def test_whole_names_come_before_starts_before_words_inside(tmp_path: Path) -> None:
    rows = ["Old Park,2.1,54.1,", "Park Lane,2.1,54.1,", "Park,2.1,54.1,", "Parkway,2.1,54.1,"]
    load(tmp_path, "street", *rows)
    assert names("park") == ["Park", "Park Lane", "Parkway", "Old Park"]
    assert names("park", limit=2) == ["Park", "Park Lane"]
    assert names("park", limit=0) == []


def test_points_of_one_street_are_one_place_and_two_towns_are_two(tmp_path: Path) -> None:
    near, far = "High Street,2.1000,54.1,Mere", "High Street,2.3,54.3,Mere"
    load(tmp_path, "street", near, "High Street,2.1005,54.1,Mere", far)
    load(tmp_path, "town", "Sallow,2.1,54.1,Mere", "Withy,2.3,54.3,Mere")
    labels = {place.label for place in queries.find_places("high st").places}
    assert labels == {"High Street, Sallow, Mere", "High Street, Withy, Mere"}
    in_withy = queries.find_places("high street, withy")
    assert [place.town for place in in_withy.places] == ["Withy"]
    assert not in_withy.town_unknown


def test_a_town_that_narrows_to_nothing_is_said(tmp_path: Path) -> None:
    load(tmp_path, "street", "Mallow Street,2.1,54.1,Mere", "Mallow Street,2.3,54.3,Fen")
    elsewhere = queries.find_places("mallow st, London")
    assert len(elsewhere.places) == 2
    assert elsewhere.town_unknown
    assert not queries.find_places("mallow st").town_unknown
    assert not queries.find_places("mallow st,").town_unknown
    assert not queries.find_places("no such road, London").town_unknown


def test_a_town_among_other_words_narrows_and_the_whole_area_does_not(tmp_path: Path) -> None:
    load(tmp_path, "street", "Mallow Street,2.1,54.1,Mere", "Mallow Street,2.3,54.3,Fen")
    for typed in ("mallow street, fen, mereshire", "mallow street, 4 the flats, fen"):
        found = queries.find_places(typed, area_name="Mereshire")
        assert [place.district for place in found.places] == ["Fen"]
    whole = queries.find_places("mallow street, Mereshire", area_name="Mereshire")
    assert (len(whole.places), whole.town_unknown) == (2, False)


def test_that_there_are_more_than_were_asked_for_is_said(tmp_path: Path) -> None:
    load(tmp_path, "street", *(f"Elm {name},2.1,54.1,Mere" for name in ("Row", "Lane", "Way")))
    assert queries.find_places("elm", 2).more
    assert not queries.find_places("elm", 3).more


@pytest.mark.parametrize("typed", ["", "%", "_", "'; DROP TABLE", "\x00", "x" * 1_000_000])
def test_nothing_typed_breaks_the_search(tmp_path: Path, typed: str) -> None:
    load(tmp_path, "street", "High Street,2.1,54.1,Mere")
    assert names(typed) == []


def test_the_nearest_name_is_within_reach_or_none(tmp_path: Path) -> None:
    load(tmp_path, "street", "Near,2.1000,54.1,", "Nearer,2.1001,54.1,")
    place = queries.nearest_named(2.10012, 54.1)
    assert place is not None
    assert place.name == "Nearer"
    assert queries.nearest_named(2.2, 54.1) is None
    assert [one.name for one in queries.streets_around(2.1, 54.1, 0.2)] == ["Near", "Nearer"]


def test_the_boundary_tells_inside_from_outside(tmp_path: Path) -> None:
    load_force(tmp_path)
    assert queries.inside_force_area(2.2, 54.2) is True
    assert queries.inside_force_area(2.0, 54.2) is True
    assert queries.inside_force_area(2.5, 54.2) is False


def test_districts_are_named_and_found(tmp_path: Path) -> None:
    east = [[x + 0.4, y] for x, y in SQUARE]
    load_force(tmp_path, geojson(("West", SQUARE), ("East", east)), kind="district")
    assert [area.name for area in queries.districts()] == ["East", "West"]
    assert queries.district_of(2.7, 54.1) == "East"
    assert queries.force_boundary() is None


def test_a_newer_load_takes_the_place_of_its_source_only(tmp_path: Path) -> None:
    load(tmp_path, "street", "Old Road,2.1,54.1,Mere")
    load(tmp_path, "town", "Sallow,2.1,54.1,Mere")
    before = queries.version()
    load(tmp_path, "street", "New Road,2.1,54.1,Mere")
    assert names("road") == ["New Road"]
    assert names("sallow") == ["Sallow"]
    assert queries.version() != before


def test_a_newer_boundary_is_seen_at_once(tmp_path: Path) -> None:
    load_force(tmp_path)
    assert queries.inside_force_area(2.5, 54.2) is False
    load_force(tmp_path, geojson(("Mereshire", [[x + 0.4, y] for x, y in SQUARE])))
    assert queries.inside_force_area(2.5, 54.2) is True


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, "street", "High Street,2.1,54.1,Mere")
    load_force(tmp_path)
    before = queries.version()
    assert load(tmp_path, "street", "High Street,2.1,54.1,Mere").unchanged
    assert load_force(tmp_path).unchanged
    assert queries.version() == before


def test_a_failed_load_leaves_the_older_one(tmp_path: Path) -> None:
    load(tmp_path, "street", "High Street,2.1,54.1,Mere")
    with pytest.raises(GazetteerFileError, match="nothing in the file can be kept"):
        load(tmp_path, "street", "Low Street,abc,54.1,Mere")
    assert names("street") == ["High Street"]


def test_bad_rows_are_counted_by_reason_and_the_others_kept(tmp_path: Path) -> None:
    report = load(
        tmp_path,
        "street",
        "Good Road,2.1,54.1,Mere",
        ",2.1,54.1,Mere",
        "No Point,,,Mere",
        "Grid Road,530000,180000,Mere",
        "Infinite Road,inf,54.1,Mere",
        "Short Road,2.1",
        "Bell\x07 Road,2.1,54.1,Mere",
        f"{'x' * 201},2.1,54.1,Mere",
        '"Open Road,2.1,54.1,Mere',
    )
    assert report.kept == Entry.objects.count() == 1
    assert report.read == 9
    assert sum(report.refused.values()) == 8
    assert report.refused["a longitude, latitude or weight is not a number"] == 2


def test_postcodes_of_no_shape_and_second_copies_are_refused(tmp_path: Path) -> None:
    report = load(tmp_path, "postcode", "QM1 1AA,2.1,54.1,", "qm11aa,2.1,54.1,", "Mere,2.1,54.1,")
    assert report.kept == 1
    assert set(report.refused) == {
        "the postcode occurs twice",
        "the postcode does not have the shape of one",
    }


def test_a_gzip_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "streets.csv.gz"
    path.write_bytes(
        gzip.compress("\ufeffname,lon,lat,district\nQuay,2.1,54.1,Mere\n".encode(), mtime=0)
    )
    report = operations.load_entries(path=path, kind="street", columns=COLUMNS, **BY)
    assert report.kept == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "there is no column “name”; the columns are none"),
        (b"street,lon\n", "there is no column “name”; the columns are street, lon"),
        (b"name,lon,lat,district\n", "it has no rows"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (gzip.compress(b"name,lon,lat,district\n" * 999, mtime=0)[:-20], "cut short"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_one_clear_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(content)
    with pytest.raises(GazetteerFileError, match=sentence):
        operations.load_entries(path=path, kind="street", columns=COLUMNS, **BY)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({**COLUMNS, "colour": "x"}, "“colour” is not one of our columns"),
        ({"name": "name"}, "which column holds the longitude"),
    ],
)
def test_a_column_map_that_cannot_be_used_is_refused(
    tmp_path: Path, columns: dict[str, str], sentence: str
) -> None:
    with pytest.raises(GazetteerFileError, match=sentence):
        load(tmp_path, "street", "High Street,2.1,54.1,Mere", columns=columns)


@pytest.mark.parametrize(
    ("text", "choices", "sentence"),
    [
        ("not json", {}, "not GeoJSON"),
        ("[]", {}, "not GeoJSON"),
        ('{"features": [1]}', {}, "not GeoJSON"),
        ("", {"name_field": "title"}, "no area has a field “title”; the fields are name"),
        ("", {"only": "Fenshire"}, "no area is named “Fenshire”"),
        (geojson(("Mere", [[530000, 180000], [540000, 180000], [540000, 190000]])), {}, "degrees"),
        ('{"features": [{"properties": {"name": "a"}, "geometry": null}]}', {}, "outline cannot"),
        (
            '{"features": [{"properties": {"name": "a"}, '
            '"geometry": {"type": "Point", "coordinates": [2.1, 54.1]}}]}',
            {},
            "not an area",
        ),
    ],
)
def test_a_file_that_is_no_boundary_is_one_clear_sentence(
    tmp_path: Path, text: str, choices: dict[str, str], sentence: str
) -> None:
    with pytest.raises(GazetteerFileError, match=sentence):
        load_force(tmp_path, text, **choices)
    assert not Boundary.objects.exists()


def test_one_area_of_a_national_file_can_be_chosen(tmp_path: Path) -> None:
    far = [[x + 3, y] for x, y in SQUARE]
    load_force(tmp_path, geojson(("Mereshire", SQUARE), ("Fenshire", far)), only="Mereshire")
    assert Boundary.objects.get().name == "Mereshire"


def test_the_islands_of_one_area_are_joined(tmp_path: Path) -> None:
    island = [[x + 1, y] for x, y in SQUARE]
    load_force(tmp_path, geojson(("Mereshire", SQUARE), ("Mereshire", island)))
    assert queries.inside_force_area(2.1, 54.1) is True
    assert queries.inside_force_area(3.1, 54.1) is True


def test_an_outline_that_touches_itself_is_mended(tmp_path: Path) -> None:
    spike = [*SQUARE[:2], [2.6, 54.0], *SQUARE[1:]]
    load_force(tmp_path, geojson(("Mereshire", spike)))
    assert queries.inside_force_area(2.05, 54.2) is True
    assert queries.inside_force_area(2.5, 54.0) is False


BOW_TIE = [[2.0, 54.0], [2.4, 54.4], [2.4, 54.0], [2.0, 54.4], [2.0, 54.0]]
METRES = [[530000.0, 180000.0], [540000.0, 180000.0], [540000.0, 190000.0], [530000.0, 180000.0]]


@pytest.mark.parametrize(
    ("ring", "sentence"),
    [
        ([[y, x] for x, y in SQUARE], "the longitude and latitude are swapped"),
        ([[x + 40, y] for x, y in SQUARE], "the point is outside the United Kingdom"),
        (METRES, "not in degrees of longitude and latitude"),
        (BOW_TIE, "the outline crosses itself, so its area cannot be told"),
    ],
)
def test_an_outline_that_cannot_be_right_leaves_the_older_one(
    tmp_path: Path, ring: list[list[float]], sentence: str
) -> None:
    load_force(tmp_path)
    with pytest.raises(GazetteerFileError, match=sentence):
        load_force(tmp_path, geojson(("Mereshire", ring)))
    assert queries.inside_force_area(2.1, 54.1) is True


@pytest.mark.parametrize(
    "name",
    ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "epsg:4326"],
)
def test_a_file_that_says_it_is_in_degrees_is_loaded(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    text = json.dumps({**json.loads(geojson(("Mereshire", SQUARE))), "crs": crs})
    assert load_force(tmp_path, text).kept == 1


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        {"type": "link", "properties": {"href": "somewhere"}},
        "EPSG:27700",
    ],
)
def test_a_file_of_another_grid_is_refused(tmp_path: Path, crs: object) -> None:
    text = json.dumps({**json.loads(geojson(("Mereshire", SQUARE))), "crs": crs})
    with pytest.raises(GazetteerFileError, match=r"its coordinates are in .*EPSG:4326"):
        load_force(tmp_path, text)


def test_a_place_that_cannot_be_right_is_refused_by_its_reason(tmp_path: Path) -> None:
    rows = ["Good,2.1,54.1,", "Swapped,54.1,2.1,", "Far,10,54.1,", "Grid,530000,180000,"]
    assert set(load(tmp_path, "street", *rows).refused) == {
        "the longitude and latitude are swapped",
        "the point is outside the United Kingdom",
        "the position is not in degrees of longitude and latitude (WGS 84)",
    }


def test_the_licence_line_of_each_source_is_kept(tmp_path: Path) -> None:
    load_force(tmp_path, attribution="Contains OS data")
    assert [one.attribution for one in queries.loaded_sources()] == ["Contains OS data"]
    assert Load.objects.get().loaded_by == "command line"


def test_each_load_that_changed_something_is_one_audit_row(tmp_path: Path) -> None:
    for _ in range(2):
        load(tmp_path, "street", "High Street,2.1,54.1,Mere")
    (event,) = AuditEvent.objects.all()
    assert (event.action, event.subject_id) == ("data imported", "gazetteer:street")
    assert event.detail["kept"] == 1


def test_without_its_audit_row_nothing_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuse)
    with pytest.raises(RuntimeError, match="no audit"):
        load(tmp_path, "street", "High Street,2.1,54.1,Mere")
    assert not Entry.objects.exists()
