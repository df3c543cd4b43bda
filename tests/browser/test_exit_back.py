"""Whoever presses Back after somebody left sees nothing of ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisit
from tests.browser.leaving import LATER_PAGE, NEUTRAL, STATIC_PAGE, gone, open_page
from tests.servers import Servers

pytestmark = pytest.mark.browser

# Counts the frames in which our page shows words: on a fresh visit, and when gone back to.
WATCH_FRAMES = """
if (location.port) {
  const back = performance.getEntriesByType('navigation')[0].type === 'back_forward';
  const name = back ? 'frames_gone_back_to' : 'frames';
  sessionStorage[name] = sessionStorage[name] || 0;
  (function watch() {
    if (document.body && document.body.innerText.trim()) sessionStorage[name]++;
    requestAnimationFrame(watch);
  })();
  addEventListener('pageshow', e => {
    if (e.persisted) sessionStorage.frames_gone_back_to = sessionStorage.frames_gone_back_to || 0;
  });
}
"""


def test_back_after_leaving_leaves_again(new_visit: NewVisit, servers: Servers) -> None:
    """The page left is not in the history; the pages before it leave again when gone back to."""
    page = open_page(new_visit(), servers, STATIC_PAGE)
    page.goto(servers.public + LATER_PAGE)
    page.keyboard.press("Escape")
    gone(page)

    page.evaluate("history.back()")
    page.wait_for_timeout(700)

    assert page.url == NEUTRAL
    assert page.evaluate("history.length") <= 3


def test_a_page_gone_back_to_is_never_painted(new_visit: NewVisit, servers: Servers) -> None:
    """Every frame of every page is watched; after leaving, none may hold a word of ours."""
    visit = new_visit()
    visit.context.add_init_script(WATCH_FRAMES)
    page = open_page(visit, servers, STATIC_PAGE)
    page.goto(servers.public + LATER_PAGE)
    page.wait_for_timeout(200)
    assert int(page.evaluate("sessionStorage.frames")) > 0, "the watch does not see our pages"
    page.keyboard.press("Escape")
    gone(page)

    page.evaluate("history.back()")
    page.wait_for_timeout(700)
    page.goto(servers.public + "/healthz")

    assert page.evaluate("sessionStorage.frames_gone_back_to") == "0"


def test_back_after_a_mistake_never_shows_our_address(
    new_visit: NewVisit, servers: Servers
) -> None:
    """A page that answered a POST would be asked for again by Back, at our address."""
    page = open_page(new_visit(), servers, "/report/place/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    find = page.get_by_label("Where is the place?")
    find.fill("Nowhere Avenue")
    page.get_by_role("button", name="Find this place").click()
    expect(page.get_by_role("alert")).to_contain_text("We know no place of that name")
    assert page.title().startswith("Error: ")
    expect(find).to_have_value("Nowhere Avenue")
    page.get_by_role("button", name="Say it in my own words").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where exactly is it")
    page.keyboard.press("Escape")
    gone(page)

    for _ in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(700)
        assert page.url == NEUTRAL
        assert page.title() == "Weather"


def test_coming_back_by_typing_the_address_works(new_visit: NewVisit, servers: Servers) -> None:
    page = open_page(new_visit(), servers, "/")
    page.keyboard.press("Escape")
    gone(page)

    page.goto(servers.public + "/")
    page.reload()

    assert page.url == servers.public + "/"
    expect(page.get_by_role("link", name="Leave this site")).to_be_visible()
