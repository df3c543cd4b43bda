"""Danger at any hour: somebody has it, it is decided whether it is a crime, and it ends.

Once as most people work, and once without JavaScript; axe looks at every page on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_danger_is_handed_to_somebody_and_seen_to_its_end(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    # Given somebody who sends what she has while she is in danger
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    visitor.page.goto(f"{servers.public}/report/tell/")
    visitor.presses("Start")
    visitor.sees("Is anyone in danger right now?")
    visitor.chooses("I am not sure")
    while visitor.heading() != "Check your answers":
        goes_on(visitor.page)
    visitor.presses("Send this report")
    visitor.sees("We have it")
    reference = visitor.reference()

    # When a supervisor hands it to an officer
    supervisor = Officer(new_visit(scripts=scripts), servers, accessible)
    supervisor.signs_in("supervisor")
    supervisor.finds_the_report(reference)
    report = supervisor.page.url
    supervisor.page.get_by_role("link", name="Hand it on to another team").click()
    supervisor.page.get_by_label("To which team?").select_option(label="Safeguarding unit")
    supervisor.page.get_by_label("To whom?").select_option(label="Dena Okafor, Eastmere")
    supervisor.presses("Hand it on", why="On duty until the morning")
    supervisor.reads("Dena Okafor")
    supervisor.goes_to("The watch")
    assert reference not in supervisor.page.get_by_role("main").inner_text()

    # And the officer reads it and accepts it
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.reads(reference)
    officer.page.goto(report)
    officer.opens_the_account("Handed to me by my supervisor")
    officer.page.get_by_label("Not classified", exact=True).check()
    officer.page.get_by_role("button", name="Accept as an incident").click()
    incident = officer.page.url
    supervisor.page.goto(f"{report}end/")
    supervisor.page.get_by_role("link", name="open the account with a reason").click()
    supervisor.opens_the_account("To see whether the work on it can end")
    supervisor.page.goto(f"{report}end/")
    supervisor.presses("End the work on it", why="Safe with her sister since this morning")
    supervisor.reads("It cannot be ended yet. Nobody has decided whether it is a crime.")

    # Then the registrar decides, and the work on it can end
    registrar = Officer(new_visit(scripts=scripts), servers, accessible)
    registrar.signs_in("registrar")
    registrar.goes_to("Crime decisions")
    registrar.page.goto(incident)
    registrar.reads("Crime or not: not yet decided")
    registrar.page.get_by_label("It is not a crime", exact=True).check()
    registrar.presses("Record the decision", why="Nothing that was told is an offence")
    registrar.page.goto(f"{servers.staff}/staff/crime-decisions/?state=decided")
    registrar.reads("Not a crime – settled")
    supervisor.page.goto(f"{report}end/")
    supervisor.presses("End the work on it", why="Safe with her sister since this morning")
    supervisor.reads("The work on it is over")


def goes_on(page: Page) -> None:
    send = page.locator("button", has_text="Stop here and send what I have")
    if send.count():
        page.get_by_text("Stop here, or come back later").click()
        send.click()
        return
    for words in ("Skip this question", "Carry on", "Continue"):
        button = page.get_by_role("button", name=words, exact=True)
        if button.count():
            button.click()
            return
    page.get_by_role("main").get_by_role("link").last.click()
