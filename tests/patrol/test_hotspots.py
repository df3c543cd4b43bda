"""The hot spots of planted rows are the planted ones, and every row is accounted for."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape

from safehold.patrol import exports, hotspots, presenters
from safehold.patrol.hotspots import ChoiceError
from tests.patrol.conftest import VIOLENCE, load_areas, load_towns

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


def usual() -> hotspots.Choice:
    return hotspots.usual(hotspots.available())


def test_the_planted_places_come_first(crimes: Path, outlines: None) -> None:
    spots = hotspots.hot_spots(usual())
    assert [(cell.name, cell.count, cell.months_seen) for cell in spots.cells] == [
        ("Nightclub", 11, 2),
        ("Quay Lane", 4, 1),
    ]
    assert (spots.read, spots.outside, spots.without_coordinates) == (20, 3, 2)


def test_the_usual_choice_is_the_latest_months_of_violence(crimes: Path) -> None:
    choice = usual()
    assert choice.classes == (VIOLENCE,)
    assert (choice.first, choice.last) == ("2026-01", "2026-02")


def test_a_district_narrows_the_count(crimes: Path, outlines: None) -> None:
    spots = hotspots.hot_spots(replace(usual(), district="East"))
    assert [cell.name for cell in spots.cells] == ["Quay Lane"]
    assert spots.basis.area == "East"
    assert spots.outside == 14


def test_without_a_boundary_nothing_is_left_out_and_that_is_said(crimes: Path) -> None:
    spots = hotspots.hot_spots(usual())
    assert spots.outside == 0
    assert "no boundary is loaded" in presenters.accounting(spots)
    assert "<svg" in presenters.drawing(spots, presenters.rows(spots))


def test_a_new_import_and_a_new_outline_are_seen_at_once(
    crimes: Path, outlines: None, tmp_path: Path
) -> None:
    assert hotspots.hot_spots(usual()).counted == 15
    next(crimes.glob("*/*/2026-02.parquet")).unlink()
    assert hotspots.hot_spots(usual()).counted == 6
    load_areas(tmp_path, "force", {"Mereshire": (2.0, 3.0)})
    assert hotspots.hot_spots(usual()).counted == 9


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first": "2026-03", "last": "2026-01"}, "is after the last"),
        ({"first": "2020-01", "last": "2020-02"}, "the store holds 2026-01 to 2026-02"),
        ({"classes": ("Nonsense",)}, "“Nonsense” is not a class"),
        ({"classes": ()}, "Choose a class"),
        ({"forces": ("fenshire",)}, "The store holds only"),
        ({"district": "Atlantis"}, "No district named “Atlantis”"),
    ],
)
def test_a_choice_that_cannot_be_answered_is_one_clear_sentence(
    crimes: Path, outlines: None, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ChoiceError, match=sentence):
        hotspots.hot_spots(replace(usual(), **change))


def test_an_empty_store_is_one_clear_sentence(settings: Any, tmp_path: Path) -> None:
    settings.OPEN_DATA = tmp_path / "nothing"
    held = hotspots.available()
    assert held.is_empty
    choice = hotspots.Choice(forces=(), classes=(VIOLENCE,), first="2026-01", last="2026-01")
    with pytest.raises(ChoiceError, match="No street data is imported yet"):
        hotspots.hot_spots(choice)


def test_months_that_are_missing_are_said(crimes: Path) -> None:
    spots = hotspots.hot_spots(replace(usual(), last="2026-05"))
    assert presenters.period(spots.basis) == (
        "2026-01 to 2026-02; 3 other months asked for are not imported"
    )


def test_rows_are_sorted_by_any_column_and_an_unknown_one_is_the_rank(
    crimes: Path, outlines: None
) -> None:
    rows = presenters.rows(hotspots.hot_spots(usual()))
    by = {key: [row.rank for row in presenters.sort(rows, key)] for key in presenters.SORTS}
    assert by["place"] == [1, 2]
    assert by["district"] == [2, 1]
    assert by["count"] == [1, 2]
    assert [row.rank for row in presenters.sort(rows, "'; --")] == [1, 2]


def test_the_csv_carries_what_its_figures_stand_on(
    crimes: Path, outlines: None, settings: Any
) -> None:
    settings.FORCE = replace(settings.FORCE, demonstration=False)
    spots = hotspots.hot_spots(usual())
    text = exports.to_csv(spots, presenters.rows(spots))
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["place"], first["offences"]) == ("Nightclub, Sallow & Withy", "11")
    for row in (first, second):
        assert row["months"] == "2026-01; 2026-02"
        assert "never a day or an hour" in row["limits"]
        assert "Open Government Licence" in row["attribution"]
        assert row["data"] == hotspots.PUBLISHED


def test_what_was_made_up_is_called_so_and_has_no_licence(crimes: Path, outlines: None) -> None:
    spots = hotspots.hot_spots(usual())
    rows = presenters.rows(spots)
    assert spots.basis.attribution == ""
    for text in (
        exports.to_csv(spots, rows),
        exports.to_geojson(spots, rows),
        exports.to_html(spots, rows, district=""),
    ):
        assert hotspots.INVENTED in text
        assert "icence" not in text
        assert "as data.police.uk publishes it" not in text


def test_no_cell_of_the_csv_runs_in_a_spreadsheet(crimes: Path) -> None:
    spots = hotspots.hot_spots(usual())
    rows = [replace(row, place="=1+1") for row in presenters.rows(spots)]
    found = csv.DictReader(io.StringIO(exports.to_csv(spots, rows)))
    assert {row["place"] for row in found} == {"'=1+1"}


def test_the_geojson_holds_closed_cells_around_the_planted_points(
    crimes: Path, outlines: None
) -> None:
    spots = hotspots.hot_spots(usual())
    document = json.loads(exports.to_geojson(spots, presenters.rows(spots)))
    assert document["basis"]["counted"] == 15
    assert document["basis"]["limits"]
    nightclub = document["features"][0]
    assert shape(nightclub["geometry"]).contains(Point(2.10, 54.10))
    ring = nightclub["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        fetched = ("src", "href", "srcset", "data", "action", "poster", "background")
        self.found += [value or "" for name, value in attrs if name in fetched]


def test_the_html_file_needs_nothing_else_and_says_what_it_stands_on(
    crimes: Path, outlines: None
) -> None:
    spots = hotspots.hot_spots(usual())
    page = exports.to_html(spots, presenters.rows(spots))
    reader = _Addresses()
    reader.feed(page)
    assert reader.found
    assert all(address.startswith(("#", "data:")) for address in reader.found)
    assert not reader.tags & {"script", "img", "iframe", "object", "embed"}
    assert not re.search(r"@import|url\((?!#)", page)
    assert "Sallow &amp; Withy" in page
    for said in ("2026-01 to 2026-02", "20 rows read", "never a day or an hour", VIOLENCE):
        assert said in page


def test_links_of_the_map_lead_to_rows_that_exist(crimes: Path, outlines: None) -> None:
    spots = hotspots.hot_spots(usual())
    page = exports.to_html(spots, presenters.rows(spots.top(1)))
    targets = re.findall(r'<a href="#(cell-\w+)">', page)
    assert len(targets) == 1
    assert f'<tr id="{targets[0]}">' in page


def test_the_moving_map_has_every_cell_and_no_names_on_top_of_each_other(
    crimes: Path, outlines: None, tmp_path: Path
) -> None:
    load_towns(tmp_path, "Big,2.10,54.10,9000", "Close,2.11,54.10,500", "Far,2.30,54.30,100")
    spots = hotspots.hot_spots(usual())
    document = json.loads(exports.to_map_data(spots, presenters.rows(spots.top(1))))
    assert [cell["count"] for cell in document["cells"]] == [11, 4]
    assert [cell.get("rank") for cell in document["cells"]] == [1, None]
    assert [name["text"] for name in document["names"]] == ["Big", "Far"]
    assert len(document["lines"]) == 2
