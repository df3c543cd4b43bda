"""Real Chromium against both sites. Whatever is not ours is answered here, and never reached."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, sync_playwright

from tests.planted.finding import look_in_folder
from tests.planted.watching import WATCH
from tests.servers import Servers, both_sites

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
WITHOUT_SCRIPTS: set[BrowserContext] = set()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Only what is wrong comes back in full: the rest is most of what axe would have to write down.
ASKED = {"runOnly": RULES, "resultTypes": ["violations"]}
# What is seen of a page, besides its source: text that stands there, how wide, in which colours.
SEEN = """
() => [innerWidth, innerHeight, document.body ? document.body.innerText : '',
  ...['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-reduced-motion: reduce)',
    'print'].map(query => matchMedia(query).matches)].join('|')
"""
# A page has these of its own each time it is asked; no rule reads them.
OF_ITS_OWN = re.compile(r'''((?:nonce|value)=)"[A-Za-z0-9_+/=-]{20,}"''')
NEUTRAL_PAGE = "<!doctype html><title>Weather</title><h1>Weather</h1>"


# A worker takes whole files in the order in which they were found: the longest come first, or one
# worker is left with them at the end.
LONGEST = ("what_was_done", "triage", "staff_pages", "journey", "files", "ask", "exit_everywhere")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    places = {f"test_{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Run both sites on a copy of the filled practice installation."""
    with both_sites() as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once, with a folder of its own for whatever its browsers write."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="safehold-browsers-")
    try:
        with sync_playwright() as started:
            yield started
    finally:
        shutil.rmtree(os.environ.pop("TMPDIR"), ignore_errors=True)
        if before is not None:
            os.environ["TMPDIR"] = before


def _chromium() -> str | None:
    named = os.environ.get("SAFEHOLD_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start the system's Chromium, or the one that Playwright installed."""
    chromium = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
    yield chromium
    # What it wrote while it ran is looked at before it is closed, which deletes it.
    WATCH.note(hit for folder in _profiles() for hit in look_in_folder(folder))
    chromium.close()


def _profiles() -> list[Path]:
    """Give the folders of browsers that our own driver keeps."""
    return sorted(Path(os.environ["TMPDIR"]).glob("playwright*"))


@dataclass
class Visit:
    """A browser window of one person, and every address that it asked outside."""

    context: BrowserContext
    page: Page
    outside: list[str] = field(default_factory=list)


NewVisit = Callable[..., Visit]


@pytest.fixture
def new_visit(browser: Browser, servers: Servers) -> Iterator[NewVisit]:
    """Open windows; `scripts=False` switches JavaScript off, `phone=True` is 320 px and touch."""
    opened: list[Visit] = []

    def open_window(*, scripts: bool = True, phone: bool = False) -> Visit:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        if not scripts:
            WITHOUT_SCRIPTS.add(context)
        visit = Visit(context, context.new_page())
        opened.append(visit)

        def answer(route: Route) -> None:
            visit.outside.append(route.request.url)
            route.fulfill(status=200, content_type="text/html", body=NEUTRAL_PAGE)

        ours = "|".join(re.escape(site) for site in (servers.public, servers.staff))
        context.route(re.compile(rf"^(?!(?:{ours})(?:/|$))"), answer)
        return visit

    yield open_window
    for visit in opened:
        visit.context.close()


@pytest.fixture(scope="session")
def accessible(browser: Browser) -> Iterator[Callable[[Page], None]]:
    """Return a check that fails with what axe found on the page.

    Where scripts are off axe cannot run, so it reads the same answer in a window with scripts. A
    page that was found right is not looked at again while nothing of it is different.
    """
    axe = Axe()
    right: set[bytes] = set()
    twins: dict[str, Page] = {}

    def scripted(page: Page) -> Page:
        if page.context not in WITHOUT_SCRIPTS:
            return page
        size = str(page.viewport_size)
        if size not in twins:
            twins[size] = browser.new_context(viewport=page.viewport_size).new_page()
        return _answering_the_same(twins[size], page)

    def check(page: Page) -> None:
        page.wait_for_load_state("load")  # style sheets included: a size counts as it is seen
        known = _known_by(page)
        if known in right:
            return
        found = axe.run(scripted(page), options=ASKED)
        problems = [
            f"{violation['id']}: {violation['help']} {[n['html'] for n in violation['nodes']][:3]}"
            for violation in found.response["violations"]
        ]
        assert not problems, f"{page.title()}: " + "\n".join(problems)
        right.add(known)

    yield check
    for twin in twins.values():
        twin.context.close()


def _known_by(page: Page) -> bytes:
    source = OF_ITS_OWN.sub(r"\1", page.content())
    return hashlib.sha256(f"{page.evaluate(SEEN)}\0{source}".encode()).digest()


def _answering_the_same(twin: Page, page: Page) -> Page:
    content, url = page.content(), page.url
    twin.route(url, lambda route: route.fulfill(content_type="text/html", body=content))
    try:
        twin.goto("about:blank")  # or an address with a fragment would be the page before
        twin.goto(url)
    finally:
        twin.unroute(url)
    return twin
