"""The check of every page does find what is wrong, also on a page that was right a moment ago."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisit
from tests.servers import Servers

pytestmark = pytest.mark.browser

RULE = "document.adoptedStyleSheets[0].replaceSync({!r})"
END = "document.body.append(Object.assign(document.createElement('{}'), {}))"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_is_wrong_is_found_although_the_page_was_right_before(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    page = new_visit(scripts=scripts).page
    page.goto(f"{servers.public}/report/")
    accessible(page)
    page.evaluate(END.format("img", "{src: '/healthz'}"))
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


def test_a_page_is_looked_at_again_when_more_of_it_is_shown(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    page = new_visit().page
    page.goto(f"{servers.public}/report/")
    page.evaluate(END.format("p", "{id: 'later', textContent: 'Grey on white'}"))
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.evaluate(RULE.format("#later { color: #999; display: none }"))
    hidden = page.content()
    accessible(page)
    # Shown by a rule alone, as where an animation ends: the source is the same.
    page.evaluate(RULE.format("#later { color: #999 }"))
    assert page.content() == hidden
    with pytest.raises(AssertionError, match="color-contrast"):
        accessible(page)
