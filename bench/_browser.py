"""Chromium for measurements, and a slow phone on a slow line."""

from __future__ import annotations

from playwright.sync_api import Browser, CDPSession, Page, Playwright

from tests.browser.conftest import FLAGS, _chromium

SLOW_LINE = {
    "offline": False,
    "latency": 400,  # ms round trip
    "downloadThroughput": 50 * 1024,  # bytes a second
    "uploadThroughput": 50 * 1024,
}
SLOWER_PROCESSOR = 6


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)


def slow(page: Page) -> CDPSession:
    """Put the page on the slow rig."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    return session
