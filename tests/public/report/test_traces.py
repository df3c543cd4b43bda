"""Nothing that was told stands in an address, a title, a cookie or a header."""

from __future__ import annotations

import re
from html import unescape
from importlib.resources import files
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client

from safehold.design.chrome import PRACTICE
from safehold.domain.journey.place_questions import PLACE as JOURNEY
from safehold.public.report import drafts
from safehold.public.report.urls import urlpatterns
from tests.public.report.visitor import PLACE, Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

MARKS = ["Zanzibar", "church", "dark", "under_18", "followed", "layout"]
ANSWERS: dict[str, dict[str, Any]] = {
    "now": {"danger": "yes"},
    "happened": {"to_you": "yes"},
    "where": {"do": "find", "find": "church lane"},
    "which": {"pick": "words"},
    "words": {"text": "Zanzibar steps"},
    "around": {"reasons": ["dark", "layout"], "more": "Zanzibar lamp"},
    "people": {"reasons": ["followed"]},
    "about_you": {"ask": "yes"},
    "you_age": {"answer": "under_18"},
}


class Watching(Client):
    """A browser that keeps every answer it got."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[HttpResponse] = []

    def request(self, **request: Any) -> HttpResponse:
        response: HttpResponse = super().request(**request)
        self.seen.append(response)
        return response


@pytest.fixture
def seen() -> list[HttpResponse]:
    """Every answer of one whole journey, mistakes included."""
    browser = Watching()
    visitor = Visitor(browser)
    visitor.goes().begins()
    while visitor.page != "check":
        visitor.sends(**ANSWERS.get(visitor.page, {}))
    visitor.goes("around").sends(more="Zanzibar " * 200, reasons=["dark"])
    visitor.goes("check").sends("send").goes("around")
    return browser.seen


def _html(page: HttpResponse) -> str:
    return page.content.decode()


def test_no_answer_stands_in_an_address_a_title_or_a_header(seen: list[HttpResponse]) -> None:
    assert len(seen) > 40
    for response in seen:
        title = re.search(r"<title>(.*?)</title>", response.content.decode())
        said = " ".join(
            [
                *(f"{name}: {value}" for name, value in response.items()),
                response.cookies.output(),
                title[1] if title else "",
            ]
        )
        assert not [mark for mark in MARKS if mark.lower() in said.lower()]
        assert "?" not in response.get("Location", "")


def test_every_answer_is_kept_nowhere(seen: list[HttpResponse]) -> None:
    assert {response.get("Cache-Control") for response in seen} == {"no-store"}


def test_no_cookie_but_the_two_halves_is_ever_set(seen: list[HttpResponse]) -> None:
    assert {name for response in seen for name in response.cookies} == {"d", "k"}


def test_nothing_of_hers_is_kept_to_draw_the_next_visitors_page(seen: list[HttpResponse]) -> None:
    drawn = engines["jinja2"].env.globals
    kept = f"{drawn['govuk']._kept} {drawn['standing']._drawn._held}"
    assert "Continue" in kept
    hers = {morsel.value for page in seen for morsel in page.cookies.values() if morsel.value}
    tokens = re.findall(r'name="seen" value="([^"]+)"', " ".join(map(_html, seen)))
    references = re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", " ".join(map(_html, seen)))
    assert all((hers, tokens, references))
    for mark in ("Zanzibar", "church", *hers, *tokens, *references):
        assert mark.lower() not in kept.lower()
    # The choices are on offer to everybody; that one was made, or was wrong, is hers.
    assert not re.findall(r" checked| selected|govuk-error-message|--error", kept)


def test_the_name_of_the_product_is_on_no_page(seen: list[HttpResponse]) -> None:
    for response in seen:
        assert "safehold" not in response.content.decode().lower()
        assert "safehold" not in str(response.headers).lower()


def test_every_page_has_the_way_out_and_the_practice_label(seen: list[HttpResponse]) -> None:
    for response in seen:
        if response.content:
            assert "Leave this site" in response.content.decode()
            assert PRACTICE in response.content.decode()


def test_every_page_that_promises_a_warning_carries_it(seen: list[HttpResponse]) -> None:
    promised = [page for page in seen if b"this page warns you" in page.content]
    assert len(promised) > 20
    for page in promised:
        assert b'class="idle" role="status"' in page.content


def test_pages_are_light(seen: list[HttpResponse]) -> None:
    pages = [len(response.content) for response in seen if response.status_code == 200]
    assert max(pages) < 16_000  # before compression; the whole visit has 15 KB on the wire


def test_every_box_and_button_can_be_used_and_named(seen: list[HttpResponse]) -> None:
    for response in seen:
        html = response.content.decode()
        main = html.partition("<main")[2].partition("</main>")[0]
        if not main:
            continue
        assert main.count("<h1") == 1
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        for name in re.findall(
            r'<(?:input|textarea)[^>]*type="(?:text|radio|checkbox)"[^>]*>', main
        ):
            found = re.search(r'\sid="([^"]+)"', name)
            assert found is not None
            assert f'for="{found[1]}"' in main
        for box in re.findall(r"<(?:input[^>]*type=\"text\"|textarea)[^>]*>", main):
            assert 'autocomplete="off"' in box
            assert 'spellcheck="false"' in box
        for described in re.findall(r'aria-describedby="([^"]+)"', main):
            assert set(described.split()) <= set(ids)


def test_every_question_says_that_it_can_be_skipped_but_the_place(visitor: Visitor) -> None:
    visitor.begins()
    while visitor.page != "check":
        question = next(each for each in JOURNEY.questions if each.key == visitor.page)
        said = "You can skip this question" in visitor.words
        needed = visitor.page in {"where", "which", "words"}
        assert said == (not question.notice and not needed), visitor.page
        visitor.sends(**ANSWERS.get(visitor.page, {}))


def test_the_addresses_of_steps_are_numbers_whatever_is_asked(seen: list[HttpResponse]) -> None:
    """So that a history tells how many steps somebody took, and of which form none."""
    routes = [str(pattern.pattern) for pattern in urlpatterns]
    assert len(routes) == len(set(routes))
    # To `files/` a browser only ever posts, and is led on: it stands in no history.
    # `call/` is for members, who type for somebody.
    known = {"", "place/", "tell/", "save/", "files/", "map/picture/", "<int:number>/"}
    known |= {"call/", "call/again/"}
    assert {route.removeprefix("report/") for route in routes} == known | {"ask/"}
    for response in seen:
        assert re.fullmatch(r"(/report/(\d+/|place/)|)", response.get("Location", "")), response[
            "Location"
        ]


def test_the_title_of_a_step_is_its_number(seen: list[HttpResponse]) -> None:
    titles = [re.search(r"<title>(.*?)</title>", page.content.decode()) for page in seen]
    said = {title[1].partition(" – ")[0].removeprefix("Error: ") for title in titles if title}
    others = {title for title in said if not re.fullmatch(r"Step \d+", title)}
    assert others == {"A place"}


def test_on_https_the_halves_are_bound_to_the_host(visitor: Visitor, settings: Any) -> None:
    settings.HTTPS = True
    visitor.client.get("/report/1/", secure=True)
    visitor.client.post("/report/1/", {"q": "place.now", "danger": "no"}, secure=True)
    assert set(visitor.cookies) == {"__Host-d", "__Host-k"}
    for morsel in visitor.client.cookies.values():
        assert morsel["secure"]
        assert morsel["path"] == "/"
        assert not morsel["domain"]
    page = visitor.client.get(PLACE, secure=True).content.decode()
    assert "Carry on where you were" in page


def test_a_post_from_another_site_is_refused(visitor: Visitor) -> None:
    answer = visitor.client.post(
        "/report/1/", {"q": "place.now"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert not visitor.cookies


def test_the_page_warns_five_minutes_before_answers_are_destroyed(visitor: Visitor) -> None:
    css = (files("safehold.design") / "static/design/public.css").read_text()
    delay = re.search(r"\.idle\{[^}]*animation:[^}]*?(\d+)s forwards", css)
    assert delay is not None
    assert int(delay[1]) == (drafts.idle_minutes() - 5) * 60
    visitor.goes("now")
    assert 'class="idle"' not in visitor.html  # nothing is kept before it is begun
    visitor.begins()
    assert 'class="idle" role="status"' in visitor.html
    assert f"{drafts.idle_minutes()} minutes" in unescape(visitor.words)
