"""The way out works on every page that there is, and whatever stands in its way.

Pages are found by walking the URL table and the published pages, so that a new one is held to this
without anybody's doing. Every condition is tried on four pages, and on all of them by night.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import FLAGS, NEUTRAL_PAGE, NewVisit, Visit, _chromium
from tests.browser.leaving import NEUTRAL, gone, hold_the_neutral_page
from tests.routes import public_addresses
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

QUESTION = "/report/1/"
BEGINS = "/report/place/"
NOT_THERE = "/no-such-page/"
# A stored page, a page with a form, a question under way, and one that is not there.
FOUR = ("/what-we-are-doing/", "/cookies/", QUESTION, NOT_THERE)
NOT_A_PAGE = ("/exit/", "/healthz")  # the way out itself, and what a monitor asks
WORDS = "document.body ? document.body.innerText.trim() : ''"
# What stands where the way out is: it must be the link itself, under nothing else.
ON_TOP = """
() => {
  const way = document.querySelector('[data-exit]'), box = way.getBoundingClientRect();
  const corners = [[4, 4], [box.width - 4, 4], [box.width / 2, box.height / 2],
    [4, box.height - 4], [box.width - 4, box.height - 4]];
  return corners.every(([x, y]) => {
    const at = document.elementFromPoint(box.left + x, box.top + y);
    return at && at.closest('[data-exit]') === way;
  }) && box.height >= 44 && box.bottom <= 56;
}
"""


def addresses(servers: Servers) -> list[str]:
    """Return every address of the public site: routes, published pages, and one that is not."""
    with closing(sqlite3.connect(servers.data / "intake.sqlite3")) as store:
        published = [path for (path,) in store.execute("SELECT path FROM snapshot")]
    assert published
    return sorted({*public_addresses(), *published, NOT_THERE} - {*NOT_A_PAGE})


def arrive(page: Page, servers: Servers, path: str) -> bool:
    """Open a page, beginning a report first where it is a question; tell whether it is a page."""
    if path == QUESTION:
        page.goto(servers.public + BEGINS)
        with page.expect_navigation():
            page.get_by_role("button", name="Start").click()
        return True
    answer = page.goto(servers.public + path)
    assert answer is not None
    return answer.header_value("content-type") == "text/html; charset=utf-8"


def test_one_escape_leaves_every_page(new_visit: NewVisit, servers: Servers) -> None:
    page = new_visit().page
    stayed, walked = [], 0

    for path in addresses(servers):
        if not arrive(page, servers, path):
            continue  # a picture, a feed
        walked += 1
        page.keyboard.press("Escape")
        try:
            page.wait_for_url(NEUTRAL, timeout=5_000)
        except Error:
            stayed.append(path)

    assert not stayed
    assert walked > 20


def test_without_a_script_the_way_out_is_first_on_every_page(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = new_visit(scripts=False, phone=True).page

    for path in addresses(servers):
        if arrive(page, servers, path):
            page.keyboard.press("Tab")
            first = page.evaluate("document.activeElement.getAttribute('href')")
            assert first == "/exit/", path


@contextmanager
def narrow_and_unasked(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """A small phone on a first visit: whatever asks about cookies is open."""
    page = new_visit(phone=True).page
    arrive(page, servers, path)
    for height in (0, 400, 10_000):
        page.evaluate(f"window.scrollTo(0, {height})")
        page.wait_for_timeout(50)
        assert page.evaluate(ON_TOP), f"something covers the way out, {height} px down"
    page.touchscreen.tap(160, 28)
    yield page


@contextmanager
def without_a_script(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """A browser that runs no script: the link leaves, and the cookies with it."""
    visit = new_visit(scripts=False)
    arrive(visit.page, servers, path)
    visit.page.get_by_role("link", name="Leave this site").click()
    yield visit.page
    gone(visit.page)
    assert visit.context.cookies(servers.public) == []


@contextmanager
def slow_line(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """A line of 20 KB/s and 400 ms: the key works before the page has come."""
    visit = new_visit()
    page = visit.page
    arrive(page, servers, path)
    line = visit.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", slow)
    page.reload(wait_until="commit")
    page.locator("html.js").wait_for(state="attached")
    page.keyboard.press("Escape")
    yield page


@contextmanager
def second_escape(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """A frightened second press while the neutral page is on its way."""
    visit = new_visit()
    waiting = hold_the_neutral_page(visit)
    arrive(visit.page, servers, path)
    for _ in range(3):
        visit.page.keyboard.press("Escape")
        visit.page.wait_for_timeout(50)
    assert len(waiting) == 1, "the load was cancelled or begun again"
    waiting[0].fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)
    yield visit.page


@contextmanager
def offline(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """No line at all: blank at once, half of the key gone, and away when the line is back."""
    visit = new_visit()
    arrive(visit.page, servers, path)
    visit.context.route(NEUTRAL, lambda route: route.abort("internetdisconnected"))
    visit.context.set_offline(True)
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_timeout(200)
    assert "Mereshire" not in _words_of(visit.page)
    assert "k" not in {cookie["name"] for cookie in visit.context.cookies(servers.public)}
    visit.context.unroute(NEUTRAL)
    visit.context.set_offline(False)
    yield visit.page


def _words_of(page: Page) -> str:
    """Read what stands on a page that tries to go elsewhere, and may do so while it is read."""
    for _ in range(5):
        with suppress(Error):
            return str(page.evaluate(WORDS))
        page.wait_for_timeout(100)
    return str(page.evaluate(WORDS))


@contextmanager
def restored_session(
    new_visit: NewVisit, servers: Servers, path: str, playwright: Playwright
) -> Iterator[Page]:
    """The browser is closed after leaving, opened with its last session, and Back is pressed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        with _profile(playwright, profile) as context:
            page = context.pages[0]
            # Another page of ours, so that Back has something of ours to show.
            page.goto(f"{servers.public}{'/report/' if path != '/report/' else '/'}")
            arrive(page, servers, path)
            page.keyboard.press("Escape")
            gone(page)
            page.wait_for_timeout(1_200)  # the browser writes its session down once a second
        with _profile(playwright, profile, "--restore-last-session") as context:
            page = next(one for one in context.pages if one.url != "about:blank")
            assert servers.public not in page.url
            page.go_back(wait_until="commit")
            yield page


