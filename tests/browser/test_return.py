"""Someone tells without a name, takes a code, and comes back to it; the unit and she write.

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

WORDS = "Winterbourne waits for me by the gate"
HERS = "Monday is good, Winterbourne, not before nine"
OURS = "May we ring on Monday at ten?"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_code_leads_back_and_both_sides_write(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given someone who told without a name
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.page.goto(f"{servers.public}/report/tell/")
    visitor.presses("Start")
    while visitor.page.get_by_role("heading", level=1).inner_text() != "What happened?":
        skip = visitor.page.get_by_role("button", name="Skip this question")
        visitor.skips() if skip.count() else visitor.presses("Carry on")
    visitor.page.get_by_label("What happened?").fill(WORDS)
    visitor.page.get_by_text("Stop here, or come back later").click()
    visitor.presses("Stop here and send what I have")
    visitor.presses("Send this report")
    visitor.sees("We have it")
    reference = visitor.reference()

    # When she takes a code and says that she has kept it
    visitor.presses("Give me a code of six words")
    visitor.sees("We have it")
    code = visitor.page.locator(".reference strong").nth(1).inner_text()
    visitor.presses("I have kept it")
    visitor.sees("We have it")
    assert code not in visitor.page.content()
    visitor.leaves()
    assert visitor.holds_no_trace()

    # And an officer says where it stands, and asks when to ring
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.finds_the_report(reference)
    officer.page.get_by_role("link", name="Messages").click()
    expect(
        officer.page.get_by_text("Whoever told us took a code and can come back.")
    ).to_be_visible()
    officer.reads("Nothing yet.")
    officer.page.get_by_label("We would like to ask you something.").check()
    officer.page.get_by_role("button", name="Say this").click()
    officer.page.get_by_label("What do you want to write?").fill(OURS)
    officer.page.get_by_role("button", name="Send this message").click()

    # Then she reads it on another device, and nothing that she told
    other = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    other.page.goto(f"{servers.public}/return/")
    other.sees("Come back with your code")
    other.page.get_by_label("Your code").fill(code)
    other.presses("Open it")
    other.sees("Your report")
    main = other.page.get_by_role("main")
    expect(main).to_contain_text("We would like to ask you something.")
    expect(main).to_contain_text(OURS)
    assert WORDS not in other.page.content()
    other.page.get_by_label("Write to us").fill(HERS)
    other.presses("Send this message")
    expect(main).to_contain_text("Your message is sent.")
    assert HERS not in other.page.content()

    # And the unit is told that she wrote, and reads it with a reason
    officer.page.goto(f"{servers.staff}/staff/")
    officer.reads("wrote something new, and nobody has read it.")
    officer.page.goto(f"{servers.staff}/staff/reports/?reference={reference}")
    officer.page.get_by_role("link", name="Messages: 1 not read").click()
    officer.page.get_by_label("Why do you need to read these messages?").fill("To answer her")
    officer.page.get_by_role("button", name="Record the reason and read").click()
    officer.reads(HERS)

    # And when she closes the code, it opens nothing any more
    other.page.get_by_text("Someone may have my code").click()
    other.page.get_by_label("Your code, once more").fill(code)
    other.presses("Close the code for good")
    other.sees("Come back with your code")
    expect(main).to_contain_text("The code is closed")
    other.page.get_by_label("Your code").fill(code)
    other.presses("Open it")
    expect(main).to_contain_text("That code opened nothing.")
    assert other.holds_no_trace()
