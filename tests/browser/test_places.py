"""What was done about a place reaches whoever told us: written, read by a second person, public.

The release itself is published in `tests/protection/test_publication.py`: the practice site has the
quarter published already, and a quarter is never published twice.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

DONE = "The rail company put in two lamps by the footbridge."


class Unit(Officer):
    """An officer or a supervisor at what the public reads about places."""

    def signs_in(self, name: str = "officer") -> None:
        """Sign in; the pages of that are looked at by `test_journey.py` and need no second look."""
        checked, self.accessible = self.accessible, lambda page: None
        super().signs_in(name)
        self.accessible = checked

    def opens_the_place(self, name: str) -> None:
        """Go to one place on the list."""
        self.page.goto(f"{self.servers.staff}/staff/places/")
        self.page.get_by_role("main").get_by_role("table").get_by_role("link", name=name).click()
        self.page.wait_for_load_state("load")

    def writes_down_what_was_done(self, owner: str, status: str, words: str) -> None:
        """Keep an answer on the place's page."""
        self.page.get_by_label("Whose matter is it?").select_option(label=owner)
        self.page.get_by_label("How far is it?").select_option(label=status)
        self.page.get_by_label("What was done, or why not").fill(words)
        self.page.get_by_role("button", name="Keep this answer").click()
        self.page.wait_for_load_state("load")

    def publishes_the_answer(self, place: str) -> None:
        """Read an answer that waits, say so, and publish it."""
        waits = self.page.get_by_role("article", name=place)
        waits.get_by_label("I have read it: no names, no times, nobody’s story.").check()
        waits.get_by_role("button", name="Publish this answer").click()
        self.page.wait_for_load_state("load")


def test_what_was_done_reaches_whoever_told_us(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    # Given an officer who knows what was done, and takes the time out when asked
    officer = Unit(new_visit(scripts=False), servers, accessible)
    officer.signs_in()
    officer.opens_the_place("Railway Station")
    officer.writes_down_what_was_done("Buses, trains or taxis", "Done", "Lit from 9pm since May.")
    officer.reads("Leave out the time of day")
    officer.writes_down_what_was_done("Buses, trains or taxis", "Done", DONE)
    expect(officer.page.get_by_role("main")).to_contain_text("Not published.")

    # When a supervisor sees what is held back, reads the answer and publishes it
    supervisor = Unit(new_visit(scripts=False), servers, accessible)
    supervisor.signs_in("supervisor")
    supervisor.page.get_by_role("banner").get_by_role("link", name="Publication").click()
    supervisor.reads("It is not a public place")
    supervisor.publishes_the_answer("Railway Station")

    # Then a visitor on a small phone without JavaScript reads it, list first
    visitor = Visitor(new_visit(scripts=False, phone=True), servers, accessible)
    page = visitor.page
    page.goto(f"{servers.public}/report/place/")
    visitor.follows("What people said about places, and what was done")
    visitor.sees("Places: what people said, and what was done")
    expect(page.get_by_role("main")).to_contain_text(DONE)
    expect(page.get_by_role("main")).to_contain_text("fewer than 5 reports")
    expect(page.get_by_role("img", name="The areas of the list on a map")).to_be_visible()
    assert page.content().index("<ol") < page.content().index('<svg class="map"')
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert visitor.holds_no_trace()

    # And so does whoever follows the feed
    feed = page.request.get(f"{servers.public}/places/answers.atom")
    assert DONE in feed.text()
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert not visitor.visit.outside
