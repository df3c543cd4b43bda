"""The unit's pages: everyone can use them, also on a phone, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.leaving import NEUTRAL
from tests.browser.people import Officer
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PAGES = (
    "",
    "reports/",
    "places/",
    "publication/",
    "services/",
    "services/new/",
    "agencies/",
    "agencies/new/",
    "shares/",
    "hotspots/",
    "looks/",
    "trouble/",
    "account/",
    "account/password/",
)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_every_page_of_the_desk_is_usable(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], phone: bool
) -> None:
    visit = new_visit(phone=phone)
    officer = Officer(visit, servers, accessible)
    officer.signs_in("supervisor")

    for path in PAGES:
        answer = visit.page.goto(f"{servers.staff}/staff/{path}")
        assert answer is not None
        assert answer.status == 200, path
        accessible(visit.page)
        wide = visit.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{path} scrolls sideways by {wide} px"
    assert not visit.outside


def test_the_hot_spot_table_is_whole_and_sorts_without_javascript(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    visit = new_visit(scripts=False)
    officer = Officer(visit, servers, accessible)
    officer.signs_in("analyst")
    page = visit.page
    page.goto(f"{servers.staff}/staff/hotspots/")

    expect(page.locator("section svg").first).to_be_visible()
    accessible(page)
    table = page.get_by_role("table").first
    expect(table).to_be_visible()
    table.get_by_role("link", name="Place").click()
    page.wait_for_load_state("load")

    heads = page.get_by_role("columnheader", name="Place")
    expect(heads).to_have_attribute("aria-sort", "ascending")
    named = page.get_by_role("table").first.get_by_role("rowheader").all_inner_texts()
    assert len(named) > 5
    assert named == sorted(named), "the link in the head of the table does not sort"


def test_no_key_leaves_a_staff_page_and_the_button_does(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    """Keys belong to the officer's other tools; leaving signs out, so that Back opens nothing."""
    visit = new_visit()
    Officer(visit, servers, accessible).signs_in("standards")
    page = visit.page
    page.goto(f"{servers.staff}/staff/reports/")
    for key in ("Escape", "Escape", "Shift", "Shift", "Shift"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")

    page.get_by_role("button", name="Leave").click()

    page.wait_for_url(NEUTRAL)
    page.evaluate("history.back()")
    page.wait_for_timeout(700)
    expect(page.get_by_role("heading", name="Reports")).to_be_hidden()
    page.goto(f"{servers.staff}/staff/reports/")
    expect(page.get_by_label("Password")).to_be_visible()


def test_staying_signed_in_keeps_what_was_typed(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    """The warning comes by itself, is said aloud, and goes with one press."""
    visit = new_visit()
    Officer(visit, servers, accessible).signs_in("officer")
    page = visit.page
    page.goto(f"{servers.staff}/staff/reports/")
    page.get_by_label("Find by reference").fill("ABCD")
    warning = page.get_by_role("status").filter(has_text="Nothing was done here")
    expect(warning).to_be_hidden()

    page.evaluate("document.querySelector('.idle').getAnimations()[0].finish()")

    expect(warning).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Find by reference")).to_have_value("ABCD")

    visit.context.clear_cookies()
    page.evaluate("document.querySelector('.idle').getAnimations()[0].finish()")
    page.get_by_role("link", name="Stay signed in").click()
    expect(warning).to_contain_text("Copy what you typed")
