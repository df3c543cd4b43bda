"""Someone asks under Clare's Law, and the desk goes from checks to telling in person.

Once as most people come, and once without JavaScript; axe looks at every page on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from safehold.domain import dvds as rules
from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


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

    # And the desk starts from what is known without anybody asking; the checks come first
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.goes_to("Clare’s Law")
    act(
        officer,
        "Start an application",
        "The police learnt of a danger",
        **{"Why may someone have to be told?": "Known from today’s call"},
    )
    officer.reads("Must receive nothing of this")
    officer.reads("Not before:")
    application = officer.page.url
    act(
        officer,
        "Record it",
        "Nobody asked: the police or an agency know of a danger",
        "Nothing points to it",
        link="Record a contact",
        **{"What was said about their safety": "Safe for now, she says"},
    )
    act(
        officer,
        "Record the check",
        link="Record the check of the identity",
        **{"How was the identity checked?": "Passport and a letter"},
    )
    act(
        officer,
        "Record what was found",
        "Nothing points to it",
        link="Record whether whoever asks",
        **{"What was searched, and what": "Own records and PND, today"},
    )
    for _, source in rules.choices("sources"):
        act(
            officer,
            "Record it",
            source,
            link="Record a source",
            **{"What was found, or why": "Not searched tonight, the link is down"},
        )
    act(
        officer,
        "Record it",
        "Advocacy service",
        "Tell",
        link="Record an agency",
        **{"On which day were they asked?": "27/11/2026", "Why?": "She can protect herself then"},
    )

    # When two people have decided, somebody else than whoever proposed it
    act(
        officer,
        "Record the decision",
        "Tell",
        "The person in danger",
        link="Record a decision",
        **{
            "Why is it necessary": "He did it to others before her",
            "Why is it in proportion?": "The least that lets her protect herself",
            "On which lawful basis?": "To prevent crime, as counsel has it",
        },
    )
    officer.reads("Waits for a second person")
    second = Officer(new_visit(scripts=scripts), servers, accessible)
    second.signs_in("supervisor")
    second.page.goto(application)
    act(
        second,
        "Record what you think",
        "Yes",
        link="Say what you think",
        **{"Why?": "Needed, and no more than needed"},
    )

    # Then she is told in person, by a plan, and nothing is in writing
    officer.page.goto(application)
    act(
        officer,
        "Record the plan",
        rules.choices("reached")[0][1],
        link="Plan where and by whom",
        **{
            "Where and when is it safe?": "At the clinic in the morning",
            "Who goes?": "Two of us, one known to her",
            "Who must not learn of it?": "Nobody of his family either",
        },
    )
    act(
        officer,
        "Record that it was told",
        "The person in danger",
        rules.choices("private")[0][1],
        link="Record that it was told",
        **{
            "Why can they protect best": "She can leave; told at the clinic",
            "What was said?": "That there is something, and what it means for her",
            "Which safety advice": "The plan was gone through with her",
        },
    )
    officer.reads("told at the clinic")
    expect(officer.page.get_by_text("no print, export or message of this page")).to_be_visible()


def act(officer: Officer, button: str, *chosen: str, link: str = "", **typed: str) -> None:
    """Follow a link to an act, look at its page, choose and type, and press its button."""
    main = officer.page.get_by_role("main")
    if link:
        main.get_by_role("link", name=link).click()
        officer.accessible(officer.page)
    for words in chosen:
        main.get_by_role("radio", name=words, exact=True).check()
    for label, words in typed.items():
        main.get_by_label(label).fill(words)
    main.get_by_role("button", name=button, exact=True).click()
