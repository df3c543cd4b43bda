"""Someone asks under Clare's Law, and the desk goes from checks to telling in person.

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


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_question_about_someone_is_answered_in_person(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given someone worried about her daughter
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.page.goto(f"{servers.public}/ask/")
    visitor.sees("Ask about someone’s past")
    assert visitor.holds_no_trace(), "reading set a cookie"
    visitor.presses("Start")
    visitor.sees("Is anyone in danger right now?")
    visitor.chooses("I am not sure")
    visitor.sees("Call 999 if you can")
    visitor.presses("Carry on")
    visitor.sees("What this form is, and what it is not")
    visitor.presses("Carry on")
    visitor.sees("Whose partner do you ask about?")
    visitor.chooses("About the partner of someone I know")
    visitor.sees("If you ask for somebody else")
    visitor.presses("Carry on")
    while visitor.heading() != "Who is the person you ask about?":
        visitor.skips()

    # When she gives the names and the way that are needed, and skips the rest
    visitor.page.get_by_label("Full name").fill("Zanzibar Quill")
    visitor.presses("Continue")
    while (heading := visitor.heading()) != "Check your answers":
        if heading == "What is your name?":
            visitor.says("Orla Winterbourne")
        elif heading == "How can we reach you safely?":
            visitor.page.get_by_label("The number or address, or who to ask").fill("07700 900123")
            visitor.chooses("A phone call")
        elif heading == "When we meet":
            visitor.presses("Carry on")
        else:
            visitor.skips()
    visitor.presses("Send this report")

    # Then there is nothing to keep, and she leaves without a trace
    visitor.sees("We have it")
    expect(visitor.page.get_by_role("main")).to_contain_text("no code and no reference")
    visitor.leaves()
    assert visitor.holds_no_trace()

    # And the desk can start from what is known without anybody asking, and tells in person
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.goes_to("Clare’s Law")
    officer.page.get_by_label("Why may someone have to be told?").fill("Known from today’s call")
    officer.page.get_by_role("button", name="Start an application").click()
    officer.reads("Must receive nothing of this")
    officer.reads("Both checks come first.")
    officer.presses("Record the check", why="Passport and a letter")
    officer.page.get_by_label("Nothing points to it").check()
    officer.presses("Record what was found", why="Own records and PND, today")
    officer.page.get_by_label("Tell", exact=True).check()
    officer.presses("Record the decision", why="Needed and in proportion")
    officer.page.get_by_label("The person in danger").check()
    officer.presses("Record that it was told", why="She can leave; told at the clinic")
    officer.reads("told at the clinic")
