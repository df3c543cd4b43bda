"""Open every page of both sites, hold each to axe's rules at two widths, and record what was found.

The record is committed: `/accessibility/` is made from it (`safehold.public.accessibility`). A page
that the record does not name fails a test, so that a new page is checked before it is published.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from axe_playwright_python.sync_playwright import Axe  # noqa: E402 - after the path is set
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 - as above

from safehold.domain.access import Role  # noqa: E402 - as above
from safehold.public.accessibility.record import FILE, Problem  # noqa: E402 - as above
from tests.browser.conftest import FLAGS, RULES, Visit, _chromium  # noqa: E402 - as above
from tests.browser.people import Officer  # noqa: E402 - as above
from tests.running.every_page import Walk, shape  # noqa: E402 - as above
from tests.servers import Servers, both_sites  # noqa: E402 - as above

RECORD = ROOT / "src" / "safehold" / "public" / "accessibility" / FILE
WIDTHS = (1280, 320)
FIRST = (
    "/",
    "/report/",
    "/report/tell/",
    "/report/place/",
    "/return/again/",
    "/return/ended/",
    "/report/call/",
    "/cookies/",
    "/leaving/",
    "/accessibility/",
)
NOT_THERE = "/no-such-page/"


class Checked(Walk):
    """A walk that holds each page to the rules, at each width."""

    def __init__(self, address: str, axe: Axe) -> None:
        super().__init__(address, exits=set())
        self.axe, self.tool = axe, ""
        self.problems: list[Problem] = []

    def look(self, page: Page, path: str) -> None:
        """Open a page as the walk does, then run the rules on it."""
        super().look(page, path)
        if not page.locator("main").count():
            return  # a file, or a page that leads on
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found = self.axe.run(page, options={"runOnly": RULES}).response
            engine = found["testEngine"]
            self.tool = f"{engine['name']} {engine['version']}"
            self.problems += [
                Problem(shape(path), violation["id"], violation["help"])
                for violation in found["violations"]
            ]
        print(f"   {path}", flush=True)


def public_pages(browser: Browser, servers: Servers, axe: Axe) -> Checked:
    """Check whatever links lead to on the public site, and a page that is not there."""
    walk = Checked(servers.public, axe)
    page = browser.new_context(locale="en-GB").new_page()
    for path in (*FIRST, NOT_THERE):
        walk.add(path)
    walk.through(page, "/")
    page.context.close()
    return walk


def staff_pages(browser: Browser, servers: Servers, axe: Axe) -> list[Checked]:
    """Check whatever each role can reach; the editor's CMS too, which others wrote."""
    walks = []
    for role in Role:
        name = {
            Role.TRIAGE_OFFICER: "officer",
            Role.IDENTITY_KEEPER: "keeper",
            Role.PROFESSIONAL_STANDARDS: "standards",
        }
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        officer = Officer(Visit(context, page), servers, lambda page: None)
        officer.signs_in(name.get(role, str(role)))
        walk = Checked(servers.staff, axe)
        walk.add("/staff/")
        walk.through(page, "/staff/")
        walks.append(walk)
        context.close()
    return walks


def unique(problems: list[Problem]) -> list[dict[str, str]]:
    """Say each problem of a page once, whatever the width."""
    return [asdict(one) for one in sorted(set(problems), key=lambda one: (one.path, one.rule))]


def main() -> int:
    """Check, write the record, and return 1 where one of our own pages broke a rule."""
    axe = Axe()
    with both_sites() as servers, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        public = public_pages(browser, servers, axe)
        staff = staff_pages(browser, servers, axe)
        version = browser.version.split(".")[0]
        browser.close()
    problems = unique(public.problems)
    staff_problems = unique([one for walk in staff for one in walk.problems])
    record = {
        "on": datetime.now(UTC).date().isoformat(),
        "tool": public.tool,
        "browser": f"Chromium {version}",
        "widths": list(WIDTHS),
        "public": sorted({path for path in public.opened if path != NOT_THERE}),
        "staff": len({shape(path) for walk in staff for path in walk.opened}),
        "problems": problems,
        "staff_problems": staff_problems,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n")
    for one in (*problems, *staff_problems):
        print(f"{one['path']}: {one['rule']}: {one['says']}")
    print(f"{len(record['public'])} public and {record['staff']} staff pages; {RECORD} is written.")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
