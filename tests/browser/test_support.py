"""From a need to a number that answers, and a clerk who keeps the list true."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_finds_help_that_fits_and_leaves_no_trace(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given a visitor on a phone who reads Urdu and lives in a town that she misspells
    visit = new_visit(scripts=scripts, phone=True)
    visitor = Visitor(visit, servers, accessible)
    page = visitor.page
    page.goto(servers.public + "/support/")
    visitor.sees("Find support")
    page.get_by_label("What it is about").select_option(
        label="Forced marriage, honour or cutting (FGM)"
    )
    page.get_by_label("Language").select_option(label="Urdu")
    page.get_by_label("Your faith matters in this").check()
    page.get_by_label("Where you are").fill("Merehavvn")
    visitor.presses("Find services")

    # When the page says what is wrong with the place, and keeps the rest
    visitor.sees("Find support")
    expect(page.get_by_role("alert")).to_contain_text("We do not know that place here.")
    assert page.get_by_label("Language").input_value() == "ur"
    expect(page.get_by_label("Your faith matters in this")).to_be_checked()
    page.get_by_label("Where you are").fill("Merehaven")
    visitor.presses("Find services")

    # Then what fits comes first, and no address or title says what she looks for
    visitor.sees("Services")
    assert page.url == f"{servers.public}/support/found/"
    fitting = page.get_by_role("heading", name="These fit what you chose")
    expect(fitting).to_be_visible()
    expect(page.get_by_role("heading", name="Sister Bridge")).to_be_visible()
    expect(page.get_by_role("heading", name="Open Door for men")).to_have_count(0)
    assert "urdu" not in page.title().lower()
    assert [cookie["name"] for cookie in visit.context.cookies(servers.public)] == ["s"]

    # And when she leaves, nothing is left on the device, and coming back shows nothing of it
    visitor.leaves()
    assert visitor.holds_no_trace()
    page.goto(servers.public + "/support/found/")
    expect(page.get_by_role("main")).to_contain_text("This is the whole list.")


def test_leaving_drops_the_choice_in_the_turn_of_the_key_and_offline(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    # Given somebody who has narrowed the list
    visit = new_visit()
    visitor = Visitor(visit, servers, accessible)
    visitor.page.goto(servers.public + "/support/")
    visitor.page.get_by_label("Only who answers now").check()
    visitor.presses("Find services")
    visitor.sees("Services")
    assert visit.context.cookies(servers.public)

    # When the line is gone and she presses Escape
    visit.context.set_offline(True)
    visitor.page.keyboard.press("Escape")

    # Then the cookie is gone all the same
    visitor.page.wait_for_timeout(50)
    assert visit.context.cookies(servers.public) == []


def test_a_clerk_takes_a_closed_line_off_and_the_public_no_longer_sees_it(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    # Given an editor who is told that a service has lapsed
    editor = Officer(new_visit(scripts=False), servers, accessible)
    editor.signs_in("editor")
    editor.reads("1 support service has lapsed and is not shown")
    page = editor.page
    page.goto(servers.staff + "/staff/services/")
    accessible(page)
    page.get_by_role("link", name="Quiet Room").click()
    accessible(page)

    # When she asks it, corrects what changed, and says so
    page.get_by_label("Telephone").fill("01632 960777")
    page.get_by_label("Wednesday", exact=True).fill("nine")
    page.get_by_label("I asked them today, and all of this is right").check()
    page.get_by_role("button", name="Save changes").click()
    editor.reads("Wednesday: Write the hours of a day like 9:00-17:00 or 1pm-5pm.")
    accessible(page)
    page.get_by_label("Wednesday", exact=True).fill("9-5")
    page.get_by_role("button", name="Save changes").click()
    editor.reads("Asked again, and changed")

    # Then the public sees it; and when she withdraws it, no longer
    visitor = Visitor(new_visit(scripts=False), servers, accessible)
    listed = visitor.page.get_by_role("heading", name="Quiet Room")
    assert any(_on_page(visitor, servers, number, "Quiet Room") for number in (1, 2))
    page.get_by_label("Why is it taken off the page?").fill("The drop-in has closed")
    page.get_by_role("button", name="Take it off the page").click()
    editor.reads("The drop-in has closed")
    assert not any(_on_page(visitor, servers, number, "Quiet Room") for number in (1, 2))
    expect(listed).to_have_count(0)


def _on_page(visitor: Visitor, servers: Servers, number: int, name: str) -> bool:
    visitor.page.goto(f"{servers.public}/support/found/{number}/")
    return bool(visitor.page.get_by_role("heading", name=name).count())