@contextmanager
def _profile(playwright: Playwright, folder: str, *flags: str) -> Iterator[BrowserContext]:
    context = _launched(playwright, folder, flags)
    context.route("https://**/*", _neutral)
    try:
        yield context
    finally:
        context.close()


def _launched(playwright: Playwright, folder: str, flags: tuple[str, ...]) -> BrowserContext:
    """Open a browser on a profile; once more where it hangs at its start, as it now and then does.

    That is the browser's own doing, before any page of ours.
    """
    options = {"executable_path": _chromium(), "args": [*FLAGS, *flags], "locale": "en-GB"}
    try:
        return playwright.chromium.launch_persistent_context(folder, timeout=30_000, **options)
    except PlaywrightTimeout:
        return playwright.chromium.launch_persistent_context(folder, timeout=60_000, **options)


def _neutral(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)


CONDITIONS: tuple[Callable[..., object], ...] = (
    narrow_and_unasked,
    without_a_script,
    slow_line,
    second_escape,
    offline,
    restored_session,
)
each_condition = pytest.mark.parametrize(
    "condition", CONDITIONS, ids=lambda condition: condition.__name__
)


@each_condition
@pytest.mark.parametrize("path", FOUR)
def test_whatever_stands_in_the_way_she_is_gone(
    new_visit: NewVisit, servers: Servers, playwright: Playwright, path: str, condition
) -> None:
    with condition(new_visit, servers, path, playwright) as page:
        gone(page)
        assert page.title() == "Weather"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@each_condition
def test_whatever_stands_in_the_way_she_is_gone_from_every_page(
    new_visit: NewVisit, servers: Servers, playwright: Playwright, condition
) -> None:
    # One window at a time: sixty of them would leave no memory for the next.
    opened: list[Visit] = []

    def one_visit(**options: bool) -> Visit:
        opened.append(new_visit(**options))
        return opened[-1]

    for path in addresses(servers):
        try:
            if arrive(one_visit().page, servers, path):
                with condition(one_visit, servers, path, playwright) as page:
                    gone(page)
                    assert page.title() == "Weather", path
        except Error as error:
            error.add_note(f"on {path}")
            raise
        while opened:
            opened.pop().context.close()
