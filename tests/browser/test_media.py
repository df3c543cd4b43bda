"""A signed film: loaded when it is started and not before, and no hindrance to leaving."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisit
from tests.servers import Servers

pytestmark = pytest.mark.browser


def test_a_film_is_asked_for_by_whoever_starts_it(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    visit = new_visit()
    page = visit.page
    asked: list[tuple[str, int]] = []
    page.on("response", lambda r: asked.append((urlsplit(r.url).path, r.status)))

    page.goto(servers.public + "/report/", wait_until="networkidle")
    assert len(asked) <= 4
    assert not [path for path, _ in asked if path.startswith("/files/")]
    page.get_by_text("British Sign Language: in danger now").click()
    accessible(page)
    page.wait_for_timeout(200)
    assert "/files/1.webm" not in {path for path, _ in asked}

    film = page.locator("video")
    film.evaluate("film => film.play()")
    expect(film).to_have_js_property("paused", False)
    page.wait_for_timeout(500)
    assert film.evaluate("film => film.currentTime") > 0

    assert ("/files/1.webm", 206) in asked
    assert film.evaluate("film => film.muted && !document.fullscreenEnabled")
    assert visit.outside == []
    film.focus()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"^https://"))


def test_easy_words_stand_on_a_page_that_can_be_left(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None]
) -> None:
    page = new_visit(phone=True).page
    page.goto(servers.public + "/report/")
    page.get_by_role("link", name="Easy Read: in danger now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("If you are in danger now")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # Asked from outside: waiting within the page would need `eval`, which its policy refuses.
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    accessible(page)
    page.get_by_role("link", name="Leave this site").first.click()
    page.wait_for_url(re.compile(r"^https://"))
