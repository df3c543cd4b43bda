"""A report's cell is named by the town and the district that it lies in."""

from typing import Any

import h3
import pytest

from safehold.protection import areas
from safehold.records.gazetteer.queries import KnownPlace

CELL = h3.latlng_to_cell(54.1, 2.1, 8)


@pytest.fixture
def gazetteer(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answer for a cell what a test says; count how often it was asked."""
    answers: dict[str, Any] = {"town": "Mere", "district": "East", "version": "1", "asked": 0}

    def nearest_town(longitude: float, latitude: float) -> KnownPlace | None:
        answers["asked"] += 1
        assert (round(longitude, 1), round(latitude, 1)) == (2.1, 54.1)
        town = object.__new__(KnownPlace)
        object.__setattr__(town, "name", answers["town"])
        return town if answers["town"] else None

    monkeypatch.setattr(areas.gazetteer, "nearest_town", nearest_town)
    monkeypatch.setattr(areas.gazetteer, "district_of", lambda *point: answers["district"])
    monkeypatch.setattr(areas.gazetteer, "version", lambda: answers["version"])
    areas._area.cache_clear()
    return answers


@pytest.mark.parametrize(
    ("town", "district", "said"),
    [
        ("Mere", "East", "Mere, East"),
        ("Mere", "Mere District", "Mere"),
        ("Mere", "", "Mere"),
        ("", "East", "East"),
        ("", "", ""),
    ],
)
def test_town_then_district_once(gazetteer, town, district, said):
    gazetteer |= {"town": town, "district": district}
    assert areas.area_of(CELL) == said


@pytest.mark.parametrize("cell", ["", "no cell", "\x00"])
def test_what_is_no_cell_has_no_area(gazetteer, cell):
    assert areas.area_of(cell) == ""


def test_an_area_is_worked_out_once_until_the_gazetteer_changes(gazetteer):
    assert [areas.area_of(CELL) for _ in range(3)] == ["Mere, East"] * 3
    assert gazetteer["asked"] == 1
    gazetteer |= {"version": "2", "town": "Withy"}
    assert areas.area_of(CELL) == "Withy, East"
