"""A form is saved under a code, left, and opened again on another device."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from safehold.crypto.errors import KeyFileRefused
from safehold.design.words import day
from safehold.records.intake import returns, saved
from safehold.records.intake.models import Draft, SavedDraft, SealedReport
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

TELL, SAVE, RETURN = "/report/tell/", "/report/save/", "/return/"
WORDS = "Winterbourne waited by the gate"
START = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def teller(client: Client) -> Visitor:
    """Someone half way through the form."""
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "what":
        visitor.sends()
    return visitor


def saves(teller: Visitor, kind: str = "digits", **values: Any) -> str:
    """Save what is written and note the code that is shown."""
    teller.sends("save", **{"text": WORDS, **values}).sends(kind, at=SAVE)
    found = re.search(r'<strong dir="ltr">([^<]+)</strong>', teller.html)
    assert found is not None
    return found[1]


def comes_back(code: str, client: Client | None = None, *, again: bool = True) -> Visitor:
    visitor = Visitor(client or Client(), TELL, "harm")
    visitor.sends(at=RETURN, code=code)
    return visitor.sends() if again and visitor.page == "now" else visitor


@pytest.mark.parametrize("kind", ["digits", "words"])
def test_what_was_saved_opens_on_another_device(teller: Visitor, kind: str) -> None:
    code = saves(teller, kind)
    assert len(code.split()) == (4 if kind == "digits" else 6)
    teller.sends("kept", at=SAVE)

    there = comes_back(code.upper().replace(" ", "-"), again=False)

    assert there.page == "now", "danger is asked again: what was saved is of another day"
    assert there.sends(danger="no").page == "when"
    assert WORDS in there.finds("what").html


def test_saved_is_not_sent_and_the_page_says_so_beside_a_way_to_send(teller: Visitor) -> None:
    teller.sends("save", text=WORDS)
    assert teller.at == SAVE
    assert "Saved is not sent: nobody reads it" in teller.words
    assert f"until the end of {day(saved.kept_until(timezone.now()))}" in teller.words
    assert SealedReport.objects.count() == 0
    teller.sends("finish", at=SAVE)
    assert teller.page == "check"
    assert WORDS in teller.words


def test_closing_after_saving_leaves_nothing_on_the_device(teller: Visitor) -> None:
    saves(teller)
    teller.sends("kept", at=SAVE)
    assert teller.at == RETURN
    assert teller.cookies == {}
    assert Draft.objects.count() == 0
    assert SavedDraft.objects.count() == 1


def test_the_code_is_shown_once_and_stands_in_no_address_cookie_or_title(teller: Visitor) -> None:
    code = saves(teller)
    digits = code.replace(" ", "")
    assert digits not in teller.client.cookies.output().replace(" ", "")
    assert digits not in teller.at + teller.title
    teller.sends("carry_on", at=SAVE)
    assert teller.page == "when"
    for page in (SAVE, TELL, RETURN):
        assert code not in teller.goes(page).html


def test_saving_again_needs_no_new_code(teller: Visitor) -> None:
    code = saves(teller)
    teller.sends("carry_on", at=SAVE)
    teller.goes("what").sends("save", text="He waited at the door")
    assert "under the code that you have" in teller.words
    teller.sends("again", at=SAVE)
    assert SavedDraft.objects.count() == 1
    assert "at the door" in comes_back(code).finds("what").html


def test_what_was_sent_is_not_kept_as_unfinished(teller: Visitor) -> None:
    code = saves(teller)
    teller.sends("kept", at=SAVE)
    there = comes_back(code).sends("finish", at="when")
    assert there.page == "check"
    there.sends("send", at="check")
    assert there.page == "sent"
    assert SavedDraft.objects.count() == 0
    assert "opened nothing" in comes_back(code).words


@pytest.mark.parametrize("code", ["", "1234", "0000 0000 0000 0000", "not a code", "x" * 2_000])
def test_a_code_that_opens_nothing_is_told_in_one_way_and_never_shown(code: str) -> None:
    there = comes_back(code)
    assert there.at == "/return/again/"
    assert there.title.startswith("Error")
    assert "That code opened nothing" in there.words
    assert not code or f'value="{code}"' not in there.html


def test_after_its_last_day_a_code_opens_nothing(teller: Visitor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        visitor = Visitor(Client(), TELL, "harm").begins()
        while visitor.page != "what":
            visitor.sends()
        code = saves(visitor)
        clock.shift(timedelta(days=14))
        assert comes_back(code).page == "when"
        clock.shift(timedelta(days=1))
        assert "opened nothing" in comes_back(code).words


def test_leaving_destroys_what_is_open_and_not_what_was_saved(teller: Visitor) -> None:
    code = saves(teller)
    teller.client.get("/exit/")
    assert Draft.objects.count() == 0
    assert comes_back(code).page == "when"


def test_opening_takes_the_place_of_what_was_open_in_the_browser(teller: Visitor) -> None:
    code = saves(teller)
    teller.sends("kept", at=SAVE)
    other = Visitor(teller.client, TELL, "harm").begins().sends(danger="yes")
    assert "Opening what you saved destroys those answers" in other.goes(RETURN).words
    there = comes_back(code, teller.client)
    assert there.page == "when"
    assert Draft.objects.count() == 1


def test_a_text_with_the_code_in_it_is_refused_until_it_is_taken_out(teller: Visitor) -> None:
    code = saves(teller)
    teller.sends("carry_on", at=SAVE)
    teller.goes("what").sends(text=f"My code is {code.replace(' ', '-')}, keep it")
    assert teller.page == "what"
    assert teller.problem.startswith("Take your code out of this")
    assert teller.sends(text="I keep a code").page == "when"


def test_what_cannot_be_saved_is_said_and_stays(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise KeyFileRefused("no salt")

    monkeypatch.setattr(saved, "save_under_code", refuse)
    teller.sends("save", text=WORDS).sends("digits", at=SAVE)
    assert "We could not save it just now" in teller.words
    assert WORDS in teller.finds("what").html
    assert SavedDraft.objects.count() == 0


def test_what_cannot_be_looked_for_is_not_the_fault_of_the_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise KeyFileRefused("no salt")

    monkeypatch.setattr(returns, "open_code", refuse)
    there = comes_back("1234 5678 1234 5678")
    assert there.response.status_code == 503
    assert "It is not your code" in there.words


def test_the_form_about_a_place_is_not_saved(client: Client) -> None:
    visitor = Visitor(client).begins()
    assert "come back later" not in visitor.words
    visitor.sends("save", danger="no")
    assert visitor.page == "happened"
    assert visitor.goes(SAVE).heading == "There is nothing to show here"


def test_saving_passes_no_question_by(client: Client) -> None:
    """Else somebody who stops at who did it would never be asked again who may read it."""
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "works":
        visitor.sends()
    visitor.sends("save").sends("digits", at=SAVE)
    found = re.search(r'<strong dir="ltr">([^<]+)</strong>', visitor.html)
    assert found is not None
    assert comes_back(found[1]).page == "works"


def test_what_was_saved_can_be_destroyed_with_its_code_and_with_the_form(teller: Visitor) -> None:
    code = saves(teller)
    teller.sends("kept", at=SAVE)
    there = Visitor(Client(), TELL, "harm").sends("destroy", at=RETURN, code=code)
    assert "What was saved under that code is destroyed" in there.words
    assert SavedDraft.objects.count() == 0
    assert "That code opened nothing." in there.sends("destroy", at=RETURN, code=code).words
    again = Visitor(Client(), TELL, "harm").begins()
    saves(again, text="")
    assert SavedDraft.objects.count() == 1
    again.sends("carry_on", at=SAVE)
    again.sends("forget", at=TELL)
    assert SavedDraft.objects.count() == 0


def test_what_decides_who_reads_it_is_asked_before_anything_can_be_sent(client: Client) -> None:
    visitor = Visitor(client, TELL, "harm").begins().sends("save")
    assert "Send what I have" not in visitor.words
    assert visitor.sends("finish", at=SAVE).at == SAVE


def test_danger_of_another_day_is_not_sent_as_if_it_were_now(client: Client) -> None:
    visitor = Visitor(client, TELL, "harm").begins().sends(danger="no")
    while visitor.page != "what":
        visitor.sends()
    there = comes_back(saves(visitor), again=False)
    assert there.page == "now"
    assert "checked" not in there.html.partition("<main")[2]


BACK = "What you saved is here. Nobody has read it: saved is not sent. We ask this one again"


def test_whoever_comes_back_is_told_that_her_answers_are_there(teller: Visitor) -> None:
    there = comes_back(saves(teller), again=False)
    assert there.page == "now"
    assert BACK in there.words
    there.sends(danger="no")
    assert BACK not in there.words
    assert BACK not in there.finds("now").words


def test_nobody_else_is_told_so(client: Client) -> None:
    begun = Visitor(client, TELL, "harm").begins()
    assert BACK not in begun.words
    saves(begun)
    assert BACK not in begun.goes("now").words


def test_a_code_is_not_shown_again_after_she_went_on(teller: Visitor) -> None:
    code = saves(teller)
    teller.finds("what").sends("save", text=WORDS + " again")
    assert code not in teller.html
    assert "Save again" in teller.heading


def test_what_was_sent_in_another_tab_is_not_kept_as_unfinished(teller: Visitor) -> None:
    saves(teller)
    other = Visitor(teller.client, TELL, "harm")
    real = saved.save_under_code

    def sends_meanwhile(**given: Any) -> None:
        real(**given)
        other.sends("finish", at="when")
        while other.page != "check":
            other.sends()
        other.sends("send", at="check")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved, "save_under_code", sends_meanwhile)
        teller.sends("kept", at=SAVE)
    assert teller.page == "sent"
    assert SavedDraft.objects.count() == 0
    assert SealedReport.objects.count() == 1


def test_a_report_that_went_out_is_never_called_unsent(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise KeyFileRefused("no salt")

    saves(teller)
    teller.sends("carry_on", at=SAVE).sends("finish")
    monkeypatch.setattr(saved, "forget_saved", refuse)
    while teller.page != "check":
        teller.sends()
    assert teller.sends("send").page == "sent"


def test_whoever_has_to_stop_saves_the_rest_of_a_page_that_is_wrong(client: Client) -> None:
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "when":
        visitor.sends()
    visitor.sends("save", when="date", date_day="a", date_month="1", date_year="2026")
    assert visitor.at == SAVE
    assert "Save under a code" in visitor.words
