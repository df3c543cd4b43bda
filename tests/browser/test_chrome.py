"""What stands around every public page: it leads somewhere, and everyone can use it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.servers import Servers

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/advice/",
    "/advice/at-home/",
    "/after-you-report/",
    "/report/",
    "/report/place/",
    "/cookies/",
    "/no-such-page/",
]


def test_every_link_of_the_chrome_leads_to_a_page_of_ours(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = new_visit().page
    page.goto(servers.public + "/cookies/")
    links = page.locator("header a, footer a").evaluate_all("all => all.map(a => a.href)")

    assert links
    for link in set(links):
        assert urlsplit(link).netloc == urlsplit(servers.public).netloc
        assert page.request.get(link).status == 200, link


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_the_rules_of_axe(
    new_visit: NewVisit,
    servers: Servers,
    accessible: Callable[[Page], None],
    path: str,
    scheme: str,
) -> None:
    page = new_visit(phone=scheme == "dark").page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    page.goto(servers.public + path)

    accessible(page)


def test_a_first_visit_is_light_and_asks_one_host(new_visit: NewVisit, servers: Servers) -> None:
    """At most 15 KB on the wire with headers, in at most 4 requests; nothing refused."""
    visit = new_visit()
    page = visit.page
    client = visit.context.new_cdp_session(page)
    client.send("Network.enable")
    weights: list[float] = []
    client.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))

    page.goto(servers.public + "/report/place/", wait_until="networkidle")

    assert 0 < sum(weights) <= 15_000, weights
    assert len(weights) <= 4
    assert visit.outside == []
    assert refused == []


def test_at_four_times_the_size_nothing_is_lost(new_visit: NewVisit, servers: Servers) -> None:
    """1280 pixels at 400% are 320: the bar still names its keys, and nothing scrolls sideways."""
    page = new_visit().page
    page.set_viewport_size({"width": 320, "height": 256})

    for path in PAGES:
        page.goto(servers.public + path)
        expect(page.get_by_role("link", name="Leave this site")).to_be_in_viewport()
        expect(page.locator(".exit").get_by_text("Esc", exact=True)).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_with_forced_colours_the_way_out_still_has_an_edge(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = new_visit().page
    page.emulate_media(forced_colors="active")
    page.goto(servers.public + "/cookies/")

    edge = page.get_by_role("link", name="Leave this site").evaluate(
        "a => [getComputedStyle(a).borderStyle, getComputedStyle(a).borderWidth]"
    )

    assert edge == ["solid", "2px"]
