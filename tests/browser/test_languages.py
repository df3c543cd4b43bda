"""The site in two languages that nobody speaks, one longer and one that runs right to left."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import invented_languages
from tests.browser.conftest import NewVisit
from tests.invented_languages import LONGER, RIGHT_TO_LEFT, forgotten
from tests.servers import Servers, filled_installation, public_keys_only, running

pytestmark = pytest.mark.browser

PAGES = ["/report/", "/report/place/", "/leaving/", "/no-such-page/"]
NAMES = {LONGER: "[Énglïsh]", RIGHT_TO_LEFT: "\u202eEnglish\u202c"}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Run the public site with both languages on offer."""
    folder = tmp_path_factory.mktemp("languages")
    data, keys = folder / "data", folder / "public-keys"
    shutil.copytree(filled_installation(), data)
    public_keys_only(data / "keys", keys)
    spoken = invented_languages.write(folder / "locale")
    changes = {"SAFEHOLD_KEYS": str(keys), "SAFEHOLD_INVENTED_LANGUAGES": str(spoken)}
    with running("public", data, changes) as public:
        yield Servers(public=public, staff=public, data=data)


def _chooses(page: Page, language: str) -> None:
    page.locator(f'.languages button[value="{language}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_language_is_chosen_in_place_and_goes_when_she_leaves(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], scripts: bool
) -> None:
    visit = new_visit(scripts=scripts)
    page = visit.page
    page.goto(servers.public + "/leaving/")

    _chooses(page, RIGHT_TO_LEFT)

    assert page.url == servers.public + "/leaving/"
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    accessible(page)
    assert [cookie["name"] for cookie in visit.context.cookies()] == ["l"]
    page.request.get(servers.public + "/exit/", max_redirects=0)
    assert visit.context.cookies(servers.public) == []


@pytest.mark.parametrize("language", [LONGER, RIGHT_TO_LEFT])
def test_no_page_breaks_at_320_pixels(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], language: str
) -> None:
    page = new_visit(phone=True).page
    page.goto(servers.public + PAGES[0])
    _chooses(page, language)
    for path in PAGES:
        page.goto(servers.public + path)
        _stands(page, path)
    accessible(page)
    page.goto(servers.public + "/report/place/")
    for pressed in ("begin", "continue", "continue"):
        page.locator(f'button[value="{pressed}"]').first.click()
        _stands(page, page.url)
        assert forgotten(page.content(), known=[*_names(page), "kbd"]) == []
    accessible(page)


def _names(page: Page) -> list[str]:
    return [page.locator("header .name").inner_text(), "www.bbc.co.uk/weather"]


def _stands(page: Page, where: str) -> None:
    """Nothing scrolls sideways, and the way out is on top and first."""
    page.wait_for_load_state("load")  # a press returns when the next page begins
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, where
    assert (
        page.evaluate(
            "[...document.querySelectorAll('main *, header *, footer *, .exit a')].filter(each => {"
            " const box = each.getBoundingClientRect(); return box.width > 1 &&"
            " (box.left < -1 || box.right > 321) && !each.closest('.govuk-visually-hidden')"
            "}).map(each => each.outerHTML.slice(0, 120))"
        )
        == []
    ), where
    out = page.locator(".exit [data-exit]")
    expect(out).to_be_in_viewport()
    assert out.bounding_box()["y"] < 56
    assert page.locator(".exit").bounding_box()["height"] <= 56
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(out).to_be_in_viewport()
    page.evaluate("window.scrollTo(0, 0)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-exit')"), where


def test_where_a_line_begins_is_on_the_right(new_visit: NewVisit, servers: Servers) -> None:
    page = new_visit().page
    page.goto(servers.public + "/report/place/")
    _chooses(page, RIGHT_TO_LEFT)
    page.locator('button[value="begin"]').click()
    radio = page.locator(".govuk-radios__input").first
    label = page.locator(".govuk-radios__label").first
    assert radio.bounding_box()["x"] > label.bounding_box()["x"]
    back, heading = page.locator(".govuk-back-link"), page.locator("h1")
    assert back.bounding_box()["x"] > 640
    assert heading.evaluate("each => getComputedStyle(each).direction") == "rtl"


def test_a_number_to_call_is_read_in_its_order(new_visit: NewVisit, servers: Servers) -> None:
    page = new_visit().page
    page.goto(servers.public + "/report/")
    _chooses(page, RIGHT_TO_LEFT)
    for link in page.locator('main a[href^="tel:"]').all():
        if " " in link.inner_text():
            first, last = (
                link.evaluate(
                    "(a, at) => { const r = document.createRange(); const t = a.firstChild;"
                    " const i = at ? t.length - 1 : 0; r.setStart(t, i); r.setEnd(t, i + 1);"
                    " return r.getBoundingClientRect().left }",
                    at,
                )
                for at in (0, 1)
            )
            assert first < last, link.inner_text()
