"""Walk every page of both sites with a real browser, and note every address that was asked.

Run as a program, inside `lonely_network`: EVERY_PAGE_RESULT names the file for what was found, and
EVERY_PAGE_OF_A_KIND says how many pages of a kind each member of staff opens.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import APIResponse, Browser, Error, Page, Response, sync_playwright

from safehold.config.environment import load_force
from tests.browser.conftest import FLAGS, Visit, _chromium
from tests.browser.people import Officer, Visitor
from tests.servers import ROOT, Servers, filled_installation, running

# Chromium itself looks for updates, accounts and form fillers, whatever page is open. What a page
# asks for is noted before its name is looked up, so the browser needs no names at all.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
MOST_OF_A_KIND = 2
MOST_PAGES = 120
# Where a page may name an address that it then asks without anybody's doing.
_LOADS = re.compile(
    r"""(?:\b(?:src|srcset|poster|action|formaction|data|data-[\w-]+|ping)\s*=\s*["']?|url\(["']?"""
    r"""|@import\s+["']|<link\b[^>]*\bhref\s*=\s*["']?)\s*((?:https?:)?//[^\s"'<>)]+)""",
    re.IGNORECASE,
)
# Links inside a drawing have an object for an address, so every one is read as it is written.
_LINKS = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
_ACTS = re.compile(r"logout|sign-?out|delete|unpublish|/exit/")


def shape(path: str) -> str:
    """Return an address without what tells one record from the next."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", path)


class Walk:
    """A walk through one site: what was opened, what was asked, what pages name."""

    def __init__(self, address: str, exits: set[str], most: int = MOST_OF_A_KIND) -> None:
        self.address, self.exits, self.most = address, exits, most
        self.opened: list[str] = []
        self.asked: Counter[str] = Counter()
        self.strangers: list[str] = []
        self.broken: list[str] = []
        self.waiting: list[str] = []
        self.shapes: Counter[str] = Counter()

    def watch(self, page: Page) -> None:
        """Note every request of a page, and of every frame and worker in it."""
        page.context.on("request", lambda request: self.asked.update([_host(request.url)]))

    def add(self, path: str) -> None:
        """Put a page on the list unless enough of its kind are there."""
        kind = shape(urlsplit(path).path)
        if self.shapes[kind] < self.most and not _ACTS.search(path):
            self.shapes[kind] += 1
            self.waiting.append(path)

    def through(self, page: Page, within: str) -> None:
        """Open every page that links lead to, below a path."""
        seen: set[str] = set()
        while self.waiting and len(self.opened) < MOST_PAGES:
            path = self.waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            self.look(page, path)
            for link in page.locator("a[href]").evaluate_all(_LINKS):
                parts = urlsplit(link)
                ours = _host(link) == _host(self.address) and parts.path.startswith(within)
                if ours and parts.path not in seen:
                    self.add(parts.path)

    def look(self, page: Page, path: str) -> None:
        """Open a page and read its source for addresses of others."""
        answer = _open(page, urljoin(self.address, path))
        self.opened.append(path)
        if answer.status >= 500:
            self.broken.append(f"{path}: {answer.status}")
        if answer.status < 300 and "text" in answer.headers.get("content-type", ""):
            self.read(path, answer.text())

    def read(self, path: str, text: str) -> None:
        """Note what a text would make a browser ask of anybody else."""
        for found in _LOADS.findall(text):
            if _host(found) != _host(self.address) and not found.startswith(tuple(self.exits)):
                self.strangers.append(f"{path}: {found}")


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc if parts.scheme in {"http", "https", "ws", "wss", ""} else parts.scheme


def _open(page: Page, url: str) -> Response | APIResponse:
    """Open a page, or fetch what the browser would put away as a file."""
    try:
        answer = page.goto(url, wait_until="load")
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        answer = None
    return answer or page.request.get(url)


def asks_a_stranger(browser: Browser, address: str) -> Walk:
    """Open a page that does what none of ours may, to see that the walk would notice."""
    walk = Walk(address, set())
    context = browser.new_context()
    page = context.new_page()
    walk.watch(page)
    page.set_content('<img src="http://third-party.example/pixel.png">')
    walk.read("(on purpose)", page.content())
    context.close()
    return walk


def journey(visitor: Visitor) -> None:
    """Tell of a place, as far as the receipt."""
    visitor.opens_the_home_page()
    visitor.follows("A place feels unsafe")
    visitor.presses("Start")
    visitor.chooses("No")
    visitor.chooses("No")
    visitor.presses("Say it in my own words")
    visitor.says("Where the alley meets the car park")
    for _ in range(9):
        if visitor.page.get_by_role("button", name="Send this report").count():
            break
        visitor.skips()
    visitor.presses("Send this report")
    visitor.sees("We have it")


def public_pages(browser: Browser, servers: Servers, exits: set[str]) -> Walk:
    """Walk the public site and one report."""
    walk = Walk(servers.public, exits)
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    walk.watch(page)
    promised = [
        "/",
        "/what-we-are-doing/",
        "/advice/",
        "/advice/at-home/",
        "/report/",
        "/report/place/",
        "/cookies/",
        "/healthz",
    ]
    for path in [*promised, "/no-such-page/"]:
        walk.add(path)
    walk.through(page, "/")
    journey(Visitor(Visit(context, page), servers, lambda page: None))
    walk.opened.append("(a report sent)")
    context.close()
    return walk


def staff_pages(browser: Browser, servers: Servers, exits: set[str], name: str) -> Walk:
    """Walk the staff site as one member."""
    walk = Walk(servers.staff, exits, int(os.environ["EVERY_PAGE_OF_A_KIND"]))
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    walk.watch(page)
    Officer(Visit(context, page), servers, lambda page: None).signs_in(name)
    page.wait_for_url(lambda url: "/account/" not in url)
    walk.add("/staff/")
    walk.through(page, "/staff/")
    context.close()
    return walk


def main() -> None:
    """Serve both sites from one copy, walk them, and write down what was found."""
    force = load_force(ROOT / "forces" / "mereshire.toml")
    exits = {force.exit_url, *force.exit_fallbacks}
    data = Path(tempfile.mkdtemp(prefix="safehold-alone-")) / "data"
    shutil.copytree(filled_installation(), data)
    members = json.loads((data / "demo-credentials.json").read_text())
    try:
        with running("all", data) as address, sync_playwright() as playwright:
            servers = Servers(public=address, staff=address, data=data)
            browser = playwright.chromium.launch(executable_path=_chromium(), args=[*FLAGS, ALONE])
            proof = asks_a_stranger(browser, address)
            walks = {"public": public_pages(browser, servers, exits)}
            for member in members:
                name = member["username"]
                walks[name] = staff_pages(browser, servers, exits, name)
            browser.close()
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)
    result = {
        name: {
            "opened": walk.opened,
            "asked": walk.asked,
            "host": _host(address),
            "strangers": walk.strangers,
            "broken": walk.broken,
        }
        for name, walk in walks.items()
    }
    result["proof"] = {"asked": proof.asked, "strangers": proof.strangers}
    Path(os.environ["EVERY_PAGE_RESULT"]).write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
