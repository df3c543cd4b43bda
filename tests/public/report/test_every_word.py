"""Every page of the public site, in two languages that nobody speaks: no word was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from safehold import rules
from safehold.config.languages import offered
from safehold.content import first_pages, rendering
from safehold.design.languages import speaking
from safehold.domain.opening_hours import Hours, OnBankHolidays
from safehold.domain.services import Answer, SafeContact
from safehold.public import cookies, errors
from safehold.public.report import views
from tests import invented_languages
from tests.desk import AT
from tests.invented_languages import LONGER, RIGHT_TO_LEFT, forgotten
from tests.public.report.visitor import Visitor
from tests.some_services import add

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

FORCE = django_settings.FORCE
# Names of things, which no language changes: the force, the county's places, the neutral address,
# the key on a keyboard, names of cookies, products of other companies, and who enforces the law.
NAMES = (
    FORCE.name,
    FORCE.area_name,
    "www.bbc.co.uk/weather",
    *("axe-core", "Chromium", "JAWS, NVDA, VoiceOver", "TalkBack", "Firefox", "Safari"),
    *rules.load("accessibility").tables["enforcement"].values(),
    *(f"“{letter}”" for letter in (*cookies.TAKEN_BACK, *cookies.KEPT_ON_LEAVING, "x")),
    *("Elm Row", "Church Lane", "Meretown", "Mere", "Fen", "QM1 1AA", "QM1 2BB"),
)
WORDS_OF_HERS = "QQQ"


@pytest.fixture(params=[LONGER, RIGHT_TO_LEFT])
def language(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """A language that nobody speaks, offered on this site."""
    folder = invented_languages.write(tmp_path / "locale")
    settings.LOCALE_PATHS = [folder]
    settings.LANGUAGES_OFFERED = offered(FORCE, invented=folder)
    return str(request.param)


@pytest.fixture
def client(language: str) -> Client:
    """A browser whose visitor chose the language."""
    chosen = Client()
    chosen.cookies[cookies.LANGUAGE_COOKIE] = language
    return chosen


def _routes(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and "<" not in path:
            yield path


def _read(html: str, language: str, *, where: str, without: str = "") -> None:
    known = (*NAMES, WORDS_OF_HERS)
    assert forgotten(html, known=known, without=without) == [], where
    direction = "rtl" if language == RIGHT_TO_LEFT else ""
    assert invented_languages.of(html) == (language, direction), where


def test_no_route_has_a_word_that_no_translator_saw(client: Client, language: str) -> None:
    paths = list(_routes(get_resolver("safehold.config.urls.public").url_patterns))
    assert len(paths) > 15
    for path in [*paths, "/no-such-page/"]:
        client.cookies[cookies.LANGUAGE_COOKIE] = language  # `/exit/` took it back
        response = client.get(path)
        html = response.get("Content-Type", "").startswith("text/html")
        if html and response.content:
            _read(response.content.decode(), language, where=path)


def test_the_whole_report_is_asked_in_one_language(client: Client, language: str) -> None:
    visitor = Visitor(client).begins()
    answers = {
        "now": {"danger": "yes"},
        "happened": {"to_you": "yes"},
        "works": {"party": "yes"},
        "people": {"reasons": ["followed"], "more": WORDS_OF_HERS},
        "still": {"following": "now"},
        "when": {"when": "date"},
        "date": {"date_day": "2", "date_month": "3", "date_year": "2026"},
        "changed": {"changes": ["nothing"]},
        "about_you": {"ask": "yes"},
        "where": {"find": "Church Lane"},
        "which": {"pick": "map"},
        "point": {"at.x": "140", "at.y": "140"},
    }
    seen = set()
    for _ in range(60):
        _read(visitor.html, language, where=visitor.at)
        page = visitor.page
        if page == "check":
            break
        if page == "point" and "point" in seen:
            visitor.sends()
            continue
        seen.add(page)
        visitor.sends("find" if page == "where" else "continue", **answers.get(page, {}))
    assert {"call", "call_again", "other_way", "which", "point", "date", "you_health"} <= seen
    visitor.sends("send")
    assert 'class="reference"' in visitor.html
    html = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "", visitor.html)
    _read(html, language, where="sent")
    _read(visitor.goes().html, language, where="start, after it was sent")


HARM_ANSWERS: dict[str, dict[str, Any]] = {
    "now": {"danger": "yes"},
    "young": {"answer": "yes"},
    "young_other": {"answer": "not_sure"},
    "works": {"party": "not_sure"},
    "about": {
        "about": [
            "home",
            "control",
            "sexual",
            "stalking",
            "honour",
            "spiking",
            "exposure",
            "online",
        ]
    },
    "name": {"name": WORDS_OF_HERS},
    "place": {"kind": "venue"},
    "what": {"text": WORDS_OF_HERS},
    "who": {"who": "ex"},
    "risk": {"risk": ["strangled"]},
    "hurt": {"hurt": "now"},
    "children": {"answer": "yes"},
    "when": {"when": "this_week"},
    "about_you": {"ask": "no"},
}


@pytest.mark.parametrize("who", ["me", "professional"])
@pytest.mark.parametrize(
    ("how", "method"), [("named", "call"), ("hidden", "post"), ("anonymous", "none")]
)
def test_what_was_done_is_asked_in_one_language(
    client: Client, language: str, who: str, how: str, method: str
) -> None:
    answers = {
        **HARM_ANSWERS,
        "who_for": {"who": who},
        "identity": {"how": how},
        "contact": {"method": method},
    }
    visitor = Visitor(client, "/report/tell/", "harm")
    _read(visitor.goes().html, language, where="start")
    visitor.begins()
    for _ in range(80):
        _read(visitor.html, language, where=visitor.page)
        if visitor.page == "check":
            break
        do = "skip" if visitor.page == "where" else "continue"
        visitor.sends(do, **answers.get(visitor.page, {}))
    visitor.sends("send")
    html = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "", visitor.html)
    _read(html, language, where="sent")
    _read(visitor.goes().html, language, where="start, after it was sent")


@pytest.mark.parametrize("who", ["self", "professional"])
def test_a_question_about_someone_is_asked_in_one_language(
    client: Client, language: str, who: str
) -> None:
    answers = {
        "now": {"danger": "yes"},
        "who_asks": {"who": who},
        "young": {"answer": "yes"},
        "works": {"party": "yes"},
        "subject": {"name": WORDS_OF_HERS},
        "children": {"answer": "yes"},
        "name": {"name": WORDS_OF_HERS},
        "contact": {"method": "post", "to": WORDS_OF_HERS},
        "about_you": {"ask": "no"},
    }
    visitor = Visitor(client, "/ask/", "ask")
    _read(visitor.goes().html, language, where="start")
    visitor.begins()
    for _ in range(60):
        _read(visitor.html, language, where=visitor.page)
        if visitor.page == "check":
            break
        visitor.sends(**answers.get(visitor.page, {}))
    _read(visitor.sends("send").html, language, where="sent")
    _read(visitor.goes().html, language, where="start, after it was sent")


def test_saving_and_coming_back_are_told_in_the_same_language(
    client: Client, language: str
) -> None:
    visitor = Visitor(client, "/report/tell/", "harm").begins().sends("save")
    _read(visitor.html, language, where="before it is saved")
    visitor.sends("digits", at="/report/save/")
    _read(re.sub(r"[0-9]{4}( [0-9]{4}){3}", "", visitor.html), language, where="the code")
    visitor.sends("carry_on", at="/report/save/")
    _read(visitor.goes("/report/save/").html, language, where="saved before")
    _read(visitor.goes("/return/").html, language, where="with a form open")
    _read(visitor.sends(at="/return/", code="?").html, language, where="a wrong code")
    _read(visitor.goes("/return/later/").html, language, where="not just now")
    other = Visitor(client)
    _read(other.goes().html, language, where="another form is open")


@pytest.mark.parametrize(
    ("page", "do", "sent"),
    [
        ("now", "continue", {"danger": "?"}),
        ("where", "find", {"find": ""}),
        ("where", "find", {"find": "ZZ99 9ZZ"}),
        ("where", "find", {"find": "QM1 2BB"}),
        ("where", "find", {"find": "Far Street"}),
        ("where", "find", {"find": "qqq"}),
        ("where", "find", {"find": "q" * 200}),
        ("around", "continue", {"reasons": ["?"]}),
        ("around", "continue", {"more": "q" * 1_001}),
        ("around", "continue", {"more": "q" * 100_001}),
        ("around", "continue", {"more": "q" * 2_600_000}),
        ("changed", "continue", {"changes": ["nothing", "clothes"]}),
    ],
)
def test_what_cannot_be_taken_is_said_in_the_same_language(
    client: Client, language: str, page: str, do: str, sent: dict[str, Any]
) -> None:
    visitor = Visitor(client).begins()
    for _ in range(20):
        if visitor.page == page:
            break
        visitor.sends("words" if visitor.page == "where" else "continue", text=WORDS_OF_HERS)
    visitor.sends(do, **sent)
    assert visitor.page == page
    assert 'role="alert"' in visitor.html or "govuk-error-message" in visitor.html
    _read(visitor.html, language, where=page)


@pytest.mark.parametrize(
    "date", [("1", "", "2026"), ("31", "2", "2026"), ("1", "1", "2999"), ("1", "1", "26")]
)
def test_what_is_no_date_is_said_in_the_same_language(
    client: Client, language: str, date: tuple[str, str, str]
) -> None:
    visitor = Visitor(client).begins().sends().sends().sends("words").sends(text=WORDS_OF_HERS)
    visitor.sends().sends().sends(when="date")
    day, month, year = date
    visitor.sends(date_day=day, date_month=month, date_year=year)
    assert visitor.page == "date"
    assert "govuk-error-message" in visitor.html
    _read(visitor.html, language, where="date")


def test_a_draft_that_is_lost_or_half_way_is_told_in_the_same_language(
    client: Client, language: str
) -> None:
    visitor = Visitor(client).begins().sends()
    _read(visitor.goes().html, language, where="start, half way")
    visitor.goes("where").sends("find", find="Elm Row, Nowhere")
    _read(visitor.html, language, where="which")
    del client.cookies["d"], client.cookies["k"]
    visitor.sends(at="around", more=WORDS_OF_HERS)
    _read(visitor.html, language, where="lost")


def test_a_service_is_told_in_the_same_language(client: Client, language: str) -> None:
    """What a service says of itself is its own; every word around it is ours."""
    week = (((540, 720), (780, 1080)),) * 5 + (((0, 1440),), ())
    for told in (
        {"hours": Hours(week=week, on_bank_holidays=OnBankHolidays.CLOSED)},
        {"hours": Hours(week=week), "is_refuge": True, "ages": "13 and over"},
        {"hours": Hours(), "needs": frozenset({"deaf"}), "languages": frozenset({"pl"})},
        {"interpreter": True, "safe": SafeContact(free=Answer.YES, hides_number=Answer.NO)},
    ):
        add(AT, name=f"Line of {sorted(told)}", **told)
    with time_machine.travel(AT, tick=False):
        _read(client.get("/support/").content.decode(), language, where="support")
        _read(client.get("/support/found/").content.decode(), language, where="all")
        chosen = {"needs": ["older", "deaf"], "language": "ur", "open_now": "on"}
        client.post("/support/found/", {"do": "find", **chosen})
        _read(client.get("/support/found/").content.decode(), language, where="some")


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_is_told_in_the_same_language(
    language: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with speaking(language):
        _read(errors.page(None, status).content.decode(), language, where=str(status))
        plain = errors._plain(errors._in_words(errors.WORDS[status]))
    assert forgotten(plain, known=NAMES) == []
    assert f'lang="{language}"' in plain


def test_what_stands_around_a_stored_page_is_in_the_same_language(language: str) -> None:
    """Its own words are an editor's, in one language."""
    words = first_pages.all_for(FORCE)[0]

    class Page:
        title, seo_title, introduction = words.title, words.browser_title, words.introduction
        body: tuple[()] = ()
        streams, reviewed_by, reviewed_on, review_by = ("body",), "", None, None
        layout, address = "content/guidance.html", "/a/"

    with speaking(language, "pages"):
        html = rendering.html(Page(), {"/"})
    _read(re.sub(r"<title>.*?</title>", "", html), language, where="stored", without="main")


def test_a_word_that_was_forgotten_is_found(language: str) -> None:
    html = (
        '<html lang="x"><title>[Ó]</title><p title="Forgotten">[á]</p><p>b</p><p lang="en-GB">c</p>'
    )
    assert forgotten(html) == ["Forgotten", "b"]


def test_a_report_that_cannot_be_sealed_is_told_in_the_same_language(
    client: Client, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise views.NoRecipient("none")

    visitor = Visitor(client).walks(where={"do": "words"}, words={"text": WORDS_OF_HERS})
    monkeypatch.setattr(views.drafts, "send", refuse)
    visitor.sends("send")
    assert visitor.page == "check"
    _read(visitor.html, language, where="not taken")
