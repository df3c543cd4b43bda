"""The people of the journeys: what each does, in their own words, by role and label."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pyotp
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.servers import Servers

Check = Callable[[Page], None]


class Visitor:
    """Someone who felt unsafe at a place, with a cheap phone and little time."""

    def __init__(self, visit: Visit, servers: Servers, accessible: Check) -> None:
        self.visit, self.page, self.accessible = visit, visit.page, accessible
        self.public = servers.public

    def sees(self, heading: str) -> None:
        """Look for the heading, then check that everybody could use the page."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.accessible(self.page)

    def heading(self) -> str:
        """Read the heading, after checking that everybody could use the page."""
        self.accessible(self.page)
        return self.page.get_by_role("heading", level=1).inner_text()

    def opens_the_home_page(self) -> None:
        """Arrive, as a link from a poster would bring her."""
        self.page.goto(self.public + "/")
        self.accessible(self.page)

    def follows(self, words: str) -> None:
        """Follow a link of the page itself."""
        self.page.get_by_role("main").get_by_role("link", name=words).first.click()

    def presses(self, words: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def chooses(self, *choices: str) -> None:
        """Choose answers and go on."""
        for choice in choices:
            self.page.get_by_label(choice, exact=True).check()
        self.presses("Continue")

    def skips(self) -> None:
        """Leave a question out."""
        self.presses("Skip this question")

    def looks_for(self, words: str) -> None:
        """Search for the place."""
        self.page.get_by_label("Where is the place?").fill(words)
        self.presses("Find this place")

    def says(self, words: str) -> None:
        """Write into the only box of the page and go on."""
        self.page.get_by_role("main").get_by_role("textbox").fill(words)
        self.presses("Continue")

    def reference(self) -> str:
        """Read the reference on the receipt."""
        found = re.search(
            r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", self.page.get_by_role("main").inner_text()
        )
        assert found, "the receipt shows no reference"
        return found.group()

    def leaves(self) -> None:
        """Leave by the link that is always on top."""
        self.page.get_by_role("link", name="Leave this site").first.click()
        self.page.wait_for_url(re.compile(r"^https://"))

    def holds_no_trace(self) -> bool:
        """Tell whether the device is free of our cookies.

        The script kills its own in the same turn; the other goes with the answer to the beacon,
        which may come after the neutral page.
        """
        for _ in range(50):
            if not self.visit.context.cookies(self.public):
                return True
            self.page.wait_for_timeout(100)
        return False


_codes_used: dict[str, str] = {}


def _fresh_code(name: str, secret: str) -> str:
    """Read the code that an authenticator shows, waiting for the next one: each works once."""
    code = pyotp.TOTP(secret).now()
    while _codes_used.get(name) == code:
        time.sleep(1)
        code = pyotp.TOTP(secret).now()
    _codes_used[name] = code
    return code


class Officer:
    """A member of the unit, signed in with a password and a code, in a hurry."""

    def __init__(self, visit: Visit, servers: Servers, accessible: Check) -> None:
        self.page, self.servers, self.accessible = visit.page, servers, accessible

    def signs_in(self, name: str = "officer") -> None:
        """Give name and password, then the code that the authenticator shows."""
        known = json.loads((self.servers.data / "demo-credentials.json").read_text())
        mine = next(entry for entry in known if entry["username"] == name)
        self.page.goto(self.servers.staff + "/staff/")
        self.accessible(self.page)
        self.page.get_by_label("Name", exact=True).fill(mine["username"])
        self.page.get_by_label("Password", exact=True).fill(mine["password"])
        self.page.get_by_role("button", name="Sign in").click()
        self.accessible(self.page)
        self.page.get_by_label("Code", exact=True).fill(_fresh_code(name, mine["totp_secret"]))
        self.page.get_by_role("button", name="Continue").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.accessible(self.page)

    def finds_the_report(self, reference: str) -> None:
        """Turn the pages of the inbox until it is there: the worker opens slips on arrival."""
        link = self.page.get_by_role("link", name=reference)
        until = time.monotonic() + 60
        while time.monotonic() < until and not self._turns_pages_to(link):
            self.page.wait_for_timeout(500)
        self.accessible(self.page)
        link.click()
        self.accessible(self.page)

    def _turns_pages_to(self, link: Locator) -> bool:
        self.page.goto(self.servers.staff + "/staff/reports/")
        further = self.page.get_by_role("link", name="Next page")
        while not link.count() and further.count():
            further.click()
            self.page.wait_for_load_state("load")
        return bool(link.count())

    def opens_the_account(self, reason: str) -> None:
        """Say why, and open what the person told us."""
        self.page.get_by_label("Why do you need to open this?").fill(reason)
        self.page.get_by_role("button", name="Record the reason and open").click()

    def finds_new_feedback(self, words: str) -> None:
        """Open what has words of danger, one after the other, until these are the words."""
        until = time.monotonic() + 60
        seen: set[str] = set()
        while time.monotonic() < until:
            self.page.goto(self.servers.staff + "/staff/feedback/")
            rows = self.page.get_by_role("row").filter(has_text="Danger").get_by_role("link")
            unseen = [name for name in rows.all_inner_texts() if name not in seen]
            if not unseen:
                self.page.wait_for_timeout(500)
                continue
            seen.add(unseen[-1])
            self.page.get_by_role("link", name=unseen[-1]).click()
            self.opens_the_account("It has words of danger in it")
            written = self.page.get_by_role("heading", name="What was written", exact=True)
            written.wait_for()
            if words in self.page.get_by_role("main").inner_text():
                self.accessible(self.page)
                return
        raise AssertionError("the feedback never came")

    def presses(self, words: str, *, why: str) -> None:
        """Give the reason beside a button and press it."""
        button = self.page.get_by_role("button", name=words, exact=True)
        self.page.locator("form").filter(has=button).get_by_role("textbox").fill(why)
        button.click()

    def reads(self, words: str) -> None:
        """Find words on the page."""
        expect(self.page.get_by_role("main")).to_contain_text(words)
        self.accessible(self.page)

    def accepts_it_at_a_new_place(self, name: str) -> None:
        """Accept the report into an incident at a place that was not known before."""
        self.page.get_by_label("A new place", exact=True).check()
        self.page.get_by_label("Name of the new place").fill(name)
        self.page.get_by_label("What sort of place is it?").select_option(index=1)
        self.page.get_by_role("group", name="What was reported?").get_by_role("radio").first.check()
        self.page.get_by_role("button", name="Accept as an incident").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Incident")
        self.accessible(self.page)

    def goes_to(self, words: str) -> None:
        """Follow a link of the staff bar."""
        self.page.get_by_role("banner").get_by_role("link", name=words).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.accessible(self.page)
