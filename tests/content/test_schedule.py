"""Pages by the clock: set for a time, and brought up to date at every start."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from safehold.config import scheduler
from safehold.content.models import GuidancePage
from safehold.content.operations import publish_scheduled, seed_pages
from safehold.domain.access import Role
from safehold.domain.force import Phase
from safehold.records.audit.actors import System
from safehold.records.snapshots import queries
from tests.content.few import few
from tests.desk import member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def pages() -> None:
    seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=few(settings.FORCE))


def shown() -> str:
    found = {page.path: page.html.decode() for page in queries.all_current()}
    return found.get("/what-we-are-doing/", "")


def test_a_page_set_for_a_time_is_shown_then_and_not_before() -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    page.introduction = "From next week."
    page.go_live_at = timezone.now() + timedelta(days=7)
    page.save_revision(user=member(Role.EDITOR)).publish()
    publish_scheduled()
    assert "From next week." not in shown()
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    publish_scheduled()
    assert "From next week." in shown()


def test_a_page_set_to_end_is_taken_down() -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save()
    publish_scheduled()
    assert shown() == ""


def test_a_start_brings_the_chrome_up_to_date(settings: Any) -> None:
    settings.FORCE = replace(settings.FORCE, phase=Phase("Beta", date(2031, 1, 2)))
    scheduler.bring_pages_up_to_date(AT)
    assert "2 January 2031" in shown()


@pytest.mark.parametrize(("practice", "follows"), [(True, True), (False, False)])
def test_only_a_practice_site_publishes_first_words_by_itself(
    settings: Any, practice: bool, follows: bool
) -> None:
    settings.DEMONSTRATION = practice
    settings.FORCE = replace(settings.FORCE, unit_name="Unit for Safe Homes")
    scheduler.bring_pages_up_to_date(AT)
    assert ("Unit for Safe Homes" in shown()) is follows


def test_a_start_goes_on_where_a_page_cannot_be_drawn(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = shown()

    def broken(*_: object) -> str:
        raise RuntimeError("no such template")

    monkeypatch.setattr("safehold.content.rendering.html", broken)
    scheduler.bring_pages_up_to_date(AT)
    assert shown() == before
    assert "published pages could not be brought up to date" in caplog.text


def test_the_scheduler_knows_the_job() -> None:
    assert "publish scheduled pages" in {job.name for job in scheduler.jobs()}
