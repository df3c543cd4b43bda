"""Whatever is sent: one clear sentence, nothing lost, nothing recorded twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.journey.checking import MOST_SHOWN_AGAIN
from safehold.records.intake.models import Draft, SealedReport
from tests.public.report.visitor import PLACE, STEPS, Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

NOTHING = "There is nothing to show here"
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORDS = {"where": {"do": "words"}, "words": {"text": "The path behind the shop, Winterbourne"}}


@pytest.fixture
def there(visitor: Visitor) -> Visitor:
    """Someone half way, asked what the place is like."""
    visitor.begins().sends().sends().sends("words")
    visitor.sends(text="The path behind the shop, Winterbourne")
    assert visitor.page == "around"
    return visitor


def test_a_megabyte_of_words_is_counted_and_shown_again(there: Visitor) -> None:
    text = "lamp " * 209_715
    there.sends(more=text, reasons=["dark"])
    assert there.problem.startswith("Shorten this to 1,000 characters or fewer. It has 1,048,574")
    assert "only its beginning is still in the box" in there.problem
    assert text[: MOST_SHOWN_AGAIN - 10].strip() in there.html
    assert len(there.html) < MOST_SHOWN_AGAIN + 16_000
    assert "checked" in there.html
    assert there.sends(more="The lamp", reasons=["dark"]).page == "people"


@pytest.mark.parametrize("slug", ["now", "happened", "around", "where", "words"])
def test_more_than_a_page_can_take_is_refused_in_place(there: Visitor, slug: str) -> None:
    there.sends(at=slug, more="x" * 2_600_000)
    assert "That was more than this page can take" in there.words
    assert "Leave this site" in there.words
    assert there.goes("words").html.count("The path behind the shop, Winterbourne") == 1


@pytest.mark.parametrize(
    ("slug", "sent"),
    [
        ("around", {"more": "lamp " * 300}),
        ("around", {"reasons": ["made_up"]}),
        ("where", {"do": "find", "find": "Nowhere Avenue"}),
        ("where", {"more": "x" * 2_600_000}),
        ("date", {"date_day": "31", "date_month": "2", "date_year": "2026"}),
        ("check", {"do": "send"}),
    ],
    ids=["too long", "not on offer", "not found", "unreadable", "no date", "not yet"],
)
@pytest.mark.parametrize("begun", [True, False])
def test_no_page_is_ever_the_answer_to_a_post(
    there: Visitor, slug: str, sent: dict[str, object], begun: bool
) -> None:
    """Else Back, after leaving, shows our address and asks to send again what the browser holds."""
    if not begun:
        there.client.cookies.clear()
    answer = there.client.post(there.address(slug), {"q": f"place.{slug}", **sent})
    assert answer.status_code == 303
    assert answer.content == b""
    assert answer["Location"].startswith(STEPS)


def test_what_has_to_be_mended_waits_through_reloads_and_goes_when_mended(there: Visitor) -> None:
    there.sends(more="lamp " * 300, reasons=["dark"])
    for _ in range(2):
        assert there.problem.startswith("Shorten this to 1,000 characters")
        assert there.title.startswith("Error: ")
        assert there.html.count("lamp") == 300
        assert "lamp" not in there.goes("words").html
        assert not there.problem
        there.goes("around")
    assert there.sends(more="A lamp is out").page == "people"
    there.goes("around")
    assert not there.problem
    assert there.html.count("lamp") == 1


def test_what_was_never_taken_is_in_no_report(there: Visitor, keys: Path) -> None:
    there.sends(more="Zanzibar " * 300)
    there.walks().sends("send")
    assert there.page == "sent"
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    report = SealedReport.objects.get()
    account = open_envelope(
        bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=opening
    )
    assert b"behind the shop" in account
    assert b"Zanzibar" not in account


def test_what_has_to_be_mended_is_kept_where_its_draft_expired(visitor: Visitor) -> None:
    visitor.client.cookies["d"] = "0" * 32
    visitor.client.cookies["k"] = "A" * 43
    visitor.sends(at="around", more="lamp " * 300)
    assert visitor.page == "now"
    while visitor.page != "around":
        visitor.sends(**({"do": "words"} if visitor.page == "where" else {"text": "Here"}))
    assert visitor.html.count("lamp") == 300
    assert visitor.sends(more="lamp " * 300).problem.startswith("Shorten this to 1,000")


def test_hundreds_of_fields_are_refused_in_place(there: Visitor) -> None:
    there.sends(**{f"field{number}": "x" for number in range(500)})
    assert there.page == "around"
    assert "none of it was kept" in there.words


def test_control_characters_and_turned_text_are_cleaned(there: Visitor) -> None:
    there.sends(more="A\x00 lamp\x1b[31m \u202eout\u202c\r\nsince March")
    there.goes("around")
    assert "A lamp[31m out\nsince March" in there.html


def test_markup_is_shown_as_it_was_typed(there: Visitor) -> None:
    there.sends(more="<script>alert(1)</script>")
    there.goes("around")
    assert "&lt;script&gt;alert(1)" in there.html
    assert "<script>alert" not in there.html


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        (("1", "1", "2999"), "That date is still to come."),
        (("31", "2", "2026"), "There is no such date."),
        (("yesterday", "", ""), "Give a day, a month and a year in figures"),
    ],
)
def test_a_date_that_cannot_be_is_said_and_stays_in_its_boxes(
    there: Visitor, date: tuple[str, str, str], sentence: str
) -> None:
    there.sends().sends().sends(when="date")
    day, month, year = date
    there.sends(date_day=day, date_month=month, date_year=year)
    assert there.page == "date"
    assert there.problem.startswith(sentence)
    assert f'value="{day}"' in there.html


def test_an_answer_that_is_not_on_offer_is_refused(there: Visitor) -> None:
    there.sends(reasons=["dark", "made_up"])
    assert there.problem == "Choose only from the answers on this page."
    assert "made_up" not in there.html


def test_a_draft_that_expired_half_way_keeps_what_was_just_sent(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.begins().sends(danger="no").sends().sends("words")
        clock.shift(timedelta(minutes=45))
        visitor.sends(text="The path behind the shop, Winterbourne")
        assert "Your earlier answers are no longer kept" in visitor.words
        assert "Nothing was sent unless" in visitor.words
        assert visitor.page == "now"  # the emergency check comes first again
        visitor.sends().sends().sends("words")
        assert "Your earlier answers are no longer kept" not in visitor.words
        assert visitor.page == "words"
        assert "The path behind the shop, Winterbourne" in visitor.html
    assert SealedReport.objects.count() == 0


@pytest.mark.parametrize(
    ("slug", "sent", "kept", "leading"),
    [
        (
            "date",
            {"date_day": "1", "date_month": "2", "date_year": "2026"},
            'value="2026"',
            {"when": {"when": "date"}},
        ),
        ("you_age", {"answer": "under_18"}, "checked", {"about_you": {"ask": "yes"}}),
        ("still", {"following": "now"}, "checked", {"people": {"reasons": ["followed"]}}),
        ("around", {"more": "The lamp is out"}, "The lamp is out", {}),
    ],
)
def test_whatever_page_it_expired_on_its_answer_waits_there(
    visitor: Visitor, slug: str, sent: dict[str, str], kept: str, leading: dict[str, Any]
) -> None:
    """And nothing is supposed of the answers before it."""
    visitor.client.cookies["d"] = "0" * 32
    visitor.client.cookies["k"] = "A" * 43
    visitor.sends(at=slug, **sent)
    assert "Your earlier answers are no longer kept" in visitor.words
    assert visitor.page == "now"
    while visitor.page != slug:
        answers = leading.get(visitor.page, {"text": "Here"})
        visitor.sends(**({"do": "words"} if visitor.page == "where" else answers))
    assert kept in visitor.html.partition("<main")[2]


def test_a_search_whose_draft_expired_is_made_again(visitor: Visitor) -> None:
    visitor.client.cookies["d"] = "0" * 32
    visitor.client.cookies["k"] = "A" * 43
    visitor.sends(at="which", pick="x", find="church lane")
    assert visitor.page == "now"
    assert visitor.sends().sends().page == "where"
    assert 'value="church lane"' in visitor.html


def test_a_page_opened_after_the_draft_expired_says_so(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        clock.shift(timedelta(minutes=45))
        visitor.goes("around")
        assert visitor.heading == NOTHING
        assert "destroyed when someone leaves this site, or after 30 minutes" in visitor.words
        assert visitor.cookies == {}
        visitor.walks(**WORDS)
        clock.shift(timedelta(minutes=45))
        assert "no longer kept" in visitor.goes().words, "where she would begin again"
        assert "no longer kept" not in visitor.goes().words


def test_reading_a_page_counts_as_use(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        for slug in ("around", "check", "when"):
            clock.shift(timedelta(minutes=25))
            assert visitor.goes(slug).page == slug
            assert visitor.heading != NOTHING
        clock.shift(timedelta(minutes=45))
        assert visitor.goes("check").heading == NOTHING


def test_sending_after_the_draft_expired_sends_nothing_and_says_so(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        clock.shift(timedelta(minutes=45))
        visitor.sends("send")
    assert visitor.heading == NOTHING
    assert "It was sent only if a reference was shown." in visitor.words
    assert SealedReport.objects.count() == 0


def test_a_receipt_that_expired_never_says_that_nothing_was_sent(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS).sends("send")
        clock.shift(timedelta(minutes=45))
        visitor.goes("sent")
    assert "It was sent only if a reference was shown." in visitor.words


@pytest.mark.parametrize("slug", ["", "now", "around", "check", "sent"])
@pytest.mark.parametrize("gone", ["d", "k"])
def test_half_a_draft_tells_on_nobody_and_is_destroyed(
    visitor: Visitor, slug: str, gone: str
) -> None:
    """Who left offline dropped one half: whoever opens the site next learns nothing of it."""
    visitor.walks(**WORDS)
    del visitor.client.cookies[gone]
    for_a_stranger = Visitor(Client()).goes(slug).words
    assert visitor.goes(slug).words == for_a_stranger
    assert visitor.cookies == {}
    if gone == "k":
        assert Draft.objects.count() == 0


def test_half_a_draft_opens_nothing(visitor: Visitor) -> None:
    visitor.walks(**WORDS)
    del visitor.client.cookies["k"]  # as Escape does
    visitor.goes("check")
    assert "behind the shop" not in visitor.html
    assert visitor.heading == NOTHING


@pytest.mark.parametrize("cookie", ["", "x", "0" * 32, "../../etc", "é", "A" * 5_000])
def test_a_tampered_cookie_is_a_draft_that_is_gone(visitor: Visitor, cookie: str) -> None:
    visitor.walks(**WORDS)
    visitor.client.cookies["k"] = cookie
    visitor.goes("check")
    assert "behind the shop" not in visitor.html
    assert visitor.response.status_code == 200


def test_a_browser_that_keeps_no_cookies_is_told_as_soon_as_it_begins(visitor: Visitor) -> None:
    visitor.goes()
    begun = visitor.client.post(visitor.at, {"do": "begin"})
    visitor.client.cookies.clear()
    visitor.goes(begun["Location"].removeprefix(PLACE).strip("/"))
    assert "does not keep the two cookies" in visitor.words
