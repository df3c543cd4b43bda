"""A visitor is asked once what more we may do, says no as easily as yes, and changes her mind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ASKS = "May we keep a little more?"
PAGE = "/what-we-are-doing/"  # a stored page: its block is chosen at the door


def names(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_no_is_as_easy_as_yes_and_can_be_changed(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given a first visit on a small phone: she is asked, and nothing is kept
    page = new_visit(scripts=scripts, phone=True).page
    page.goto(servers.public + PAGE)
    question = page.get_by_role("region", name=ASKS)
    expect(question).to_be_visible()
    assert names(page) == set()
    accessible(page)
    accept, reject = (page.get_by_role("button", name=name) for name in ("Accept", "Reject"))
    sizes = [(box["height"], box["y"]) for b in (accept, reject) if (box := b.bounding_box())]
    assert sizes[0][0] == sizes[1][0]
    assert accept.evaluate("b => getComputedStyle(b).backgroundColor") == reject.evaluate(
        "b => getComputedStyle(b).backgroundColor"
    )

    # When she says no
    reject.click()

    # Then she is told once, on the page where she was, and not asked again
    page.wait_for_url(servers.public + PAGE)
    expect(page.get_by_text("is saved").first).to_be_visible()
    expect(question).to_be_hidden()
    accessible(page)
    assert names(page) == {"c"}
    page.goto(servers.public + "/report/")
    expect(page.get_by_text("is saved")).to_be_hidden()
    expect(question).to_be_hidden()

    # And she changes her mind where everything stored is listed
    page.goto(servers.public + "/cookies/")
    group = page.get_by_role("group", name="May we count which pages are opened?")
    expect(group.get_by_label("No", exact=True)).to_be_checked()
    group.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_text("Your choice is saved.").first).to_be_visible()
    expect(group.get_by_label("Yes", exact=True)).to_be_checked()
    accessible(page)

    # And leaving forgets it
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.wait_for_timeout(300)
    assert "c" not in {cookie["name"] for cookie in page.context.cookies(servers.public)}


def test_a_browser_that_keeps_nothing_is_told_to_try_again(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    visit = new_visit()
    visit.page.goto(servers.public + PAGE)

    def drop_cookies(response) -> None:
        visit.context.clear_cookies()

    visit.page.on("response", drop_cookies)
    visit.context.route(
        "**/cookies/",
        lambda route: route.fulfill(status=303, headers={"Location": "/cookies/kept/"}),
    )
    visit.page.get_by_role("button", name="Accept").click()

    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("not")
    accessible(visit.page)
    assert "c" not in names(visit.page)
