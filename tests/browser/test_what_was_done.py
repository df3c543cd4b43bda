"""Someone tells what is done to her, stops, comes back with a code, and hides her name.

Once as most people come, and once without JavaScript; axe looks at every page on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WORDS = "Winterbourne reads my messages and counts my money"
NAME, NUMBER = "Zanzibar Quill", "07700 900123"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_was_done_is_told_with_a_hidden_name_and_answered(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given someone on a phone who is not sure that she wants to tell
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.page.goto(f"{servers.public}/report/")
    visitor.follows("Tell us what happened")
    visitor.sees("Tell us what happened")
    assert visitor.holds_no_trace(), "reading set a cookie"
    visitor.presses("Start")

    # When danger, age and the police are asked first, then help is shown
    visitor.sees("Is anyone in danger right now?")
    visitor.chooses("No")
    visitor.sees("What do you want to tell us about?")
    visitor.chooses("Something that was done to me")
    visitor.sees("Are you under 18?")
    visitor.chooses("No")
    visitor.sees("Does the person who did it work for the police or a partner agency?")
    visitor.chooses("No")
    visitor.sees("What is it about?")
    visitor.chooses("Abuse by a partner, a former partner or family")
    visitor.sees("What cannot wait")
    visitor.presses("Carry on")
    visitor.sees("People who can help, with or without the police")
    visitor.presses("Carry on")

    # And she gives a name that the unit shall not see
    visitor.sees("How do you want to tell us?")
    visitor.chooses("With my name, but hidden from the people who work on it")
    visitor.sees("What “hidden” means, and what it cannot do")
    visitor.presses("Carry on")
    visitor.sees("What is your name?")
    visitor.says(NAME)
    visitor.sees("How can we reach you safely?")
    visitor.page.get_by_label("The number or address, or who to ask").fill(NUMBER)
    visitor.chooses("A phone call")
    while visitor.heading() != "What happened?":
        visitor.skips()

    # And has to stop, and saves under a code
    visitor.page.get_by_label("What happened?").fill(WORDS)
    visitor.page.get_by_text("Stop here, or come back later").click()
    visitor.presses("Save and come back later")
    visitor.sees("Save and come back later")
    visitor.presses("Save under a code of six words")
    visitor.sees("Your code")
    code = visitor.page.locator(".reference strong").inner_text()
    visitor.presses("I have kept it: close this form")
    visitor.sees("Come back with your code")
    assert visitor.holds_no_trace()

    # Then she comes back on another device, finds her words, and sends what she has
    other = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    other.page.goto(f"{servers.public}/report/")
    other.follows("Come back with a code")
    other.page.get_by_label("Your code").fill(code)
    other.presses("Open it")
    other.sees("Is anyone in danger right now?")
    other.chooses("No")
    other.sees("When did it happen?")
    other.page.get_by_text("Stop here, or come back later").click()
    other.presses("Stop here and send what I have")
    other.sees("Check your answers")
    expect(other.page.get_by_role("main")).to_contain_text(WORDS)
    other.presses("Send this report")
    other.sees("We have it")
    reference = other.reference()
    other.leaves()
    assert other.holds_no_trace()

    # And an officer reads what was done, and not who told
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.finds_the_report(reference)
    officer.reads("The name is hidden")
    report = officer.page.url
    officer.opens_the_account("Triage of a new report from the inbox")
    officer.reads(WORDS)
    assert NAME not in officer.page.content()
    officer.page.get_by_label("Domestic abuse", exact=True).check()
    officer.page.get_by_role("button", name="Accept as an incident").click()
    officer.reads("No place: where it was stands in the sealed account alone.")

    # And a keeper apart from the unit opens the name, and an auditor looks at that
    keeper = Officer(new_visit(scripts=scripts), servers, accessible)
    keeper.signs_in("keeper")
    keeper.page.goto(report)
    keeper.page.get_by_role("link", name="Open the name as its keeper").click()
    keeper.page.get_by_label("Why must this name be opened?").fill("She may be in danger tonight")
    keeper.page.get_by_role("button", name="Record the reason and open the name").click()
    keeper.reads(NAME)
    keeper.reads(NUMBER)
    auditor = Officer(new_visit(scripts=scripts), servers, accessible)
    auditor.signs_in("auditor")
    auditor.goes_to("Hidden names")
    auditor.reads("She may be in danger tonight")
    assert NAME not in auditor.page.content()
