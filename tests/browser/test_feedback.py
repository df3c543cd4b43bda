"""From a question to feedback and back, with every answer there; then to the officer's desk.

The visitor once as most people come, and once without JavaScript; axe looks at every page.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_feedback_half_way_through_a_report_loses_nothing_and_reaches_the_desk(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    words = "He follows me. <img src=x onerror=\"document.title='run'\"> Make it shorter"

    # Given a visitor on a phone, half way through a report
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.page.goto(servers.public + "/report/place/")
    visitor.presses("Start")
    visitor.chooses("No")
    expect(visitor.page).to_have_url(f"{servers.public}/report/2/")
    half_way = visitor.page.url

    # When she gives feedback, forgets to write anything, and then writes
    visitor.page.get_by_role("link", name="Give feedback").click()
    visitor.sees("Feedback about this site")
    visitor.presses("Send feedback")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Write what went wrong")
    visitor.sees("Feedback about this site")
    assert visitor.page.url == f"{servers.public}/feedback/"
    visitor.page.get_by_label("What went wrong, or could be better?").fill(words)
    visitor.presses("Send feedback")

    # Then she is told how to get help, whatever she wrote, and is led back to her question
    visitor.sees("Thank you for your feedback")
    assert "follows" not in visitor.page.content()
    expect(visitor.page.get_by_role("main")).to_contain_text("101")
    visitor.follows("Go back to where you were")
    assert visitor.page.url == half_way
    visitor.page.get_by_role("link", name="Back", exact=True).click()
    expect(visitor.page.get_by_label("No", exact=True)).to_be_checked()
    visitor.leaves()
    assert visitor.holds_no_trace()

    if not scripts:
        return  # the desk without JavaScript is walked by the journey of a report

    # And an officer says why she opens it, reads it as text, and makes it a report
    officer = Officer(new_visit(), servers, accessible)
    # A name that no other journey signs in with: a code is taken once in half a minute.
    officer.signs_in("standards")
    officer.finds_new_feedback(words)
    assert "run" not in officer.page.title()
    officer.presses("Make it a report", why="It tells of someone who follows her")
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text("Report")
    officer.reads("Feedback made a report")
    officer.reads("Words of following or watching")


def test_leaving_from_feedback_drops_what_was_written_at_once_and_offline(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    # Given a visitor whose feedback needs another look
    visit = new_visit()
    visitor = Visitor(visit, servers, accessible)
    visitor.page.goto(servers.public + "/feedback/")
    visitor.page.get_by_label("What went wrong, or could be better?").fill("Long words. " * 500)
    visitor.presses("Send feedback")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Shorten this")
    assert [cookie["name"] for cookie in visit.context.cookies(servers.public)] == ["f"]

    # When she presses Escape with no connection
    visit.context.set_offline(True)
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_timeout(200)

    # Then the device holds nothing that opens it
    assert not visit.context.cookies(servers.public)
    visit.context.set_offline(False)
