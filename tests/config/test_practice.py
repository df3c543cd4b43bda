"""The practice site: filled once, through the doors of real data, with truths that are found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as in_force

from safehold.analysis.hotspots import Basis, rank_cells
from safehold.config import practice
from safehold.config.environment import load_force
from safehold.config.practice import fill
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.intake.models import Draft, SealedReport
from safehold.records.open_data import queries as open_data
from safehold.records.snapshots import queries as snapshots
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import open_new_slips
from tests.config.practised import AT, FORCES, SEALED, TOLD, truth
from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

Fill = Callable[[], list[str]]


@pytest.fixture
def filled(settings: Any, tmp_path: Path, keys: Path) -> Fill:
    settings.OPEN_DATA = tmp_path / "open-data"

    def run() -> list[str]:
        said: list[str] = []
        fill(force=in_force.FORCE, data=tmp_path, at=AT, say=said.append)
        return said

    return run


def test_everything_is_there_and_the_planted_places_are_found(filled: Fill, tmp_path: Path) -> None:
    said = filled()
    assert len(said) == 7
    assert {"/", "/what-we-are-doing/", "/advice/at-home/"} < snapshots.published_paths()
    told = truth(tmp_path)
    _the_places_are_known(told)
    _the_hot_cells_are_ranked_first(told, tmp_path)
    _the_reports_are_sealed_and_open_to_the_unit(told)


def _the_places_are_known(told: dict[str, Any]) -> None:
    assert len(gazetteer.towns()) == 4
    assert len(gazetteer.districts()) == 4
    for place in told["hot_hours"]["places"]:
        assert gazetteer.inside_force_area(place["longitude"], place["latitude"])
        district = gazetteer.district_of(place["longitude"], place["latitude"])
        assert district == f"{place['town']} District"
    assert [place.town for place in gazetteer.find_places("station road, merehaven").places] == [
        "Merehaven"
    ]
    assert len(gazetteer.find_places("station road").places) == 4


def _the_hot_cells_are_ranked_first(told: dict[str, Any], folder: Path) -> None:
    hot = told["hot_cells"]
    points = open_data.point_counts(
        folder / "open-data",
        forces=["mereshire"],
        months=hot["months"],
        classes=[hot["crime_type"]],
    )
    ranked = rank_cells(
        points,
        basis=Basis(data="", area="", forces=(), classes=(), months=tuple(hot["months"])),
        resolution=hot["resolution"],
        area=gazetteer.force_boundary(),
    )
    best = [cell.cell for cell in ranked.cells[: len(hot["cells"])]]
    assert set(best) == set(hot["cells"])


def _the_reports_are_sealed_and_open_to_the_unit(told: dict[str, Any]) -> None:
    assert SealedReport.objects.using("intake").count() == SEALED
    assert not Draft.objects.using("intake").exists()
    open_new_slips(at=AT)
    assert TriageSlip.objects.count() == 48 + TOLD
    at_hot_places = sum(told["reports_by_place"].values())
    assert 20 < at_hot_places < 40


def test_a_report_that_cannot_be_sealed_leaves_none_behind(
    filled: Fill, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0
    send = practice._send

    def breaks_half_way(*args: Any, **kwargs: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == 20:
            raise OSError("the disk is full")
        send(*args, **kwargs)

    monkeypatch.setattr(practice, "_send", breaks_half_way)
    with pytest.raises(OSError, match="the disk is full"):
        filled()
    assert SealedReport.objects.using("intake").count() == 0


def test_a_force_that_exists_gets_its_pages_and_nothing_invented(
    settings: Any, tmp_path: Path
) -> None:
    settings.FORCE = load_force(FORCES / "hertfordshire.toml")
    fill(force=settings.FORCE, data=tmp_path, at=AT, say=lambda line: None)
    pages = {page.path: page.html.decode() for page in snapshots.all_current()}
    home, doing = pages["/"], pages["/what-we-are-doing/"]
    assert "Hertfordshire Constabulary" in home
    assert "08 088 088 088" in home
    assert "We cannot say yet when reports sent here are read." in home
    assert "Mere" not in home + doing
    assert not gazetteer.is_loaded()
    assert not SealedReport.objects.using("intake").exists()
    assert not (tmp_path / practice.FOLDER).exists()
