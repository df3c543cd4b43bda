"""Choosing a language: one cookie, no trace in an address, and English whenever anything is odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings as django_settings
from django.test import Client

from safehold.config import languages as configured
from safehold.config.environment import BadEnvironment, read
from safehold.design.languages import now, offered, part_of, speaking
from safehold.domain.languages import CHROME, INVENTED, NOTICE, Approval, digest
from safehold.domain.translations import Phrase
from safehold.public import cookies
from tests import invented_languages
from tools.messages import differences

pytestmark = [
    pytest.mark.django_db(databases=["intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
]

PAGE = "/leaving/"
HERE = {"HTTP_REFERER": f"http://testserver{PAGE}", "HTTP_SEC_FETCH_SITE": "same-origin"}
COOKIE = cookies.LANGUAGE_COOKIE


@pytest.fixture
def welsh(settings: Any, tmp_path: Path) -> Any:
    """Offer Welsh with words that nobody would take for Welsh; return what approves its parts."""
    words = {
        message: invented_languages.accented(message)
        for messages in configured.parts().values()
        for message in messages
    }
    _compile(tmp_path, words)

    def approve(*parts: str) -> None:
        kept = configured.catalogue("cy", folder=tmp_path)
        approvals = [
            Approval("cy", part, digest(configured.parts()[part], kept), "A", date(2026, 11, 27))
            for part in parts
        ]
        force = replace(
            django_settings.FORCE, languages=("en-GB", "cy"), approvals=tuple(approvals)
        )
        settings.FORCE = force
        _offer(settings, tmp_path)

    approve.words = words  # type: ignore[attr-defined]  # what a test may change
    return approve


def _compile(folder: Path, words: dict[str, str]) -> None:
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for message, text in words.items():
        catalogue.add(message, text)
    path = folder / "cy" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def _offer(settings: Any, folder: Path) -> None:
    settings.LOCALE_PATHS = []  # said anew, or what was read of the last catalogue would be kept
    settings.LOCALE_PATHS = [folder]
    settings.LANGUAGES_OFFERED = configured.offered(settings.FORCE, folder=folder)


def _speaks(client: Client, path: str = PAGE) -> str:
    html = client.get(path).content.decode()
    return invented_languages.of(html)[0]


def test_where_one_language_is_offered_there_is_nothing_to_choose(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "/language/" not in html
    assert len(offered()) == 1
    client.post("/language/", {"to": "cy"}, **HERE)
    assert COOKIE not in client.cookies or not client.cookies[COOKIE].value


def test_a_language_is_chosen_by_its_own_name_and_leads_back(client: Client, welsh: Any) -> None:
    welsh(CHROME, "exit")
    html = client.get(PAGE).content.decode()
    assert '<button name="to" value="cy" lang="cy">Cymraeg</button>' in html
    assert '<b lang="en-GB" aria-current="true">English</b>' in html

    response = client.post("/language/", {"to": "cy"}, **HERE)

    assert (response.status_code, response["Location"]) == (303, PAGE)
    given = response.cookies[COOKIE]
    assert (given.value, given["max-age"], given["expires"]) == ("cy", "", "")
    assert (given["samesite"], given["httponly"]) == ("Strict", True)
    assert _speaks(client) == "cy"
    client.post("/language/", {"to": "en-GB"}, **HERE)
    assert _speaks(client) == "en-GB"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://elsewhere.example/report/",
        "http://testserver//elsewhere.example/",
        "http://testserver/staff/",
        "http://testserver/language/",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_a_choice_leads_to_no_place_but_a_page_of_ours(
    client: Client, welsh: Any, referer: str
) -> None:
    welsh(CHROME)
    response = client.post("/language/", {"to": "cy"}, HTTP_REFERER=referer)
    assert response["Location"] == "/"


def test_a_choice_carries_no_answer_of_an_address_along(client: Client, welsh: Any) -> None:
    welsh(CHROME)
    referer = "http://testserver/report/?need=refuge#x"
    response = client.post("/language/", {"to": "cy"}, HTTP_REFERER=referer)
    assert response["Location"] == "/report/"


@pytest.mark.parametrize(
    "odd", ["xx", "CY", "cy ", "cy/../en", "<script>", "\u202ecy", "cy" * 400, "en-XA", "pl"]
)
def test_an_unknown_language_means_english_in_silence(
    client: Client, welsh: Any, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    welsh(CHROME, "exit")
    response = client.post("/language/", {"to": odd}, **HERE)
    assert response.status_code == 303
    assert not response.cookies[COOKIE].value
    client.cookies[COOKIE] = odd.encode().decode("latin-1")  # as it stands on the wire
    page = client.get(PAGE)
    assert page.status_code == 200
    assert invented_languages.of(page.content.decode())[0] == "en-GB"
    assert f'"{odd}"' not in page.content.decode().replace('"cy"', "")
    assert caplog.text == ""


def test_a_browsers_own_languages_are_never_read(client: Client, welsh: Any) -> None:
    welsh(CHROME, "exit")
    page = client.get(PAGE, HTTP_ACCEPT_LANGUAGE="cy")
    assert invented_languages.of(page.content.decode())[0] == "en-GB"


def test_a_page_that_no_speaker_approved_is_in_english_and_says_so(
    client: Client, welsh: Any
) -> None:
    welsh(NOTICE, CHROME, "exit")
    client.cookies[COOKIE] = "cy"
    assert _speaks(client) == "cy"
    html = client.get("/report/").content.decode()
    assert invented_languages.of(html)[0] == "en-GB"
    (sentence,) = configured.parts()[NOTICE]
    assert f'<p class="note" lang="cy">{invented_languages.accented(sentence)}</p>' in html
    assert '<b lang="cy" aria-current="true">Cymraeg</b>' in html
    assert "<h1>Tell someone</h1>" in html


def test_a_sentence_that_no_speaker_approved_is_not_said(client: Client, welsh: Any) -> None:
    welsh(CHROME, "exit")
    client.cookies[COOKIE] = "cy"
    html = client.get("/report/").content.decode()
    (sentence,) = configured.parts()[NOTICE]
    assert invented_languages.accented(sentence) not in html


def test_an_approval_is_lost_when_the_catalogue_changes(
    client: Client, welsh: Any, settings: Any
) -> None:
    welsh(CHROME, "exit")
    client.cookies[COOKIE] = "cy"
    assert _speaks(client) == "cy"
    folder = settings.LOCALE_PATHS[0]
    _compile(folder, {**welsh.words, "Leave this site": "[Stay]"})
    _offer(settings, folder)
    assert _speaks(client) == "en-GB"
    assert "[Stay]" not in client.get(PAGE).content.decode()


def test_a_damaged_catalogue_leaves_the_site_in_english(
    client: Client, welsh: Any, settings: Any
) -> None:
    welsh(CHROME, "exit")
    folder = settings.LOCALE_PATHS[0]
    (folder / "cy" / "LC_MESSAGES" / "django.mo").write_bytes(b"damaged")
    settings.LANGUAGES_OFFERED = configured.offered(settings.FORCE, folder=folder)
    client.cookies[COOKIE] = "cy"
    assert _speaks(client) == "en-GB"


def test_leaving_takes_the_language_back(client: Client, welsh: Any) -> None:
    welsh(CHROME)
    client.cookies[COOKIE] = "cy"
    assert client.get("/exit/").cookies[COOKIE]["max-age"] == 0


def test_staff_pages_and_the_next_visitor_are_in_english(welsh: Any) -> None:
    welsh(CHROME)
    with speaking("cy"):
        assert now().language.code == "cy"
    assert now().language.code == "en-GB"


def test_invented_languages_exist_in_practice_alone(tmp_path: Path) -> None:
    force = {"SAFEHOLD_FORCE": "forces/mereshire.toml"}
    asked = {**force, "SAFEHOLD_INVENTED_LANGUAGES": str(tmp_path)}
    with pytest.raises(BadEnvironment, match="SAFEHOLD_INVENTED_LANGUAGES is for practice"):
        read(asked)
    with pytest.raises(BadEnvironment, match="SAFEHOLD_INVENTED_LANGUAGES is for practice"):
        read({**asked, "SAFEHOLD_LAPTOP": "1"})
    assert read({**asked, "SAFEHOLD_DEMONSTRATION": "1"}).invented_languages == tmp_path
    assert not {each.code for each in offered()} & set(INVENTED)


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (("public", "report", "views"), "report"),
        (("public", "jinja2", "public", "report", "place", "check"), "report"),
        (("public", "jinja2", "public", "about_cookies"), "about_cookies"),
        (("public", "errors"), CHROME),
        (("design", "chrome"), CHROME),
        (("content", "jinja2", "content", "home"), "pages"),
    ],
)
def test_a_page_is_approved_with_its_room(names: tuple[str, ...], part: str) -> None:
    assert part_of(*names) == part


def test_the_list_of_texts_is_what_the_sources_say() -> None:
    """`make messages` writes it; translators and approvals go by it."""
    assert differences() == []


def test_a_text_that_is_data_is_listed_too() -> None:
    report = configured.parts()["report"]
    assert {"Is anyone in danger right now?", "It is badly lit", "I stay on guard"} <= set(report)
    assert "lon" not in report


def test_a_forces_own_words_are_in_the_language_or_marked_as_english(
    client: Client, welsh: Any, settings: Any
) -> None:
    welsh(CHROME, "report")
    said = Phrase("cy", "at any hour", "<bob awr>", "A", date(2026, 11, 27))
    settings.FORCE = replace(settings.FORCE, phrases=(said,))
    client.cookies[COOKIE] = "cy"
    html = client.get("/report/").content.decode()
    assert "&lt;bob awr&gt;" in html
    assert "at any hour" not in html
    line = settings.FORCE.phones.helplines[0]
    assert f'<bdi lang="en-GB">{line.hours}</bdi>' in html
