"""What is written in another tab after sending is not dropped in silence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.records.intake.models import SealedReport
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
]

ALREADY = "This was already sent from another page"
WORDS: dict[str, Any] = {"where": {"do": "words"}, "words": {"text": "By the weir"}}
TOLD: dict[str, Any] = {"what": {"text": "He waited at the gate"}}


def account_of(report: SealedReport, keys: Path) -> bytes:
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    return open_envelope(
        bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=opening
    )


@pytest.fixture
def teller(client: Client) -> Visitor:
    """Someone who tells what was done to her."""
    return Visitor(client, start="/report/tell/", journey="harm")


def test_what_a_second_tab_writes_after_sending_is_shown_as_not_sent(
    county: None, visitor: Visitor, keys: Path
) -> None:
    visitor.walks(**WORDS).sends("send")
    assert ALREADY not in visitor.words
    visitor.sends(at="around", more="The lamp <b>is</b> out", reasons=["dark"])
    assert visitor.heading == "We have it"
    assert ALREADY in visitor.words
    assert "What you just wrote was not sent with it" in visitor.words
    assert "The lamp &lt;b&gt;is&lt;/b&gt; out</textarea>" in visitor.html
    assert "<bdi>It is badly lit</bdi>" in visitor.html
    assert "tell us in a new form" in visitor.words
    assert visitor.response["Cache-Control"] == "no-store"
    assert "lamp" not in visitor.title + visitor.at
    assert b"lamp" not in account_of(SealedReport.objects.get(), keys)


def test_it_is_led_to_and_stays_through_a_reload_until_she_takes_it_away(
    county: None, visitor: Visitor
) -> None:
    visitor.walks(**WORDS).sends("send")
    answer = visitor.client.post(
        visitor.address("around"), {"q": "place.around", "more": "The lamp is out"}
    )
    assert (answer.status_code, answer.content) == (303, b"")
    assert "lamp" not in answer["Location"] + answer.cookies.output()
    for _ in range(2):
        assert "The lamp is out</textarea>" in visitor.goes("now").html
    visitor.sends("copied")
    assert visitor.heading == "We have it"
    assert "lamp" not in visitor.html
    assert ALREADY not in visitor.words


def test_words_of_several_tabs_are_all_there_and_twice_the_same_is_once(
    county: None, visitor: Visitor
) -> None:
    visitor.walks(**WORDS).sends("send")
    for more in ("First thing", "Second thing", "Second thing"):
        visitor.sends(at="around", more=more)
    visitor.sends(at="date", date_day="1", date_month="2", date_year="2026")
    assert visitor.html.count("First thing") == 1
    assert visitor.html.count("Second thing") == 1
    assert "<bdi>1 2 2026</bdi>" in visitor.html


@pytest.mark.parametrize(("do", "answer"), [("continue", {"when": "today"}), ("skip", {})])
def test_what_is_still_to_mend_waits_while_another_page_is_answered(
    county: None, visitor: Visitor, do: str, answer: dict[str, str]
) -> None:
    visitor.walks(**WORDS).sends(at="around", more="The lamp " * 2_000)
    assert "The lamp The lamp" in visitor.html
    visitor.sends(do, at="when", **answer)
    assert "The lamp The lamp" in visitor.goes("around").html
    visitor.sends(at="around", more="It is out")
    assert "The lamp" not in visitor.goes("around").html


def test_more_than_could_be_read_is_said_too(county: None, visitor: Visitor) -> None:
    visitor.walks(**WORDS).sends("send")
    visitor.sends(at="around", more="x" * 2_600_000)
    assert ALREADY in visitor.words
    assert "cannot be shown again" in visitor.words


def test_leaving_destroys_what_came_too_late(county: None, visitor: Visitor) -> None:
    visitor.walks(**WORDS).sends("send").sends(at="around", more="The lamp is out")
    visitor.client.get("/exit/")
    assert "lamp" not in visitor.goes("now").html


def test_pressing_send_twice_says_nothing_of_it(county: None, visitor: Visitor) -> None:
    visitor.walks(**WORDS).sends("send").sends("send", at="check")
    assert ALREADY not in visitor.words


def test_who_can_come_back_with_a_code_is_told_so_and_keeps_her_words_while_she_takes_it(
    county: None, teller: Visitor
) -> None:
    teller.walks(**TOLD).sends("send")
    teller.sends(at="what", text="He came again")
    assert "Take a code below" in teller.words
    teller.sends("digits")
    assert "He came again</textarea>" in teller.html
    assert "Come back with your code" in teller.words
    teller.sends("kept")
    assert "He came again</textarea>" in teller.html
    assert "Come back with your code" in teller.words


def test_a_file_that_came_too_late_is_said_not_to_be_sent(county: None, teller: Visitor) -> None:
    teller.walks(**TOLD).sends("send")
    for how in ({"content_type": "application/json"}, {}):
        sent = {"do": "begin", "size": 3, "name": "a.png"}
        teller.client.post("/report/files/", sent, **how)
    assert "If you just added a file, it was not sent" in teller.goes("now").words


CHANGED = "You changed an answer on another page. Read it again, then send."
FORMS: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "place": ("/report/place/", WORDS, "around", {"more": "The lamp is out"}),
    "harm": ("/report/tell/", TOLD, "what", {"text": "He came back"}),
    "ask": (
        "/ask/",
        {
            "subject": {"name": "Quill"},
            "name": {"name": "Marsh"},
            "contact": {"method": "post", "to": "1 Elm Row"},
        },
        "name",
        {"name": "Marsh and Reed"},
    ),
}


def mark_of(visitor: Visitor) -> str:
    """The mark that the check page holds of what it shows."""
    found = re.search(r'<input type="hidden" name="seen" value="([0-9a-f]{32})">', visitor.html)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_check_page_that_showed_other_answers_sends_nothing(
    county: None, client: Client, form: str
) -> None:
    start, answers, question, other = FORMS[form]
    visitor = Visitor(client, start, form).walks(**answers)
    first, check = mark_of(visitor), visitor.at
    visitor.sends(at=question, **other)
    visitor.goes(check).sends("send", seen=first)
    assert visitor.page == "check"
    assert visitor.problem == CHANGED
    assert visitor.title.startswith("Error")
    assert next(iter(other.values())) in visitor.words
    assert SealedReport.objects.count() == 0
    assert mark_of(visitor) != first
    visitor.sends("send", seen=mark_of(visitor))
    assert visitor.page == "sent"
    assert SealedReport.objects.count() == 1


def test_the_mark_of_the_same_answers_is_another_in_another_draft(county: None) -> None:
    one, other = (Visitor(Client()).walks(**WORDS) for _ in range(2))
    assert mark_of(one) != mark_of(other)
    assert mark_of(one) == mark_of(one.goes(one.at))


def test_what_was_said_of_a_change_goes_when_she_changes_something(
    county: None, teller: Visitor
) -> None:
    teller.walks(**TOLD).sends("send", seen="0" * 32)
    assert teller.problem == CHANGED
    teller.sends("finish", at="what", text="He came back")
    while teller.page != "check":
        teller.sends()
    assert teller.problem == ""
