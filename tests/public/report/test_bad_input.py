"""Whatever is sent: one clear sentence, nothing lost, nothing recorded twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils.timezone import now

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import FILE_NAME, Purpose
from safehold.domain.journey.checking import MOST_SHOWN_AGAIN
from safehold.public.report import drafts
from safehold.records.intake import operations
from safehold.records.intake.models import Draft, SealedReport
from tests.public.report.visitor import PLACE, Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORDS = {"where": {"do": "words"}, "exactly": {"text": "The path behind the shop"}}


@pytest.fixture
def there(visitor: Visitor) -> Visitor:
    """Someone half way, asked what the place is like."""
    visitor.goes("now").sends().sends().sends("words").sends(text="The path behind the shop")
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


@pytest.mark.parametrize("slug", ["now", "you", "around", "where", "exactly"])
def test_more_than_a_page_can_take_is_refused_in_place(there: Visitor, slug: str) -> None:
    there.sends(at=slug, more="x" * 2_600_000)
    assert "That was more than this page can take" in there.words
    assert "Leave this site" in there.words
    assert there.goes("exactly").html.count("The path behind the shop") == 1


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
    answer = there.client.post(f"{PLACE}{slug}/", sent)
    assert answer.status_code == 303
    assert answer.content == b""
    assert answer["Location"].startswith(PLACE)


def test_what_has_to_be_mended_waits_through_reloads_and_goes_when_mended(there: Visitor) -> None:
    there.sends(more="lamp " * 300, reasons=["dark"])
    for _ in range(2):
        assert there.problem.startswith("Shorten this to 1,000 characters")
        assert there.title.startswith("Error: ")
        assert there.html.count("lamp") == 300
        assert "lamp" not in there.goes("exactly").html
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
    assert visitor.problem.startswith("Shorten this to 1,000 characters")
    assert visitor.html.count("lamp") == 300


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
        visitor.goes("now").sends(danger="no").sends().sends("words")
        clock.shift(timedelta(minutes=45))
        visitor.sends(text="The path behind the shop")
        assert "Your earlier answers are no longer kept" in visitor.words
        assert "Nothing was sent unless" in visitor.words
        assert visitor.page == "now"  # the emergency check comes first again
        visitor.sends().sends().sends("words")
        assert "Your earlier answers are no longer kept" not in visitor.words
        assert visitor.page == "around"
        assert "The path behind the shop" in visitor.goes("exactly").html
    assert SealedReport.objects.count() == 0


@pytest.mark.parametrize(
    ("slug", "sent", "kept"),
    [
        ("date", {"date_day": "1", "date_month": "2", "date_year": "2026"}, 'value="2026"'),
        ("about-you-1", {"answer": "under_18"}, "checked"),
        ("still", {"following": "now"}, "checked"),
        ("around", {"more": "The lamp is out"}, "The lamp is out"),
    ],
)
def test_whatever_page_it_expired_on_its_answer_is_kept(
    visitor: Visitor, slug: str, sent: dict[str, str], kept: str
) -> None:
    visitor.client.cookies["d"] = "0" * 32
    visitor.client.cookies["k"] = "A" * 43
    visitor.sends(at=slug, **sent)
    assert "Your earlier answers are no longer kept" in visitor.words
    for _ in range(40):
        if visitor.page == "check":
            break
        visitor.sends(**({"do": "words"} if visitor.page == "where" else {"text": "Here"}))
    assert kept in visitor.goes(slug).html


def test_a_search_whose_draft_expired_is_made_again(visitor: Visitor) -> None:
    visitor.client.cookies["d"] = "0" * 32
    visitor.client.cookies["k"] = "A" * 43
    visitor.sends(at="which", pick="x", find="church lane")
    assert visitor.page == "now"
    assert visitor.sends().sends().page == "which"


def test_a_page_opened_after_the_draft_expired_says_so(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        clock.shift(timedelta(minutes=45))
        visitor.goes("around")
        assert "no longer kept" in visitor.words
        assert visitor.heading == "Tell us about a place that feels unsafe"
        assert visitor.cookies == {}
        assert "no longer kept" not in visitor.goes("around").words


def test_reading_a_page_counts_as_use(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        for slug in ("around", "check", "when"):
            clock.shift(timedelta(minutes=25))
            assert visitor.goes(slug).page == slug
            assert "no longer kept" not in visitor.words
        clock.shift(timedelta(minutes=45))
        assert "no longer kept" in visitor.goes("check").words


def test_sending_after_the_draft_expired_sends_nothing_and_says_so(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS)
        clock.shift(timedelta(minutes=45))
        visitor.sends("send")
    assert "no longer kept" in visitor.words
    assert SealedReport.objects.count() == 0


def test_a_receipt_that_expired_never_says_that_nothing_was_sent(visitor: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor.walks(**WORDS).sends("send")
        clock.shift(timedelta(minutes=45))
        visitor.goes("sent")
    assert "Nothing was sent unless you were given a reference" in visitor.words


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
    assert visitor.heading == "Tell us about a place that feels unsafe"


@pytest.mark.parametrize("cookie", ["", "x", "0" * 32, "../../etc", "é", "A" * 5_000])
def test_a_tampered_cookie_is_a_draft_that_is_gone(visitor: Visitor, cookie: str) -> None:
    visitor.walks(**WORDS)
    visitor.client.cookies["k"] = cookie
    visitor.goes("check")
    assert "behind the shop" not in visitor.html
    assert visitor.response.status_code == 200


def test_a_browser_that_keeps_no_cookies_is_told(visitor: Visitor) -> None:
    visitor.goes("where")
    assert "does not keep the two cookies" in visitor.words
    visitor.goes("check")
    assert "does not keep the two cookies" in visitor.words


def test_two_tabs_share_one_draft_and_one_receipt(visitor: Visitor) -> None:
    visitor.walks(**WORDS)
    other = Visitor(visitor.client)
    other.goes("around").sends(more="From the other tab")
    visitor.sends("send", at="check")
    assert visitor.page == "sent"
    assert other.sends("send", at="check").words == visitor.words
    assert other.sends(at="around", more="Too late").page == "sent"
    assert SealedReport.objects.count() == 1
    assert Draft.objects.count() == 1


def test_a_tab_that_is_behind_learns_that_the_report_was_sent(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.walks(**WORDS)
    request = RequestFactory().get(PLACE)
    request.COOKIES = visitor.cookies
    behind = drafts.held(request, at=now())
    visitor.sends("send")
    with monkeypatch.context() as patched:
        # Both tabs read the draft before either wrote to it.
        patched.setattr(drafts, "held", lambda request, at: behind)
        for slug, do in (("around", "continue"), ("check", "send")):
            response = visitor.client.post(f"{PLACE}{slug}/", {"do": do})
            assert response["Location"] == f"{PLACE}sent/"
    assert SealedReport.objects.count() == 1


def test_a_draft_destroyed_between_reading_and_writing_loses_nothing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.walks(**WORDS)
    request = RequestFactory().get(PLACE)
    request.COOKIES = visitor.cookies
    read = drafts.held(request, at=now())
    Draft.objects.all().delete()
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "held", lambda request, at: read)
        answer = visitor.client.post(f"{PLACE}check/", {"do": "send"})
        assert answer["Location"] == f"{PLACE}check/"
        visitor.client.post(f"{PLACE}around/", {"more": "The lamp is out"})
    assert SealedReport.objects.count() == 0
    assert "The lamp is out" in visitor.goes("check").html
    assert "behind the shop" in visitor.html


def test_without_keys_nothing_is_said_to_be_sent(visitor: Visitor, keys) -> None:
    visitor.walks(**WORDS)
    listed = (keys / FILE_NAME).read_bytes()
    (keys / FILE_NAME).unlink()
    visitor.sends("send")
    assert visitor.response.status_code == 503
    assert "nothing is sent yet" in visitor.words
    assert "behind the shop" in visitor.words
    (keys / FILE_NAME).write_bytes(listed)
    assert visitor.sends("send").page == "sent"


def test_where_nothing_can_be_written_nothing_is_said_to_be_sent(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    visitor.walks(**WORDS)
    with monkeypatch.context() as patched:
        for name in ("submit", "save_answers"):
            patched.setattr(operations, name, locked)
        visitor.sends("send")
    assert visitor.response.status_code == 503
    assert "nothing is sent yet" in visitor.words
    assert "behind the shop" in visitor.words
    assert visitor.sends("send", at="check").page == "sent"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_another_method_is_refused(visitor: Visitor, method: str) -> None:
    for address in (PLACE, f"{PLACE}where/", f"{PLACE}check/", f"{PLACE}sent/", "/report/"):
        assert getattr(visitor.client, method)(address).status_code == 405
