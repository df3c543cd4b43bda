"""The first pages: what they claim, where they lead, and that nobody's edits are lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings

from safehold.content.models import GuidancePage, HomePage
from safehold.content.operations import republish_pages, seed_pages
from safehold.domain.access import Role
from safehold.domain.force import Claims, Force, Phase
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from tests.content.few import few
from tests.desk import member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY = System("test")


def seeded(
    force: Force | None = None, slugs: tuple[str, ...] = ("home", "what-we-are-doing")
) -> dict[str, str]:
    force = force or settings.FORCE
    seed_pages(force=force, by=BY, at=AT, words=few(force, slugs))
    return {page.path: page.html.decode() for page in queries.all_current()}


def test_both_pages_are_published_and_say_what_they_should() -> None:
    pages = seeded()
    assert set(pages) == {"/", "/what-we-are-doing/"}
    assert "You have a right to feel safe, and to be safe" in pages["/"]
    for part in ("Prevention", "Protection", "Pursuit", "Preparation"):
        assert part in pages["/"]
        assert part in pages["/what-we-are-doing/"]
    for subject in (
        settings.FORCE.unit_name,
        "Operation Vigilant",
        "Operation Soteria",
        "Crown Prosecution Service",
        settings.FORCE.claims.partnership_name,
        "White Ribbon",
        "16 Days",
        "25 November to 10 December",
        "Men and boys",
        "not a crime",
    ):
        assert subject in pages["/what-we-are-doing/"]


def test_every_page_is_labelled_as_practice_and_never_names_the_software() -> None:
    for html in seeded().values():
        assert "Practice site. Nobody reads this. In danger: call 999" in html
        assert "safehold" not in html.lower()
        assert "wagtail" not in html.lower()


def test_a_page_claims_only_what_the_profile_says() -> None:
    silent = replace(settings.FORCE, claims=Claims())
    doing = seeded(silent)["/what-we-are-doing/"]
    for claim in ("White Ribbon", "Soteria", "Vigilant", "Crown Prosecution", "Safer Lives"):
        assert claim not in doing


def test_a_page_gives_no_number_that_the_profile_does_not_confirm() -> None:
    phones = replace(settings.FORCE.phones, all_hours=None, sarc=None, helplines=())
    home = seeded(replace(settings.FORCE, phones=phones))["/"]
    assert "Someone else" not in home
    assert 'href="tel:999"' in home


def test_seeding_again_changes_nothing() -> None:
    before = seeded()
    rows, edition = AuditEvent.objects.count(), queries.current_version()
    revisions = GuidancePage.objects.get(slug="what-we-are-doing").revisions.count()
    assert seeded() == before
    assert (AuditEvent.objects.count(), queries.current_version()) == (rows, edition)
    assert GuidancePage.objects.get(slug="what-we-are-doing").revisions.count() == revisions


def test_a_page_that_nobody_edited_follows_the_profile() -> None:
    seeded()
    renamed = replace(settings.FORCE, unit_name="Unit for Safe Homes")
    assert "Unit for Safe Homes" in seeded(renamed)["/what-we-are-doing/"]


def test_a_page_that_somebody_edited_is_left_alone() -> None:
    seeded()
    editor = member(Role.EDITOR)
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    page.introduction = "In our own words."
    page.save_revision(user=editor).publish(user=editor)
    doing = seeded(replace(settings.FORCE, unit_name="Unit for Safe Homes"))["/what-we-are-doing/"]
    assert "In our own words." in doing
    assert "Unit for Safe Homes" not in doing


def test_a_draft_that_waits_is_neither_shown_nor_lost_by_seeding() -> None:
    seeded()
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    page.introduction = "Not yet."
    page.save_revision(user=member(Role.EDITOR))
    assert "Not yet." not in seeded()["/what-we-are-doing/"]
    assert (
        GuidancePage.objects.get(slug="what-we-are-doing")
        .get_latest_revision_as_object()
        .introduction
        == "Not yet."
    )


def test_new_chrome_reaches_every_page(settings: Any) -> None:
    seeded()
    assert republish_pages(by=BY, at=AT) == 0
    settings.FORCE = replace(settings.FORCE, phase=Phase("Beta", date(2031, 1, 2)))
    assert republish_pages(by=BY, at=AT) == 2
    assert all(b"2 January 2031" in page.html for page in queries.all_current())


def test_wagtail_leaves_no_page_of_its_own() -> None:
    seeded()
    assert HomePage.objects.get().get_siblings().count() == 1
