"""Giving feedback: her place is kept, her words too, and the pages say the same to everyone."""

from __future__ import annotations

import html
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as in_force
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import SEALING
from safehold.domain.feedback import KEPT, QUESTION
from safehold.public import cookies
from safehold.public.feedback import views
from safehold.public.report.drafts import idle_minutes
from safehold.records.intake.models import Draft, IntakeEvent, SealedReport

pytestmark = [pytest.mark.django_db(databases=["intake"]), pytest.mark.database]

PAGE = "/feedback/"
SENT = "/feedback/sent/"
LIMIT = QUESTION.field("wrong").limit


@pytest.fixture(autouse=True)
def _keys(keys: Path) -> Path:
    Path(in_force.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return keys


def opens(client: Client, before: str = "") -> str:
    headers = {"referer": f"http://testserver{before}"} if before else {}
    return client.get(PAGE, headers=headers).content.decode()


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def sends(client: Client, page: str, **written: Any) -> HttpResponse:
    return client.post(PAGE, {**hidden(page), "do": "continue", **written})


def box(page: str, name: str = "wrong") -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def arrived() -> list[dict[str, Any]]:
    keys = load_opening_keys(in_force.KEYS_FOLDER, purposes=SEALING)
    opened = []
    for row in SealedReport.objects.using("intake").order_by("received_at"):
        parts = [(row.slip, Kind.SLIP), (row.account, Kind.ACCOUNT)]
        slip, account = (
            json.loads(open_envelope(bytes(sealed), kind=kind, subject=str(row.id), keys=keys))
            for sealed, kind in parts
        )
        opened.append({"slip": slip, "account": account, "row": row})
    return opened


def said(feedback: dict[str, Any]) -> dict[str, list[str]]:
    return {each["key"]: each["said"] for each in feedback["account"]["answers"]}


def test_what_is_written_arrives_sealed_with_the_page_and_the_hour(client: Client) -> None:
    page = opens(client, "/what-we-are-doing/?x=1")
    answer = sends(client, page, doing="Read about lamps", wrong="The text is small", ease="hard")

    assert (answer.status_code, answer["Location"]) == (303, SENT)
    (found,) = arrived()
    assert said(found) == {
        "doing": ["Read about lamps"],
        "wrong": ["The text is small"],
        "ease": ["Hard"],
        "page": ["/what-we-are-doing/"],
    }
    assert (found["slip"]["kind"], found["slip"]["danger"]) == ("feedback", [])
    assert found["row"].received_at.minute == found["row"].received_at.second == 0
    assert IntakeEvent.objects.using("intake").get().report_id == str(found["row"].id)


def test_she_is_led_back_to_where_she_was(client: Client) -> None:
    sends(client, opens(client, "/report/place/"), wrong="The text is small")

    page = client.get(SENT).content.decode()
    assert '<a class="govuk-button" href="/report/place/">Go back to where you were</a>' in page


def test_reading_the_page_sets_nothing_and_says_what_it_is(client: Client) -> None:
    answer = client.get(PAGE, headers={"referer": "http://testserver/report/place/"})

    page = answer.content.decode()
    assert not answer.cookies
    assert not Draft.objects.using("intake").exists()
    before_the_box = page[: page.index("<textarea")]
    for words in ("This is not a report, and nobody replies.", "999", 'href="/report/"'):
        assert words in before_the_box, words
    assert f"{LIMIT:,} characters" in page
    assert f"deleted after {KEPT.days} days" in page
    assert f"kept for {idle_minutes()} minutes" in page
    assert "name=" not in re.sub(r'name="(from|once|doing|wrong|ease|do|viewport)"', "", page)


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/report/", "http://testserver/exit/"]
)
def test_a_page_that_is_not_ours_is_neither_kept_nor_led_back_to(client, referer) -> None:
    page = client.get(PAGE, headers={"referer": referer}).content.decode()
    assert hidden(page)["from"] == ""
    sends(client, page, wrong="Small text")

    assert said(arrived()[0])["page"] == []
    assert "where you were" not in client.get(SENT).content.decode()


def test_a_tampered_page_is_neither_kept_nor_led_back_to(client: Client) -> None:
    client.post(PAGE, {"wrong": "Small text", "from": "//elsewhere.example/"})

    assert said(arrived()[0])["page"] == []
    assert "elsewhere" not in client.get(SENT).content.decode()


