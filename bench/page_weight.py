"""What a first visit costs on the wire: bytes with headers, requests, hosts, in real Chromium.

The alternative is the lightest page of a comparable service that we know of, measured elsewhere
with the same counting: 14 requests and 72 KB (compressed).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bench._browser import launch
from tests.servers import both_sites

PAGES = (
    "/",
    "/what-we-are-doing/",
    "/advice/",
    "/advice/at-home/",
    "/advice/after-an-assault/",
    "/advice/under-18/",
    "/report/",
    "/report/place/",
    "/cookies/",
    "/places/",
    "/feedback/",
    "/support/",
)
LISTS = ("/support/found/",)
BAR_BYTES, LIST_BAR_BYTES, BAR_REQUESTS = 15 * 1024, 30 * 1024, 4
PEER_BYTES, PEER_REQUESTS = 72 * 1024, 14


def main() -> bool:
    """Print bytes and requests of each page's first visit; return True when a bar is missed."""
    missed = False
    with both_sites() as servers, sync_playwright() as playwright:
        browser = launch(playwright)
        for path in (*PAGES, *LISTS):
            size, hosts, requests = _first_visit(browser, servers.public + path)
            bar = LIST_BAR_BYTES if path in LISTS else BAR_BYTES
            over = size > bar or requests > BAR_REQUESTS or len(hosts) > 1
            missed |= over
            print(
                f"   {path:27} {size / 1024:5.1f} KB on the wire, {requests} requests,"
                f" {len(hosts)} host, {PEER_BYTES / size:.0f} times lighter than the lightest peer"
                f"{'   OVER THE BAR' if over else ''}"
            )
        browser.close()
    print(
        f"   bar: {BAR_BYTES // 1024} KB, a list {LIST_BAR_BYTES // 1024} KB; "
        f"{BAR_REQUESTS} requests, 1 host"
    )
    return missed


def _first_visit(browser, address: str) -> tuple[int, set[str], int]:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    size, hosts, requests = 0, set(), 0

    def finished(event: dict) -> None:
        nonlocal size
        size += int(event["encodedDataLength"])

    def asked(event: dict) -> None:
        nonlocal requests
        url = event["request"]["url"]
        if url.startswith("http"):
            hosts.add(urlsplit(url).netloc)
            requests += 1

    session.on("Network.loadingFinished", finished)
    session.on("Network.requestWillBeSent", asked)
    page.goto(address, wait_until="networkidle")
    context.close()
    return size, hosts, requests
