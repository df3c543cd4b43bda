"""Her phone in his hand: what the profile of a real Chromium holds, against the threat table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from tests.browser.conftest import FLAGS, NEUTRAL_PAGE, PHONE, _chromium
from tests.browser.leaving import gone
from tests.seized.loot import Loot
from tests.seized.people import HERS, Told
from tests.seized.prying import pry
from tests.seized.secrets import SECRETS, Case
from tests.seized.table import Cells, compare
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WRITES_ITSELF_DOWN = 1_500  # milliseconds: a browser writes its session down once a second


@dataclass
class Device:
    """A phone with a profile of its own, and the site that it visits."""

    folder: Path
    servers: Servers
    playwright: Playwright

    @contextmanager
    def browser(self, *flags: str) -> Iterator[BrowserContext]:
        """Open the browser, and close it again."""
        context = self.playwright.chromium.launch_persistent_context(
            self.folder / "profile",
            executable_path=_chromium(),
            args=[*FLAGS, *flags],
            locale="en-GB",
            viewport=PHONE,
        )
        context.route("https://**/*", _neutral)
        try:
            yield context
        finally:
            context.close()

    def profile(self, name: str) -> Path:
        """Copy what the device holds at this moment."""
        copied = self.folder / name
        skip = shutil.ignore_patterns("Singleton*", "*-journal")
        shutil.copytree(self.folder / "profile", copied, ignore=skip)
        return copied


def _neutral(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)


@pytest.fixture
def device(tmp_path: Path, servers: Servers, playwright: Playwright) -> Device:
    """A phone that was never here."""
    return Device(tmp_path, servers, playwright)


def presses(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def writes(page: Page, servers: Servers) -> None:
    """Begin, and go on to the page after what happened, with a name and a number on the way."""
    page.goto(f"{servers.public}/report/tell/")
    presses(page, "Start")
    while (asked := page.get_by_role("heading", level=1).inner_text()) != "What happened?":
        if asked == "How do you want to tell us?":
            page.get_by_label("With my name", exact=True).check()
            presses(page, "Continue")
        elif asked == "What is your name?":
            page.get_by_role("main").get_by_role("textbox").fill(HERS["named"])
            presses(page, "Continue")
        elif asked == "How can we reach you safely?":
            page.get_by_label("The number or address, or who to ask").fill(HERS["number"])
            page.get_by_label("A phone call", exact=True).check()
            presses(page, "Continue")
        else:
            skip = page.get_by_role("button", name="Skip this question")
            skip.click() if skip.count() else presses(page, "Carry on")
    page.get_by_label("What happened?").fill(HERS["unfinished"])


def seen(letter: str, told: Told, profile: Path, *pages: str) -> Cells:
    """What he can do with every secret: with the files, and with what the browser shows him."""
    case = Case(pry(Loot(folders=(profile,), pages=pages)), told)
    return {(secret.name, letter): secret.of(case) for secret in SECRETS}


def shown_again(device: Device, told: Told, *addresses: str) -> list[str]:
    """Open the browser with its last session, go back, and ask for pages that she was on."""
    with device.browser("--restore-last-session") as context:
        pages = [page.content() for page in context.pages]
        page = context.pages[-1]
        for _ in range(3):
            page.go_back(wait_until="load")
            pages.append(page.content())
        for address in addresses:
            page.goto(address)
            pages.append(page.content())
        return pages


def test_a_phone_on_which_the_form_is_open(device: Device) -> None:
    told = Told(site=device.servers.public.removeprefix("http://"))
    with device.browser() as context:
        page = context.pages[0]
        writes(page, device.servers)
        presses(page, "Continue")
        page.wait_for_timeout(WRITES_ITSELF_DOWN)
        pages = []
        for _ in range(30):  # he goes back through the form, as she could
            pages.append(page.content() + " ".join(map(str, _typed(page))))
            back = page.get_by_role("link", name="Back", exact=True)
            if not back.count():
                break
            back.click()
        found = seen("P", told, device.profile("open"), *pages)
    compare(found, [secret.name for secret in SECRETS])


def _typed(page: Page) -> list[str]:
    boxes = page.get_by_role("main").get_by_role("textbox").all()
    return [box.input_value() for box in boxes]


def test_a_phone_after_she_left(device: Device) -> None:
    told = Told(site=device.servers.public.removeprefix("http://"))
    with device.browser() as context:
        page = context.pages[0]
        writes(page, device.servers)
        presses(page, "Continue")
        page.wait_for_timeout(WRITES_ITSELF_DOWN)
        was = page.url
        page.keyboard.press("Escape")
        gone(page)
        page.wait_for_timeout(WRITES_ITSELF_DOWN)
        assert not context.cookies(device.servers.public)
    profile = device.profile("left")
    found = seen("Q", told, profile, *shown_again(device, told, was))
    compare(found, [secret.name for secret in SECRETS])


def test_a_phone_after_she_sent_and_closed_the_browser(device: Device) -> None:
    told = Told(site=device.servers.public.removeprefix("http://"))
    with device.browser() as context:
        page = context.pages[0]
        writes(page, device.servers)
        page.get_by_label("What happened?").fill(HERS["after"])
        page.get_by_text("Stop here, or come back later").click()
        presses(page, "Stop here and send what I have")
        presses(page, "Send this report")
        expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
        reference = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.get_by_role("main").inner_text())
        assert reference is not None
        told.references["after"] = reference[0]
        presses(page, "Give me a code of six words")
        told.code = page.locator(".reference strong").nth(1).inner_text()
        presses(page, "I have kept it")
        expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
        page.wait_for_timeout(WRITES_ITSELF_DOWN)
        was = page.url
    profile = device.profile("sent")
    found = seen("R", told, profile, *shown_again(device, told, was))
    compare(found, [secret.name for secret in SECRETS])
