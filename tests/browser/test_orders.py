"""An order is recorded, served and broken, and a person decides what the breach is.

Once as most people work, and once without JavaScript on a phone; axe looks at every page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WHY = "Allocated to me this morning"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_recording_an_order_to_a_breach_and_a_decision(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given an officer who works on a case of the practice site
    visit = new_visit(scripts=scripts, phone=not scripts)
    officer = Officer(visit, servers, accessible)
    officer.signs_in("safeguarding")
    page = visit.page

    def looks(heading: re.Pattern[str] | str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        accessible(page)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{heading} scrolls sideways by {wide} px"

    def presses(words: str) -> None:
        page.get_by_role("main").get_by_role("button", name=words).click()

    def says_why() -> None:
        # Not asked where this practice member looked within the shift.
        page.wait_for_load_state("load")
        if page.get_by_role("button", name="Record the reason and look").count():
            accessible(page)
            page.get_by_role("main").get_by_role("textbox").fill(WHY)
            presses("Record the reason and look")

    page.goto(f"{servers.staff}/staff/orders/")
    looks("Orders")
    page.get_by_role("link", name="Domestic violence protection order").first.click()
    says_why()
    looks("Domestic violence protection order")
    page.get_by_role("link", name=re.compile("^C-")).first.click()
    says_why()
    looks(re.compile("^Case C-"))

    # When an order is recorded with its condition, and then how it was served
    page.get_by_role("link", name="Record an order").click()
    looks("Record an order")
    presses("Record the order")
    expect(page.get_by_text("Say whom it binds.").first).to_be_visible()
    accessible(page)
    page.get_by_label("What is it?").select_option("dvpo")
    page.get_by_label("Whom does it bind?").select_option(index=1)
    page.get_by_label("Its reference (optional)").fill("PRACTICE/BROWSER")
    page.get_by_label("Condition 1: what sort is it?").select_option("contact")
    page.get_by_label("Condition 1, as it stands in the order").fill("Practice: no contact")
    presses("Record the order")
    looks("Domestic violence protection order")
    page.get_by_role("link", name="Served, or tried").click()
    looks("Served, or tried")
    page.get_by_label("Served", exact=True).check()
    presses("Record it")
    looks("Domestic violence protection order")

    # Then the card says that a breach is no crime, and one press opens an incident
    page.get_by_role("link", name="The card for patrol").click()
    looks("Domestic violence protection order")
    expect(page.get_by_text("no crime, but for the court")).to_be_visible()
    presses("He has broken it: open an incident")
    looks(re.compile("^Incident "))
    expect(page.get_by_role("heading", name="May be a breach of an order")).to_be_visible()
    expect(page.get_by_role("heading", name="Crime or not: not yet decided")).to_be_visible()

    # And a person decides what becomes of it
    page.get_by_role("link", name="Decide what becomes of the breach").click()
    looks("What becomes of the breach")
    page.get_by_label("He is brought before the court").check()
    page.get_by_label("Why?").fill(WHY)
    presses("Record it")
    looks("Domestic violence protection order")
    expect(page.get_by_text("For the court: he is brought before the court.")).to_be_visible()
    assert not visit.outside
