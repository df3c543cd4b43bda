"""The practice site: filled once, through the doors of real data, with truths that are found."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as in_force
from django.test import Client

from safehold.analysis.hotspots import Basis, rank_cells
from safehold.config import practice
from safehold.config.environment import load_force
from safehold.config.practice import Filled, fill, filling_of, is_filled
from safehold.demonstration.earlier import AT_HOME
from safehold.demonstration.feedback import FEEDBACK
from safehold.records.audit.models import AuditEvent
from safehold.records.feedback.models import Feedback
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.incidents.models import Incident
from safehold.records.intake.models import Draft, SealedReport
from safehold.records.open_data import queries as open_data
from safehold.records.places.models import Place
from safehold.records.places_published import queries as published
from safehold.records.places_published.answers import waiting
from safehold.records.places_published.preparing import propose
from safehold.records.snapshots import queries as snapshots
from safehold.records.staff.demonstration import ensure_demo_members
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import open_new_slips
from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FORCES = Path(__file__).parents[2] / "forces"
TOLD = 8 + 1  # one names a linked person of the practice officer
SEALED = 48 + TOLD + len(FEEDBACK)
Fill = Callable[[], list[str]]


@pytest.fixture
def filled(settings: Any, tmp_path: Path, keys: Path) -> Fill:
    settings.OPEN_DATA = tmp_path / "open-data"

    def run() -> list[str]:
        said: list[str] = []
        fill(force=in_force.FORCE, data=tmp_path, at=AT, say=said.append)
        return said

    return run


def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / practice.FOLDER / "truth.json").read_text())


def test_everything_is_there_and_the_planted_places_are_found(filled: Fill, tmp_path: Path) -> None:
    said = filled()
    assert len(said) == 7
    assert {"/", "/what-we-are-doing/", "/advice/at-home/"} < snapshots.published_paths()
    told = truth(tmp_path)
    _the_places_are_known(told)
    _the_hot_cells_are_ranked_first(told, tmp_path)
    _the_reports_are_sealed_and_open_to_the_unit(told)


def test_the_practice_officer_has_decided_the_older_reports(
    filled: Fill, settings: Any, tmp_path: Path
) -> None:
    settings.SAFEHOLD_DATA = tmp_path
    ensure_demo_members(at=AT)

    filled()

    assert Incident.objects.exclude(report_id=None).count() == practice.DECIDED
    assert 1 < Place.objects.count() < practice.DECIDED, "a place that is known again is one place"
    waiting = TriageSlip.objects.filter(state="new")
    assert waiting.exclude(kind="place").count() == TOLD
    assert waiting.count() == SealedReport.objects.count() - len(FEEDBACK) - practice.DECIDED
    assert (
        waiting.filter(danger=True, kind="place").count()
        == len(truth(tmp_path)["reports_that_cannot_wait"]) - 1
    )


def test_feedback_is_sent_and_some_of_it_is_read(
    filled: Fill, settings: Any, tmp_path: Path
) -> None:
    settings.SAFEHOLD_DATA = tmp_path
    ensure_demo_members(at=AT)

    filled()

    assert Feedback.objects.count() == len(FEEDBACK)
    assert Feedback.objects.filter(state="new", danger=True).count() == 1, "one waits, unopened"
    noted = {row.note for row in Feedback.objects.filter(state="read")}
    assert noted == {said.note for said in FEEDBACK if said.note}


def test_one_quarter_about_places_is_published_with_something_held_back(
    filled: Fill, settings: Any, tmp_path: Path
) -> None:
    settings.SAFEHOLD_DATA = tmp_path
    ensure_demo_members(at=AT)

    said = filled()
    assert any(line.startswith("Places published") for line in said)
    shown = published.current()
    assert shown is not None
    assert shown.quarter == "2026-Q3"
    assert sum(len(area.cells) for area in shown.areas) >= 5
    assert len(published.answers()) == 3
    supervisor = StaffMember.objects.get(username="supervisor")
    found = propose(by=supervisor, at=AT)
    assert found.held_back
    assert sum(found.left_out.values()) >= AT_HOME
    (waits,) = waiting(by=supervisor)
    assert not waits.why_not

    (tmp_path / practice.NOTE).unlink()
    incidents = Incident.objects.count()
    filled()
    assert Incident.objects.count() == incidents


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


def test_filling_again_changes_nothing(filled: Fill) -> None:
    filled()
    rows = AuditEvent.objects.count()
    assert filled() == []
    assert AuditEvent.objects.count() == rows
    assert SealedReport.objects.using("intake").count() == SEALED


def test_filling_again_after_a_crash_repeats_nothing(filled: Fill, tmp_path: Path) -> None:
    filled()
    places = gazetteer.version()
    imports = AuditEvent.objects.filter(action="data imported").count()
    (tmp_path / practice.NOTE).unlink()
    filled()
    assert gazetteer.version() == places
    assert AuditEvent.objects.filter(action="data imported").count() == imports
    assert SealedReport.objects.using("intake").count() == SEALED


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


def test_one_folder_holds_one_force(filled: Fill, tmp_path: Path) -> None:
    filled()
    assert is_filled(tmp_path, filling_of(in_force.FORCE))
    other = load_force(FORCES / "hertfordshire.toml")
    with pytest.raises(Filled, match="set SAFEHOLD_DATA to another one"):
        fill(force=other, data=tmp_path, at=AT, say=lambda line: None)


def test_the_practice_film_and_easy_words_are_shown(
    filled: Fill, tmp_path: Path, settings: Any, client: Client
) -> None:
    """A change of either needs a new digest in the profile: `safehold languages` prints it."""
    filled()
    settings.SAFEHOLD_DATA = tmp_path
    html = client.get("/report/").content.decode()
    assert '<source src="/files/1.webm" type="video/webm">' in html
    assert html.count('href="/easy/') == 2
    assert b"Call 999 on the phone" in client.get("/easy/1/").content
