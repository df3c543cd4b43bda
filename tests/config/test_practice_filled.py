"""The practice site with its members, filled once for all that is asked of it here."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as in_force
from django.test import Client, override_settings

from safehold.config import practice
from safehold.config.environment import load_force
from safehold.config.practice import Filled, fill, filling_of, is_filled
from safehold.demonstration.earlier import AT_HOME
from safehold.demonstration.feedback import FEEDBACK
from safehold.records.audit.models import AuditEvent
from safehold.records.feedback.models import Feedback
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.incidents.models import Incident
from safehold.records.intake.models import SealedReport
from safehold.records.places.models import Place
from safehold.records.places_published import queries as published
from safehold.records.places_published.answers import waiting
from safehold.records.places_published.preparing import propose
from safehold.records.staff.demonstration import ensure_demo_members
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from tests.config.practised import AT, FORCES, SEALED, TOLD, truth
from tests.keys_for_tests import _made_once
from tests.stores import Stores, own_copy

__all__ = ["_made_once"]

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


@dataclass(frozen=True)
class Practised:
    """A folder that was filled, the keys that it was sealed to, and what was said meanwhile."""

    data: Path
    keys: Path
    said: list[str]

    def again(self) -> list[str]:
        """Fill once more, and return what was said."""
        said: list[str] = []
        fill(force=in_force.FORCE, data=self.data, at=AT, say=said.append)
        return said


@pytest.fixture(scope="module")
def once(
    django_db_setup: Stores,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    _made_once: Path,
) -> Iterator[Practised]:
    """Fill stores of this module's own; each test below works on them and is rolled back."""
    data = tmp_path_factory.mktemp("practice")
    keys = shutil.copytree(_made_once, tmp_path_factory.mktemp("practised") / "keys")
    keys.chmod(0o700)
    practised = Practised(data, keys, [])
    with django_db_blocker.unblock(), own_copy(django_db_setup):
        with override_settings(OPEN_DATA=data / "open-data", SAFEHOLD_DATA=data, KEYS_FOLDER=keys):
            ensure_demo_members(at=AT)
            practised.said.extend(practised.again())
        yield practised


@pytest.fixture(autouse=True)
def site(once: Practised, settings: Any, tmp_path: Path) -> Practised:
    """What was filled, in a folder of the test's own."""
    data = shutil.copytree(once.data, tmp_path / "data")
    settings.OPEN_DATA, settings.SAFEHOLD_DATA = data / "open-data", data
    settings.KEYS_FOLDER = once.keys
    return Practised(data, once.keys, once.said)


def test_the_practice_officer_has_decided_the_older_reports(site: Practised) -> None:
    assert Incident.objects.exclude(report_id=None).count() == practice.DECIDED
    assert 1 < Place.objects.count() < practice.DECIDED, "a place that is known again is one place"
    waiting = TriageSlip.objects.filter(state="new")
    assert waiting.exclude(kind="place").count() == TOLD
    assert waiting.count() == SealedReport.objects.count() - len(FEEDBACK) - practice.DECIDED
    assert (
        waiting.filter(danger=True, kind="place").count()
        == len(truth(site.data)["reports_that_cannot_wait"]) - 1
    )


def test_feedback_is_sent_and_some_of_it_is_read(site: Practised) -> None:
    assert Feedback.objects.count() == len(FEEDBACK)
    assert Feedback.objects.filter(state="new", danger=True).count() == 1, "one waits, unopened"
    noted = {row.note for row in Feedback.objects.filter(state="read")}
    assert noted == {said.note for said in FEEDBACK if said.note}


def test_one_quarter_about_places_is_published_with_something_held_back(site: Practised) -> None:
    assert any(line.startswith("Places published") for line in site.said)
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

    (site.data / practice.NOTE).unlink()
    incidents = Incident.objects.count()
    site.again()
    assert Incident.objects.count() == incidents


def test_filling_again_changes_nothing(site: Practised) -> None:
    rows = AuditEvent.objects.count()
    assert site.again() == []
    assert AuditEvent.objects.count() == rows
    assert SealedReport.objects.using("intake").count() == SEALED


def test_filling_again_after_a_crash_repeats_nothing(site: Practised) -> None:
    places = gazetteer.version()
    imports = AuditEvent.objects.filter(action="data imported").count()
    (site.data / practice.NOTE).unlink()
    site.again()
    assert gazetteer.version() == places
    assert AuditEvent.objects.filter(action="data imported").count() == imports
    assert SealedReport.objects.using("intake").count() == SEALED


def test_one_folder_holds_one_force(site: Practised) -> None:
    assert is_filled(site.data, filling_of(in_force.FORCE))
    other = load_force(FORCES / "hertfordshire.toml")
    with pytest.raises(Filled, match="set SAFEHOLD_DATA to another one"):
        fill(force=other, data=site.data, at=AT, say=lambda line: None)


def test_the_practice_film_and_easy_words_are_shown(client: Client) -> None:
    """A change of either needs a new digest in the profile: `safehold languages` prints it."""
    html = client.get("/report/").content.decode()
    assert '<source src="/files/1.webm" type="video/webm">' in html
    assert html.count('href="/easy/') == 2
    assert b"Call 999 on the phone" in client.get("/easy/1/").content