def test_a_report_half_answered_is_still_there_afterwards(client: Client) -> None:
    client.post("/report/place/", {"do": "begin"})
    client.post("/report/1/", {"do": "continue", "q": "place.now", "danger": "no"})
    held = {name: morsel.value for name, morsel in client.cookies.items()}
    sends(client, opens(client, "/report/2/"), wrong="Small text")

    assert held.items() <= {n: m.value for n, m in client.cookies.items()}.items()
    page = client.get("/report/1/").content.decode()
    assert re.search(r'value="no"[^>]*checked', page)


def test_a_report_half_answered_counts_as_used_while_she_writes(client: Client, monkeypatch):
    client.post("/report/place/", {"do": "begin"})
    noted = []
    monkeypatch.setattr(views.drafts, "looked_at", lambda held, *, at: noted.append(held.standing))
    opens(client)

    assert [str(standing) for standing in noted] == ["a draft"]


@pytest.mark.parametrize("written", [{}, {"wrong": " \n "}, {"doing": "Reading", "ease": "hard"}])
def test_an_empty_box_is_asked_for_in_place(client: Client, written: dict[str, str]) -> None:
    answer = sends(client, opens(client, "/cookies/"), **written)

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    page = client.get(PAGE).content.decode()
    assert page.count(QUESTION.missing) == 2, "in the summary, and beside the box"
    assert "<title>Error:" in page
    assert hidden(page)["from"] == "/cookies/"
    if "doing" in written:
        assert 'value="Reading"' in page
    assert not arrived()


