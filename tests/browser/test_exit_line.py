"""Leaving on a slow line, on one that breaks, and on none."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Playwright, Route

from tests.browser.conftest import FLAGS, NEUTRAL_PAGE, NewVisit, _chromium
from tests.browser.leaving import LATER_PAGE, STATIC_PAGE, gone, hold_the_neutral_page, open_page
from tests.servers import Servers

pytestmark = pytest.mark.browser

# Counts the frames after the key in which the page shows words.
WATCH_AFTER_THE_KEY = """
if (location.port) addEventListener('keydown', () => {
  sessionStorage.looked = sessionStorage.seen = 0;
  requestAnimationFrame(function watch() {
    sessionStorage.looked++;
    if (document.body && document.body.innerText.trim()) sessionStorage.seen++;
    requestAnimationFrame(watch);
  });
}, true);
"""


def test_a_second_escape_does_not_cancel_the_leaving(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    waiting = hold_the_neutral_page(visit)
    page = open_page(visit, servers, "/")

    page.keyboard.press("Escape")
    for _ in range(5):
        page.wait_for_timeout(100)
        page.keyboard.press("Escape")

    assert len(waiting) == 1, "the load was cancelled or begun again"
    waiting[0].fulfill(status=200, content_type="text/html", body="<title>Weather</title>")
    gone(page)


def test_leaving_is_tried_again_where_it_did_not_happen(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit()
    waiting = hold_the_neutral_page(visit)
    page = open_page(visit, servers, "/")
    page.keyboard.press("Escape")
    page.wait_for_timeout(3_500)

    assert len(waiting) == 2
    waiting[-1].fulfill(status=200, content_type="text/html", body="<title>Weather</title>")
    gone(page)


def test_offline_the_page_is_blank_at_once(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    page = open_page(visit, servers, "/report/place/")
    page.evaluate("document.cookie = 'k=half;path=/'")
    visit.context.unroute_all()
    visit.context.set_offline(True)

    page.keyboard.press("Escape")
    page.wait_for_timeout(500)

    assert servers.public not in page.url, "the address bar still names us"
    assert "place" not in page.evaluate("document.documentElement.innerText").lower()
    assert visit.context.cookies(servers.public) == []


@pytest.fixture
def stubborn(playwright: Playwright) -> Iterator[Browser]:
    """A browser that loads a page again by itself when the network returns, as people's do."""
    flags = [*FLAGS, "--enable-auto-reload"]
    chromium = playwright.chromium.launch(executable_path=_chromium(), args=flags)
    yield chromium
    chromium.close()


def test_back_while_offline_leaves_again_when_the_network_returns(
    stubborn: Browser, servers: Servers
) -> None:
    """The browser calls such a load a new visit; who types our address then is let in."""
    context = stubborn.new_context()
    page = context.new_page()
    page.goto(servers.public + STATIC_PAGE)
    page.goto(servers.public + LATER_PAGE)
    context.set_offline(True)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.go_back()

    context.route("https://**/*", _answer_as_the_neutral_page)
    context.set_offline(False)

    gone(page)
    page.goto(servers.public + LATER_PAGE)
    page.wait_for_timeout(500)
    assert page.url == servers.public + LATER_PAGE


def _answer_as_the_neutral_page(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)


def test_escape_works_before_the_page_has_arrived(new_visit: NewVisit, servers: Servers) -> None:
    """On a slow line the style sheet hangs; the script is inline, so the key works already."""
    visit = new_visit()
    visit.context.route("**/*.css", lambda route: None)
    page = visit.page
    page.goto(servers.public + "/", wait_until="commit")
    page.locator("html.js").wait_for(state="attached")

    started = time.monotonic()
    page.keyboard.press("Escape")
    gone(page)

    assert time.monotonic() - started < 2


def test_what_is_still_arriving_is_not_shown_after_leaving(
    new_visit: NewVisit, servers: Servers
) -> None:
    """On a slow line the key is pressed in the middle of the page: the rest must not follow."""
    visit = new_visit()
    visit.context.add_init_script(WATCH_AFTER_THE_KEY)
    page = visit.page
    line = visit.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": 1_500})
    hold_the_neutral_page(visit)
    page.goto(servers.public + "/", wait_until="commit")
    page.locator("html.js").wait_for(state="attached")

    page.keyboard.press("Escape")
    page.wait_for_timeout(2_000)
    line.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    page.goto(servers.public + "/healthz")

    assert page.evaluate("[sessionStorage.looked > 9, sessionStorage.seen]") == [True, "0"]
