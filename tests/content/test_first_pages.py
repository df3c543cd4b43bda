"""The first two pages: what they claim, where they lead, and that nobody's edits are lost."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.conf import settings
from django.urls import resolve

from safehold.content.models import GuidancePage, HomePage
from safehold.content.operations import republish_pages, seed_pages
from safehold.domain.access import Role
from safehold.domain.force import Claims, Force
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from tests.desk import member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY = System("test")


def seeded(force: Force | None = None) -> dict[str, str]:
    seed_pages(force=force or settings.FORCE, by=BY, at=AT)
    return {page.path: page.html.decode() for page in queries.all_current()}


class Reader(HTMLParser):
    """Collects the addresses, identifiers and headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.identifiers: set[str] = set()
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.targets.append(str(given["href"]))
        if given.get("id"):
            self.identifiers.add(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


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
    assert "Talk to someone else" not in home
    assert 'href="tel:999"' in home


def test_no_figure_stands_on_a_page() -> None:
    # No measure is published yet, so any share or count would be made up.
    for html in seeded().values():
        text = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.S)
        assert not re.search(r"\d+ ?(%|per cent|of \d+)", text)


def test_every_link_leads_somewhere_that_is_there() -> None:
    pages = seeded()
    for html in pages.values():
        read = Reader(html)
        assert len(read.targets) > 6
        for target in read.targets:
            path, _, part = target.partition("#")
            if target.startswith("tel:"):
                assert re.fullmatch(r"tel:\d{3,}", target)
            elif path in pages or not path:
                assert not part or part in Reader(pages.get(path, html)).identifiers
            else:
                assert resolve(path)


def test_headings_step_down_one_at_a_time() -> None:
    for html in seeded().values():
        levels = [int(tag[1]) for tag in Reader(html).headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_seeding_again_changes_nothing() -> None:
    before = seeded()
    rows, edition = AuditEvent.objects.count(), queries.current_version()
    revisions = GuidancePage.objects.get().revisions.count()
    assert seeded() == before
    assert (AuditEvent.objects.count(), queries.current_version()) == (rows, edition)
    assert GuidancePage.objects.get().revisions.count() == revisions


def test_a_page_that_nobody_edited_follows_the_profile() -> None:
    seeded()
    renamed = replace(settings.FORCE, unit_name="Unit for Safe Homes")
    assert "Unit for Safe Homes" in seeded(renamed)["/what-we-are-doing/"]


def test_a_page_that_somebody_edited_is_left_alone() -> None:
    seeded()
    editor = member(Role.EDITOR)
    page = GuidancePage.objects.get()
    page.introduction = "In our own words."
    page.save_revision(user=editor).publish(user=editor)
    doing = seeded(replace(settings.FORCE, unit_name="Unit for Safe Homes"))["/what-we-are-doing/"]
    assert "In our own words." in doing
    assert "Unit for Safe Homes" not in doing


def test_a_draft_that_waits_is_neither_shown_nor_lost_by_seeding() -> None:
    seeded()
    page = GuidancePage.objects.get()
    page.introduction = "Not yet."
    page.save_revision(user=member(Role.EDITOR))
    assert "Not yet." not in seeded()["/what-we-are-doing/"]
    assert GuidancePage.objects.get().get_latest_revision_as_object().introduction == "Not yet."


def test_new_chrome_reaches_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    seeded()
    assert republish_pages(by=BY, at=AT) == 0
    monkeypatch.setattr("safehold.design.chrome.PRACTICE", "Practice. Call 999 in danger")
    assert republish_pages(by=BY, at=AT) == 2
    assert all(b"Practice. Call 999" in page.html for page in queries.all_current())


def test_wagtail_leaves_no_page_of_its_own() -> None:
    seeded()
    assert HomePage.objects.get().get_siblings().count() == 1
