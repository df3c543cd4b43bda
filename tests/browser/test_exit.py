"""A visitor leaves: by key, by button, without a script, offline, and for good.

The neutral address is answered here and never reached.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, Route, expect

from tests.browser.conftest import FLAGS, NEUTRAL_PAGE, NewVisit, Visit, _chromium
from tests.servers import Servers

pytestmark = pytest.mark.browser

NEUTRAL = "https://www.bbc.co.uk/weather"
PAGES = ["/", "/what-we-are-doing/", "/report/", "/report/place/", "/cookies/", "/no-such-page/"]
STATIC_PAGE, LATER_PAGE = "/what-we-are-doing/", "/report/"

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

# Presses Escape twice and looks, all in one turn of the page: nothing may be left for a later one.
# (Only a window with a frame stops loading on Escape, so that the second press is held back is
# seen here and not by the load.)
SAME_TURN = """
() => {
  const press = target => {
    const event = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const first = press(document.body);
  const second = press(window);
  return {
    words: document.documentElement.textContent.replace(document.title, ''),
    title: document.title,
    cookies: document.cookie,
    icon: document.querySelector('link[rel=icon]').getAttribute('href'),
    heldBack: [first, second],
  };
}
"""


def _open(visit: Visit, servers: Servers, path: str) -> Page:
    visit.page.goto(servers.public + path)
    return visit.page


def _gone(page: Page) -> None:
    page.wait_for_url(NEUTRAL)


def _hold_the_neutral_page(visit: Visit) -> list[Route]:
    """Let the neutral address hang, as on a slow line; returns the requests that wait."""
    waiting: list[Route] = []
    visit.context.route(NEUTRAL, lambda route: waiting.append(route))
    return waiting


@pytest.mark.parametrize("path", PAGES)
def test_one_escape_leaves_every_page(new_visit: NewVisit, servers: Servers, path: str) -> None:
    """Also the page of an error: one press, and the neutral page stands where ours stood."""
    page = _open(new_visit(), servers, path)

    page.keyboard.press("Escape")

    _gone(page)


def test_the_page_is_blank_and_half_the_key_gone_in_the_same_turn(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit()
    _hold_the_neutral_page(visit)
    page = _open(visit, servers, "/report/place/")
    page.evaluate("document.cookie = 'k=half;path=/;samesite=strict'")

    after = page.evaluate(SAME_TURN)

    assert after == {
        "words": "",
        "title": "Loading",
        "cookies": "",
        "icon": "data:,",
        "heldBack": [True, True],
    }


def test_shift_three_times_leaves_also_from_inside_a_text_box(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = _open(new_visit(), servers, "/")
    _focus_a_text_box(page)

    for _ in range(3):
        page.keyboard.press("Shift")

    _gone(page)


@pytest.mark.parametrize(
    "presses",
    [
        ["Shift", "Shift"],
        ["Shift", "Shift", "a", "Shift"],
        ["Shift+A", "Shift+B", "Shift+C", "Shift+D"],
    ],
    ids=["twice", "broken by another key", "as a modifier"],
)
def test_shift_for_writing_does_not_leave(
    new_visit: NewVisit, servers: Servers, presses: list[str]
) -> None:
    page = _open(new_visit(), servers, "/")
    _focus_a_text_box(page)

    for press in presses:
        page.keyboard.press(press)
    page.wait_for_timeout(300)

    assert page.url == servers.public + "/"


def test_shifts_more_than_five_seconds_apart_do_not_leave(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = _open(new_visit(), servers, "/")

    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_timeout(5_200)
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)

    assert page.url == servers.public + "/"


def test_the_button_leaves(new_visit: NewVisit, servers: Servers) -> None:
    page = _open(new_visit(), servers, "/")

    page.get_by_role("link", name="Leave this site").click()

    _gone(page)


def test_without_a_script_the_link_leaves_and_takes_the_draft_along(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit(scripts=False)
    page = _open(visit, servers, "/")
    here = {"url": servers.public, "sameSite": "Strict"}
    visit.context.add_cookies(
        [{"name": "d", "value": "x", "httpOnly": True, **here}, {"name": "k", "value": "y", **here}]  # type: ignore[list-item]  # playwright's own kind of dict
    )

    expect(page.get_by_text("Esc", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Leave this site").click()

    _gone(page)
    assert visit.context.cookies(servers.public) == []


def test_back_after_leaving_leaves_again(new_visit: NewVisit, servers: Servers) -> None:
    """The page left is not in the history; the pages before it leave again when gone back to."""
    page = _open(new_visit(), servers, STATIC_PAGE)
    page.goto(servers.public + LATER_PAGE)
    page.keyboard.press("Escape")
    _gone(page)

    page.evaluate("history.back()")
    page.wait_for_timeout(700)

    assert page.url == NEUTRAL
    assert page.evaluate("history.length") <= 3


def test_a_page_gone_back_to_is_never_painted(new_visit: NewVisit, servers: Servers) -> None:
    """Every frame of every page is watched; after leaving, none may hold a word of ours."""
    visit = new_visit()
    visit.context.add_init_script(WATCH_FRAMES)
    page = _open(visit, servers, STATIC_PAGE)
    page.goto(servers.public + LATER_PAGE)
    page.wait_for_timeout(200)
    assert int(page.evaluate("sessionStorage.frames")) > 0, "the watch does not see our pages"
    page.keyboard.press("Escape")
    _gone(page)

    page.evaluate("history.back()")
    page.wait_for_timeout(700)
    page.goto(servers.public + "/healthz")

    assert page.evaluate("sessionStorage.frames_gone_back_to") == "0"


def test_back_after_a_mistake_never_shows_our_address(
    new_visit: NewVisit, servers: Servers
) -> None:
    """A page that answered a POST would be asked for again by Back, at our address."""
    page = _open(new_visit(), servers, "/report/place/now/")
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
    _gone(page)

    for _ in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(700)
        assert page.url == NEUTRAL
        assert page.title() == "Weather"


def test_coming_back_by_typing_the_address_works(new_visit: NewVisit, servers: Servers) -> None:
    page = _open(new_visit(), servers, "/")
    page.keyboard.press("Escape")
    _gone(page)

    page.goto(servers.public + "/")
    page.reload()

    assert page.url == servers.public + "/"
    expect(page.get_by_role("link", name="Leave this site")).to_be_visible()


def test_a_second_escape_does_not_cancel_the_leaving(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    waiting = _hold_the_neutral_page(visit)
    page = _open(visit, servers, "/")

    page.keyboard.press("Escape")
    for _ in range(5):
        page.wait_for_timeout(100)
        page.keyboard.press("Escape")

    assert len(waiting) == 1, "the load was cancelled or begun again"
    waiting[0].fulfill(status=200, content_type="text/html", body="<title>Weather</title>")
    _gone(page)


def test_leaving_is_tried_again_where_it_did_not_happen(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit()
    waiting = _hold_the_neutral_page(visit)
    page = _open(visit, servers, "/")
    page.keyboard.press("Escape")
    page.wait_for_timeout(3_500)

    assert len(waiting) == 2
    waiting[-1].fulfill(status=200, content_type="text/html", body="<title>Weather</title>")
    _gone(page)


def test_offline_the_page_is_blank_at_once(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    page = _open(visit, servers, "/report/place/")
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

    _gone(page)
    page.goto(servers.public + LATER_PAGE)
    page.wait_for_timeout(500)
    assert page.url == servers.public + LATER_PAGE


def _answer_as_the_neutral_page(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)


def test_our_other_tabs_leave_too(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    page = _open(visit, servers, "/")
    other = visit.context.new_page()
    other.goto(servers.public + STATIC_PAGE)

    page.keyboard.press("Escape")

    _gone(page)
    _gone(other)


def test_text_being_composed_is_respected(new_visit: NewVisit, servers: Servers) -> None:
    """Escape ends a composition, as in writing Japanese; it does not leave."""
    page = _open(new_visit(), servers, "/")

    page.evaluate(
        """() => {
          const press = (kind) => document.body.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, ...kind }));
          press({ isComposing: true });
          press({ keyCode: 229 });
        }"""
    )
    page.wait_for_timeout(300)

    assert page.url == servers.public + "/"


def test_escape_works_before_the_page_has_arrived(new_visit: NewVisit, servers: Servers) -> None:
    """On a slow line the style sheet hangs; the script is inline, so the key works already."""
    visit = new_visit()
    visit.context.route("**/*.css", lambda route: None)
    page = visit.page
    page.goto(servers.public + "/", wait_until="commit")
    page.locator("html.js").wait_for(state="attached")

    started = time.monotonic()
    page.keyboard.press("Escape")
    _gone(page)

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
    _hold_the_neutral_page(visit)
    page.goto(servers.public + "/", wait_until="commit")
    page.locator("html.js").wait_for(state="attached")

    page.keyboard.press("Escape")
    page.wait_for_timeout(2_000)
    line.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    page.goto(servers.public + "/healthz")

    assert page.evaluate("[sessionStorage.looked > 9, sessionStorage.seen]") == [True, "0"]


@pytest.mark.parametrize("path", ["/", "/report/place/", "/no-such-page/"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "narrow window"])
def test_the_bar_is_one_line_on_top_and_never_covers_the_focus(
    new_visit: NewVisit, servers: Servers, path: str, phone: bool
) -> None:
    page = new_visit(phone=phone).page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(servers.public + path)
    bar, button = page.locator(".exit"), page.get_by_role("link", name="Leave this site")

    box, target = bar.bounding_box(), button.bounding_box()
    assert box is not None
    assert target is not None
    assert (box["y"], box["width"]) == (0, 320)
    assert box["height"] <= 56
    assert target["height"] >= 44
    expect(page.get_by_text("Esc", exact=True)).to_be_visible(visible=not phone)

    page.mouse.wheel(0, 3_000)
    page.wait_for_timeout(100)
    scrolled = bar.bounding_box()
    assert scrolled is not None
    assert scrolled["y"] == 0
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(
            """() => {
              const at = document.activeElement, bar = document.querySelector('.exit');
              if (at === document.body || bar.contains(at)) return true;
              return at.getBoundingClientRect().top >= bar.getBoundingClientRect().bottom;
            }"""
        ), "the bar covers what has the focus"


def test_the_way_out_is_the_first_stop_of_the_keyboard(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = _open(new_visit(), servers, "/")

    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Leave this site")).to_be_focused()


def test_nothing_of_ours_scrolls_sideways_at_320_pixels(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = new_visit(phone=True).page
    for path in PAGES:
        page.goto(servers.public + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_bar_is_not_printed(new_visit: NewVisit, servers: Servers) -> None:
    page = _open(new_visit(), servers, "/")

    page.emulate_media(media="print")

    expect(page.locator(".exit")).to_be_hidden()


def _focus_a_text_box(page: Page) -> None:
    """Put a box into the page: the first page has none, and any box must do."""
    page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    page.locator("textarea").focus()
