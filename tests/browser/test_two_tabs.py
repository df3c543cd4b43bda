"""Two tabs on one form, on a phone without JavaScript: what came too late is there to be copied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WORDS = "He was there again today"


@pytest.mark.parametrize("scripts", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_what_she_writes_in_another_tab_after_sending_is_shown_as_not_sent(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    visit = new_visit(scripts=scripts, phone=True)
    visitor = Visitor(visit, servers, accessible)
    visitor.page.goto(servers.public + "/report/tell/")
    visitor.presses("Start")
    while visitor.page.get_by_role("heading", level=1).inner_text() != "What happened?":
        skip = visitor.page.get_by_role("button", name="Skip this question")
        visitor.skips() if skip.count() else visitor.presses("Carry on")
    other = visit.context.new_page()
    other.goto(visitor.page.url)
    late = Visitor(type(visit)(visit.context, other), servers, accessible)

    visitor.page.get_by_label("What happened?").fill("He waited at the gate")
    visitor.page.get_by_text("Stop here, or come back later").click()
    visitor.presses("Stop here and send what I have")
    visitor.presses("Send this report")
    visitor.sees("We have it")

    late.says(WORDS)
    late.sees("We have it")
    expect(other.get_by_text("What you just wrote was not sent with it.")).to_be_visible()
    box = other.get_by_role("textbox")
    expect(box).to_have_value(WORDS)
    expect(box).to_have_attribute("readonly", "")
    assert other.evaluate("document.documentElement.scrollWidth") <= 320
    assert WORDS not in other.url + other.title()
    other.get_by_role("button", name="Take this away").click()
    late.sees("We have it")
    expect(other.get_by_role("textbox")).to_have_count(0)

    late.leaves()
    assert late.holds_no_trace()
