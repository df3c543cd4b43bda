"""One thread through the whole house: from a frightened visitor to the unit's map.

Once as most people come, and once without JavaScript; axe looks at every page on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WORDS = "Where the alley meets the car park, by the broken lamp of Winterbourne"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_place_that_feels_unsafe_reaches_the_unit_and_its_map(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given a visitor on a phone, who tells of a place
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.opens_the_home_page()
    visitor.follows("A place feels unsafe")
    visitor.sees("Tell us about a place that feels unsafe")
    assert visitor.holds_no_trace(), "reading set a cookie"
    visitor.presses("Start")

    # When she answers what she wants to, and skips the rest
    visitor.sees("Is anyone in danger right now?")
    visitor.chooses("No")
    visitor.sees("Did someone do something to you there?")
    visitor.chooses("No")
    visitor.sees("Where is the place?")
    visitor.presses("Say it in my own words")
    visitor.sees("Where exactly is it, in your own words?")
    visitor.says(WORDS)
    visitor.sees("What about the place feels unsafe?")
    visitor.chooses("It is badly lit", "There are no cameras")
    visitor.sees("Did what people do there feel unsafe?")
    visitor.chooses("Someone followed me")
    visitor.sees("Is someone following you now?")
    visitor.chooses("No, it has stopped")
    visitor.sees("When did it feel unsafe?")
    visitor.chooses("In the last 7 days")
    visitor.sees("Which days of the week?")
    visitor.skips()
    visitor.sees("At what time of day?")
    visitor.chooses("Late evening")
    visitor.sees("Have you changed anything because of it?")
    visitor.chooses("I go another way")
    visitor.sees("Will you answer seven short questions about yourself?")
    visitor.skips()
    visitor.sees("Check your answers")
    visitor.presses("Send this report")

    # Then she has a receipt that says nothing of it, and leaves without a trace
    visitor.sees("We have it")
    reference = visitor.reference()
    assert WORDS not in visitor.page.content()
    visitor.leaves()
    assert visitor.holds_no_trace()

    # And an officer finds the slip, says why, and reads what she told
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.finds_the_report(reference)
    assert WORDS not in officer.page.content(), "the slip shows the account"
    officer.opens_the_account("Triage of a new report from the inbox")
    officer.reads(WORDS)
    officer.reads("It is badly lit")

    # And accepts it into an incident at a place, which then stands on the list
    name = f"Alley by the car park {reference}"
    officer.accepts_it_at_a_new_place(name)
    officer.goes_to("Places")
    officer.reads(name)
