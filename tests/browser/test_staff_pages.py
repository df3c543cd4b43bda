"""The unit's pages: everyone can use them, also on a phone, also without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PAGES = (
    "",
    "reports/",
    "places/",
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
