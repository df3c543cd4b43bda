"""What the tests of leaving share: where leaving leads, and how to look for it."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from tests.browser.conftest import Visit
from tests.servers import Servers

NEUTRAL = "https://www.bbc.co.uk/weather"
STATIC_PAGE, LATER_PAGE = "/what-we-are-doing/", "/report/"


def open_page(visit: Visit, servers: Servers, path: str) -> Page:
    """Open a page of the public site in a visit's window."""
    visit.page.goto(servers.public + path)
    return visit.page


def gone(page: Page) -> None:
    """Wait until the neutral page stands where ours stood."""
    page.wait_for_url(NEUTRAL)


def hold_the_neutral_page(visit: Visit) -> list[Route]:
    """Let the neutral address hang, as on a slow line; returns the requests that wait."""
    waiting: list[Route] = []
    visit.context.route(NEUTRAL, lambda route: waiting.append(route))
    return waiting
