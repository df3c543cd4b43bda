"""A visitor leaves: by one key, by three, by button, and by a link where no script runs.

The neutral address is answered here and never reached.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.leaving import STATIC_PAGE, gone, hold_the_neutral_page, open_page
from tests.servers import Servers

pytestmark = pytest.mark.browser

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


def test_the_page_is_blank_and_half_the_key_gone_in_the_same_turn(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit()
    hold_the_neutral_page(visit)
    page = open_page(visit, servers, "/report/place/")
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
    page = open_page(new_visit(), servers, "/")
    _focus_a_text_box(page)

    for _ in range(3):
        page.keyboard.press("Shift")

    gone(page)


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
    page = open_page(new_visit(), servers, "/")
    _focus_a_text_box(page)

    for press in presses:
        page.keyboard.press(press)
    page.wait_for_timeout(300)

    assert page.url == servers.public + "/"


def test_shifts_more_than_five_seconds_apart_do_not_leave(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = open_page(new_visit(), servers, "/")

    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_timeout(5_200)
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)

    assert page.url == servers.public + "/"


def test_the_button_leaves(new_visit: NewVisit, servers: Servers) -> None:
    page = open_page(new_visit(), servers, "/")

    page.get_by_role("link", name="Leave this site").click()

    gone(page)


def test_without_a_script_the_link_leaves_and_takes_the_draft_along(
    new_visit: NewVisit, servers: Servers
) -> None:
    visit = new_visit(scripts=False)
    page = open_page(visit, servers, "/")
    here = {"url": servers.public, "sameSite": "Strict"}
    visit.context.add_cookies(
        [{"name": "d", "value": "x", "httpOnly": True, **here}, {"name": "k", "value": "y", **here}]  # type: ignore[list-item]  # playwright's own kind of dict
    )

    expect(page.locator(".exit").get_by_text("Esc", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Leave this site").click()

    gone(page)
    assert visit.context.cookies(servers.public) == []


def test_our_other_tabs_leave_too(new_visit: NewVisit, servers: Servers) -> None:
    visit = new_visit()
    page = open_page(visit, servers, "/")
    other = visit.context.new_page()
    other.goto(servers.public + STATIC_PAGE)

    page.keyboard.press("Escape")

    gone(page)
    gone(other)


def test_text_being_composed_is_respected(new_visit: NewVisit, servers: Servers) -> None:
    """Escape ends a composition, as in writing Japanese; it does not leave."""
    page = open_page(new_visit(), servers, "/")

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


def _focus_a_text_box(page: Page) -> None:
    """Put a box into the page: the first page has none, and any box must do."""
    page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    page.locator("textarea").focus()