def test_what_is_too_long_comes_back_whole_with_a_count(client: Client) -> None:
    long = "Long words. " * (LIMIT // 10)
    answer = sends(client, opens(client), wrong=long)

    assert answer["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert box(page).strip() == long.strip()
    assert (
        f"Shorten this to {LIMIT:,} characters or fewer. It has {len(long.strip()):,} now" in page
    )
    assert not arrived()

    sends(client, page, wrong="Long words.")
    assert said(arrived()[0])["wrong"] == ["Long words."]
    assert box(client.get(PAGE).content.decode()) == ""


def test_a_megabyte_is_refused_in_place_with_what_fits(client: Client) -> None:
    answer = sends(client, opens(client), wrong="x" * 1_000_000)

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    page = client.get(PAGE).content.decode()
    assert "It has 1,000,000 now, and only its beginning is still in the box" in page
    assert 0 < len(box(page)) < 200_000
    assert not arrived()


def test_more_than_can_be_read_is_said_in_place(client: Client) -> None:
    answer = sends(client, opens(client), wrong="x" * 3_000_000)

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert views.TOO_MUCH in client.get(PAGE).content.decode()
    assert not arrived()


def test_too_much_does_not_take_what_was_kept_before(client: Client) -> None:
    sends(client, opens(client), wrong="x" * (LIMIT + 1))
    sends(client, opens(client), wrong="x" * 3_000_000)

    assert box(client.get(PAGE).content.decode()) == "x" * (LIMIT + 1)


SCRIPT = '</textarea><script>alert("1")</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}'


def test_script_is_text_here_and_in_what_arrives(client: Client) -> None:
    sends(client, opens(client), wrong=SCRIPT * 200)
    page = client.get(PAGE).content.decode()
    assert box(page) == (SCRIPT * 200)
    assert page.count("<script") == 1, "the one that leaves"

    sends(client, page, wrong=SCRIPT)
    assert said(arrived()[0])["wrong"] == [SCRIPT]


def test_an_answer_that_is_not_on_offer_is_refused_in_place(client: Client) -> None:
    sends(client, opens(client), wrong="Small text", ease="<b>")

    assert "Choose one of the answers on this page." in client.get(PAGE).content.decode()
    assert not arrived()


def test_the_same_words_sent_twice_from_one_page_arrive_once(client: Client) -> None:
    page = opens(client)
    for _ in range(2):
        assert sends(client, page, wrong="Small text")["Location"] == SENT
    assert len(arrived()) == 1
    sends(client, page, wrong="Other words")
    sends(client, opens(client), wrong="Small text")

    assert len(arrived()) == 3


def test_a_page_without_our_mark_gets_a_mark_that_nobody_can_guess(client: Client) -> None:
    for once in ("", "", "short", "short"):
        client.post(PAGE, {"wrong": "Small text", "once": once})

    assert len({found["row"].submission for found in arrived()}) == 4


def test_the_page_after_it_says_the_same_whatever_was_written(client: Client) -> None:
    pages = []
    for words in ("Small text", "He follows me, help me", "He is a police officer and hits me"):
        visitor = Client()
        sends(visitor, opens(visitor, "/cookies/"), wrong=words)
        pages.append(visitor.get(SENT).content.decode())

    assert pages[0] == pages[1] == pages[2]
    for words in ("999", "101", "/report/", "not a way to get help"):
        assert words in pages[0]
    assert [bool(found["slip"]["danger"]) for found in arrived()].count(True) == 2


def test_a_browser_that_holds_nothing_is_not_told_that_it_sent(client: Client) -> None:
    page = client.get(SENT).content.decode()

    assert "Thank you" not in page
    assert "999" in page


def test_nothing_of_it_stands_in_an_address_a_title_or_a_log(client: Client, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = sends(client, opens(client, "/cookies/"), wrong="Zebra words")
        page = client.get(answer["Location"]).content.decode()

    assert "Zebra" not in answer["Location"] + caplog.text + page
    assert re.findall("<title>(.*)</title>", page) == [f"Feedback – {in_force.FORCE.name}"]
    for cookie in client.cookies.values():
        assert "cookies" not in cookie.value


def test_the_cookie_is_the_one_that_is_listed_and_leaving_destroys_what_it_leads_to(client) -> None:
    answer = sends(client, opens(client), wrong="")
    given = {name for name, cookie in answer.cookies.items() if cookie.value}
    assert given == {cookies.name(cookies.FEEDBACK_COOKIE)}
    assert not answer.cookies[cookies.name(cookies.FEEDBACK_COOKIE)]["httponly"]
    assert Draft.objects.using("intake").count() == 1

    client.get("/exit/")

    assert not Draft.objects.using("intake").exists()
    assert not client.cookies[cookies.name(cookies.FEEDBACK_COOKIE)].value


def test_what_was_written_can_be_destroyed_by_a_button(client: Client) -> None:
    sends(client, opens(client), wrong="x" * (LIMIT + 1))
    answer = client.post(PAGE, {"do": "forget"})

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert not Draft.objects.using("intake").exists()
    assert box(client.get(PAGE).content.decode()) == ""


@pytest.mark.parametrize("cookie", ["", "x", "0" * 32, "0" * 75, "é" * 40, "{" * 500])
def test_a_tampered_cookie_leads_to_an_empty_page(client: Client, cookie: str) -> None:
    client.cookies["f"] = cookie
    assert box(opens(client)) == ""
    assert sends(client, opens(client), wrong="")["Location"] == PAGE
    assert client.get("/exit/").status_code == 303


def test_the_cookie_of_a_report_opens_nothing_here(client: Client) -> None:
    client.post("/report/place/", {"do": "begin"})
    client.cookies["f"] = client.cookies["d"].value + client.cookies["k"].value

    assert box(opens(client)) == ""
    sends(client, opens(client), wrong="")
    assert Draft.objects.using("intake").count() == 2
    assert "Is anyone in danger" in client.get("/report/1/").content.decode()


def test_without_keys_she_is_told_that_nothing_was_sent_and_keeps_her_words(client, keys) -> None:
    page = opens(client)
    (keys / "recipients.json").unlink()
    answer = sends(client, page, wrong="Small text")

    assert answer["Location"] == PAGE
    again = client.get(PAGE)
    assert again.status_code == 503
    assert "This was not sent." in again.content.decode()
    assert box(again.content.decode()) == "Small text"


def test_a_store_that_cannot_be_written_loses_no_words(client: Client, monkeypatch) -> None:
    def broken(**given: Any) -> None:
        raise OperationalError("disk full")

    page = opens(client)
    monkeypatch.setattr(views, "send_feedback", broken)
    monkeypatch.setattr(views.keeping.operations, "start_draft", broken)
    answer = sends(client, page, wrong="Small text", **{"from": "//elsewhere.example/"})

    assert answer.status_code == 503
    assert "elsewhere" not in answer.content.decode()
    assert "This was not sent." in answer.content.decode()
    assert box(answer.content.decode()) == "Small text"


def test_another_site_cannot_send_it(client: Client) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        assert client.post(PAGE, {"wrong": "x"}, headers=headers).status_code == 403
    assert not arrived()


def test_what_changed_is_linked_once_it_is_published(client: Client, monkeypatch) -> None:
    assert "/what-changed/" not in opens(client) + client.get(SENT).content.decode()
    monkeypatch.setattr(views.snapshots, "is_published", lambda path: path == "/what-changed/")

    for page in (opens(client), client.get(SENT).content.decode()):
        assert '<a href="/what-changed/">what changed because of feedback</a>' in page


def test_every_public_page_leads_here(client: Client) -> None:
    for path in ("/report/", "/report/place/", "/cookies/", "/leaving/", PAGE, SENT, "/nowhere/"):
        page = client.get(path).content.decode()
        assert '<a href="/feedback/">Give feedback</a>' in page, path
