"""A visitor tells of a place, from the first page to the receipt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import SEALING
from safehold.records.intake.models import Draft, SealedReport
from tests.public.report.visitor import PLACE, Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

WORDS = {"where": {"do": "words"}, "words": {"text": "The path behind the shop, Winterbourne"}}

FIRST = {"date_day": "1", "date_month": "2", "date_year": "2026"}


def test_the_first_page_sets_nothing_and_says_who_reads(visitor: Visitor) -> None:
    visitor.goes()
    assert visitor.cookies == {}
    assert Draft.objects.count() == 0
    assert settings.FORCE.reading_sentence in visitor.words
    assert settings.FORCE.unit_name in visitor.words
    assert "30 minutes" in visitor.words
    assert "Call 999" in visitor.words


def test_start_gives_the_two_cookies_and_leads_to_the_first_question(visitor: Visitor) -> None:
    visitor.goes()
    assert visitor.cookies == {}
    visitor.sends("begin")
    assert visitor.page == "now"
    assert visitor.heading == "Is anyone in danger right now?"
    assert set(visitor.cookies) == {"d", "k"}
    assert visitor.client.cookies["d"]["httponly"]
    assert not visitor.client.cookies["k"]["httponly"]
    for name in ("d", "k"):
        assert visitor.client.cookies[name]["samesite"] == "Strict"
        assert visitor.client.cookies[name]["max-age"] == ""


def test_start_pressed_again_destroys_nothing(visitor: Visitor) -> None:
    """From another tab, where the first page still stood open."""
    visitor.walks(**WORDS)
    visitor.sends("begin", at=PLACE)
    assert visitor.page == "check"
    visitor.sends("send").sends("begin", at=PLACE)
    assert visitor.page == "sent"


def test_before_the_first_question_leaving_is_explained(visitor: Visitor) -> None:
    """What the button does, the keys, history, what is lost, what stays, how to come back."""
    visitor.goes()
    for said in (
        "opens another website",
        "pressed once does the same, and so does Shift pressed three times",
        "destroys every answer that you have not sent",
        "What you have sent stays with us",
        "does not erase your browser’s history",
        "To come back, type our address",
    ):
        assert said in visitor.words
    explained = visitor.html.index("does not erase your browser’s history")
    assert explained < visitor.html.index('value="begin"'), "read before it is begun"
    assert visitor.html.count('href="/leaving/"') == 3


def test_only_the_place_needs_an_answer(visitor: Visitor) -> None:
    visitor.walks(**WORDS)
    assert visitor.heading == "Check your answers"
    visitor.sends("send")
    assert visitor.page == "sent"
    report = SealedReport.objects.get()
    assert report.reference in visitor.words
    assert b"behind the shop" not in bytes(report.account)


def test_the_receipt_shows_nothing_that_was_told(visitor: Visitor) -> None:
    visitor.walks(**WORDS, around={"reasons": ["dark"], "more": "The lamp is out"}).sends("send")
    assert "behind the shop" not in visitor.html
    assert "lamp" not in visitor.html
    assert "badly lit" not in visitor.html
    assert "Nobody replies" in visitor.words
    assert "Practice site" in visitor.words


def test_what_arrives_is_what_was_told(visitor: Visitor, keys: Path) -> None:
    visitor.walks(
        now={"danger": "yes"},
        where={"find": "qm1 1aa"},
        around={"reasons": ["dark", "layout"]},
        people={"reasons": ["followed"]},
        still={"following": "now"},
        when={"when": "today"},
        about_you={"ask": "yes"},
        you_age={"answer": "under_18"},
    ).sends("send")
    slip, account = opened(SealedReport.objects.get(), keys)
    assert slip["kind"] == "place"
    assert [prompt["prompt"] for prompt in slip["danger"]] == ["danger-now", "followed-now"]
    assert slip["cell"].startswith("89")
    assert slip["child_present"] == "yes"
    assert slip["wants_reply"] == "no"
    assert account["place"]["label"].startswith("QM1 1AA")
    assert account["place"]["metres"] == 100
    told = {answer["key"]: answer["said"] for answer in account["answers"]}
    assert told["around"] == [
        "It is badly lit",
        "There are corners and spots where someone could hide",
    ]
    assert account["when"]["precision"] == "day"


def test_sending_twice_records_once_and_shows_one_receipt(visitor: Visitor) -> None:
    first = visitor.walks(**WORDS).sends("send").words
    again = visitor.sends("send", at="check").words
    assert first == again
    assert SealedReport.objects.count() == 1


def test_back_after_sending_leads_to_the_receipt(visitor: Visitor) -> None:
    visitor.walks(**WORDS).sends("send")
    for slug in ("where", "now", "check", "around"):
        assert visitor.goes(slug).page == "sent"
    assert visitor.sends(at="around", more="Another thing").page == "sent"
    assert SealedReport.objects.count() == 1


def test_another_place_can_be_told_after_the_first(visitor: Visitor) -> None:
    visitor.walks(**WORDS).sends("send")
    visitor.sends("forget", at=PLACE).goes()
    assert visitor.cookies == {}
    visitor.walks(**WORDS).sends("send")
    assert SealedReport.objects.count() == 2


def test_what_was_begun_can_be_carried_on_or_destroyed(visitor: Visitor) -> None:
    visitor.begins().sends(danger="no").goes()
    assert "Carry on where you were" in visitor.words
    visitor.sends("forget")
    assert Draft.objects.count() == 0
    assert visitor.cookies == {}
    assert "Start" in visitor.words


def test_a_later_question_cannot_be_opened_early(visitor: Visitor) -> None:
    visitor.begins().sends(danger="no")
    assert visitor.goes("around").page == "happened"
    assert visitor.goes("check").page == "happened"


def test_danger_leads_to_999_and_on(visitor: Visitor) -> None:
    visitor.begins().sends(danger="yes")
    assert visitor.heading == "Call 999 if you can"
    assert 'href="tel:999"' in visitor.html
    assert "press 55" in visitor.words
    assert visitor.sends().page == "happened"


def test_someone_to_whom_something_was_done_is_led_to_others(visitor: Visitor) -> None:
    visitor.begins().sends().sends(to_you="yes")
    assert visitor.page == "works"
    assert visitor.sends(party="no").page == "other_way"
    assert 'href="/report/"' in visitor.html
    assert "will see that you said so" in visitor.words
    assert "it is not a report of a crime" in visitor.words
    assert "professional standards" not in visitor.words
    assert visitor.sends().page == "where"


def test_who_tells_of_the_police_is_told_who_reads_it_and_the_slip_says_so(
    visitor: Visitor, keys: Path
) -> None:
    visitor.begins().sends().sends(to_you="yes")
    assert "only professional standards" in visitor.words
    visitor.sends(party="yes")
    assert "Only professional standards" in visitor.words
    visitor.walks(**WORDS, now={"danger": "no"}, happened={"to_you": "yes"}, works={"party": "yes"})
    assert "Only professional standards" in visitor.words
    visitor.sends("send")
    assert "only professional standards can open your report" in visitor.words
    slip, _ = opened(SealedReport.objects.get(), keys)
    assert slip["party_is_police"] == "yes"
    assert [prompt["reason"] for prompt in slip["danger"]] == [
        "Said that someone did something to them there."
    ]
    assert "someone did something" not in json.dumps({**slip, "danger": []})


def test_nobody_else_is_asked_who_it_works_for(visitor: Visitor) -> None:
    for said in ("no", "rather_not", ""):
        assert visitor.begins().sends().sends(at="happened", to_you=said).page == "where"


def test_the_ways_page_gives_numbers_and_no_promise(client: Client) -> None:
    page = client.get("/report/").content.decode()
    force = settings.FORCE
    for line in (force.phones.all_hours, force.phones.sarc, *force.phones.helplines):
        assert line is not None
        assert line.name in page
        assert line.number in page
    assert "999" in page
    assert "101" in page
    assert "https://" not in page.split("<main", 1)[1]  # its online address is not confirmed
    assert not client.cookies


def test_an_answer_can_be_changed_from_the_check_page(visitor: Visitor) -> None:
    visitor.walks(**WORDS, around={"reasons": ["dark"]})
    assert "It is badly lit" in visitor.words
    assert "checked" in visitor.goes("around").html
    visitor.sends(reasons=["isolated"])
    assert visitor.page == "check"
    assert "It is empty or cut off" in visitor.words
    assert "It is badly lit" not in visitor.words


def test_skipping_clears_an_answer(visitor: Visitor) -> None:
    visitor.walks(**WORDS, around={"reasons": ["dark"]})
    visitor.goes("around").sends("skip", reasons=["dark"])
    assert "It is badly lit" not in visitor.words


def test_the_rest_about_oneself_can_be_skipped_at_once(visitor: Visitor) -> None:
    visitor.walks(**WORDS, about_you={"ask": "yes"}, you_sex={"do": "skip_rest"})
    assert visitor.page == "check"
    assert "What is your religion?" in visitor.words


def test_an_answer_that_nothing_leads_to_is_not_sent(visitor: Visitor, keys: Path) -> None:
    visitor.walks(
        **WORDS,
        when={"when": "date"},
        date={"date_day": "1", "date_month": "2", "date_year": "2026"},
    )
    visitor.goes("when").sends(when="today")
    visitor.sends(at="date", **FIRST)
    visitor.goes("check").sends("send")
    _, account = opened(SealedReport.objects.get(), keys)
    assert "date" not in {answer["key"] for answer in account["answers"]}


def test_more_time_can_be_asked_for_without_losing_a_word(visitor: Visitor) -> None:
    visitor.walks(**WORDS).goes("around")
    visitor.sends("stay", more="Half a sent", reasons=["dark"])
    assert visitor.page == "around"
    assert "Half a sent" in visitor.html


def opened(report: SealedReport, keys: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open a report as the unit would."""
    opening = load_opening_keys(keys, purposes=SEALING)
    slip, account = (
        json.loads(open_envelope(bytes(envelope), kind=kind, subject=str(report.id), keys=opening))
        for envelope, kind in ((report.slip, Kind.SLIP), (report.account, Kind.ACCOUNT))
    )
    return slip, account


def test_the_receipt_says_how_long_this_browser_opens_it_again(
    county: None, visitor: Visitor
) -> None:
    visitor.walks(**WORDS).sends("send")
    assert "This page opens again in this browser until you clear it below" in visitor.words
    assert "or 30 minutes have passed" in visitor.words
    assert visitor.goes("now").heading == "We have it"
    visitor.client.get("/exit/")
    assert visitor.goes("now").heading != "We have it"
