"""The bar with the way out: one line, on top, first, and in nobody's way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisit
from tests.browser.leaving import open_page
from tests.servers import Servers

pytestmark = pytest.mark.browser

PAGES = ["/", "/what-we-are-doing/", "/report/", "/report/place/", "/cookies/", "/no-such-page/"]


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
    expect(page.locator(".exit").get_by_text("Esc", exact=True)).to_be_visible(visible=not phone)

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
    page = open_page(new_visit(), servers, "/")

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
    page = open_page(new_visit(), servers, "/")

    page.emulate_media(media="print")

    expect(page.locator(".exit")).to_be_hidden()
