"""By keyboard alone, a report of a place from the first page to the receipt; forced colours; print.

Whatever takes the focus shows it and is not under the exit bar, at every stop of every page.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MOST_STOPS = 60
# What has the focus: its words, whether its ring is drawn, and whether it can be seen.
AT = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = (at.labels && at.labels[0] ? at.labels[0].textContent : '') || at.alt
    || at.textContent || at.value;
  const shown = at.matches('.govuk-radios__input, .govuk-checkboxes__input') && at.labels[0]
    ? at.labels[0] : at;
  const box = shown.getBoundingClientRect();
  const bar = document.querySelector('.exit');
  const rings = [getComputedStyle(at), getComputedStyle(shown, '::before')];
  return {
    words: label.trim().replace(/\\s+/g, ' '),
    ringed: rings.some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 1)
      || s.boxShadow !== 'none'),
    seen: bar.contains(at) || box.bottom > bar.getBoundingClientRect().bottom,
  };
}
"""


class Hands:
    """Someone who has no mouse and no touch."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, words: str) -> None:
        """Press Tab until something of these words has the focus; fail where it cannot be seen."""
        stops = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(AT)
            if at is None:
                continue
            stops.append(at["words"])
            assert at["ringed"], f"no focus is shown on {at['words']!r} of {self.page.title()}"
            assert at["seen"], f"the bar covers {at['words']!r} of {self.page.title()}"
            if at["words"].startswith(words):
                return
        pytest.fail(f"{words!r} is not reached on {self.page.title()}: {stops}")

    def press(self, words: str) -> None:
        """Reach a link or a button and press Enter."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, words: str) -> None:
        """Choose one of several answers with the arrows, or tick a box, and go on."""
        answer = self.page.get_by_label(words, exact=True)
        if answer.get_attribute("type") == "radio":
            self.reach(self.page.locator("label").first.inner_text())
            self.page.keyboard.press("Space")
            while not answer.is_checked():
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(words)
            self.page.keyboard.press("Space")
        self.press("Continue")


def test_a_place_is_reported_by_keyboard_alone(new_visit: NewVisit, servers: Servers) -> None:
    # Given someone with a keyboard only
    page = new_visit().page
    hands = Hands(page)
    page.goto(servers.public + "/")
    hands.reach("Skip to the page")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    hands.press("A place feels unsafe")
    hands.press("Start")
    hands.choose("No")
    hands.choose("No")
    hands.reach("Where is the place?")
    page.keyboard.type("Merehaven")
    hands.press("Find this place")
    if page.get_by_role("heading", level=1).inner_text().startswith("Which"):
        hands.choose(page.locator("label").first.inner_text())

    # The map: moved and chosen with buttons
    expect(page.get_by_role("button", name="Choose the middle of the map")).to_be_visible()
    hands.press("East")
    hands.press("Choose the middle of the map")
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("You chose")
    hands.press("Continue")

    for _ in range(12):
        if page.get_by_role("button", name="Send this report").count():
            break
        hands.press("Skip this question")
    hands.press("Send this report")

    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")


def test_with_forced_colours_an_answer_and_a_button_keep_their_edges(
    new_visit: NewVisit, servers: Servers
) -> None:
    page = new_visit().page
    page.emulate_media(forced_colors="active")
    page.goto(servers.public + "/report/place/")
    with page.expect_navigation():
        page.get_by_role("button", name="Start").click()

    edges = page.evaluate(
        """() => ['.govuk-button', '.govuk-radios__label::before'].map(name => {
          const [at, part] = name.split('::');
          const s = getComputedStyle(document.querySelector(at), part ? '::' + part : null);
          return [s.borderStyle, parseFloat(s.borderWidth) >= 2];
        })"""
    )

    assert edges == [["solid", True], ["solid", True]]


def test_a_printed_page_is_its_words_alone(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    """Neither side prints what can only be pressed; a staff page prints who printed it."""
    page = new_visit().page
    page.emulate_media(media="print")
    page.goto(servers.public + "/what-we-are-doing/")
    expect(page.get_by_role("navigation", name="Pages", exact=True)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    visit = new_visit()
    Officer(visit, servers, accessible).signs_in("supervisor")
    visit.page.emulate_media(media="print")
    expect(visit.page.get_by_role("navigation", name="Sections")).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Leave")).to_be_hidden()
    expect(visit.page.get_by_role("banner")).to_contain_text("Supervisor")
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
