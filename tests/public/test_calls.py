"""A member types a report for a caller; the caller takes a code that the member never sees."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.records.intake import calls
from safehold.records.intake.models import CallPass, ReturnPlace, SealedReport, StartCode
from tests.public.report.conftest import county, keys
from tests.public.report.visitor import Visitor

__all__ = ["county", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

START = datetime(2026, 11, 27, 12, tzinfo=UTC)
CALL, RETURN = "/report/call/", "/return/"
CALL_ID = uuid4()
WORDS = "Winterbourne waits by the gate"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def officer(client: Client) -> Visitor:
    """A member who has begun to type, with a pass."""
    given = calls.give_pass(call_id=CALL_ID, how="telephone", at=START)
    visitor = Visitor(client, CALL, "harm")
    visitor.response = client.post(CALL, {"given": given, "do": "harm"}, follow=True)
    return visitor._arrived(CALL)


def types(officer: Visitor) -> Visitor:
    """Type what the caller says, and send it."""
    while officer.page != "what":
        officer.sends()
    return officer.sends("finish", text=WORDS).sends("send")


def takes_start_code(officer: Visitor) -> str:
    officer.response = officer.client.post(officer.at, {"do": "start"}, follow=True)
    officer._arrived(officer.at)
    found = re.search(r'<strong dir="ltr">(\d{4} \d{4} \d{4})</strong>', officer.html)
    assert found is not None
    return found[1]


def comes(code: str) -> Visitor:
    """Somebody gives a code in a browser of their own."""
    return Visitor(Client(), RETURN, "harm").sends(at=RETURN, code=code)


def presses(visitor: Visitor, do: str) -> Visitor:
    visitor.response = visitor.client.post(RETURN, {"do": do}, follow=True)
    return visitor._arrived(RETURN)


def own_code(caller: Visitor) -> str:
    presses(caller, "digits")
    found = re.search(r'<strong dir="ltr">(\d{4} \d{4} \d{4} \d{4})</strong>', caller.html)
    assert found is not None
    return found[1]


def test_the_form_is_the_same_and_says_for_whom_it_is_typed(officer: Visitor) -> None:
    assert officer.page == "now"
    assert "You type this for somebody else." in officer.words
    officer.sends()
    assert "You type this for somebody else." in officer.words


def test_the_account_says_by_which_call_it_was_typed(officer: Visitor, keys: Path) -> None:
    types(officer)
    (report,) = SealedReport.objects.using("intake").all()
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    account = json.loads(
        open_envelope(
            bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=opening
        )
    )
    assert account["typed"] == {"call_id": str(CALL_ID), "how": "telephone"}


def test_the_member_sees_a_start_code_and_no_other(officer: Visitor) -> None:
    receipt = types(officer)
    assert "Give me a code" not in receipt.words
    officer.client.post(receipt.at, {"do": "digits"})
    assert not ReturnPlace.objects.using("intake").exists()
    code = takes_start_code(receipt)
    receipt.response = officer.client.post(receipt.at, {"do": "kept"}, follow=True)
    receipt._arrived(receipt.at)
    assert code not in receipt.html
    assert "They have a start code." in receipt.words


def test_the_caller_takes_a_code_of_her_own_and_comes_back(officer: Visitor) -> None:
    caller = comes(takes_start_code(types(officer)))
    assert "This start code shows nothing of it." in caller.words
    own = own_code(caller)
    assert WORDS not in caller.html
    assert own not in presses(caller, "kept").html
    back = comes(own)
    assert "Your report" in back.words
    assert WORDS not in back.html


def test_a_start_code_works_once_and_says_that_it_was_used(officer: Visitor) -> None:
    start = takes_start_code(types(officer))
    thief = comes(start)
    own_code(thief)
    caller = comes(start)
    assert "This start code was used before" in caller.words
    assert "It was used on 27 November 2026" in caller.words
    assert "Give me a code" not in caller.words
    presses(caller, "digits")
    assert ReturnPlace.objects.using("intake").count() == 1


def test_of_two_who_have_it_open_one_takes_the_code(officer: Visitor) -> None:
    start = takes_start_code(types(officer))
    first, second = comes(start), comes(start)
    own_code(first)
    assert "This start code was used before" in presses(second, "words").words
    assert ReturnPlace.objects.using("intake").count() == 1


def test_a_start_code_is_good_for_days(officer: Visitor) -> None:
    start = takes_start_code(types(officer))
    with time_machine.travel(START + calls.START_LASTS, tick=False):
        assert "Take a code of your own" in comes(start).words
    late = START + calls.START_LASTS + timedelta(days=1)
    with time_machine.travel(late, tick=False):
        assert "That code opened nothing." in comes(start).words
        calls.forget_over(late)
    assert not StartCode.objects.using("intake").exists()


def test_that_it_was_used_is_said_for_weeks_and_then_forgotten(officer: Visitor) -> None:
    start = takes_start_code(types(officer))
    own_code(comes(start))
    calls.forget_over(START + timedelta(days=60))
    assert "used before" in comes(start).words
    calls.forget_over(START + timedelta(days=61))
    assert not StartCode.objects.using("intake").exists()


@pytest.mark.parametrize("given", ["", "12345 67890", "x" * 500])
def test_a_wrong_pass_begins_nothing(client: Client, given: str) -> None:
    visitor = Visitor(client, CALL, "harm")
    visitor.response = client.post(CALL, {"given": given, "do": "harm"}, follow=True)
    assert "That pass began nothing." in visitor._arrived(CALL).words


def test_a_pass_works_once_and_for_minutes(client: Client) -> None:
    first = calls.give_pass(call_id=CALL_ID, how="counter", at=START)
    late = calls.give_pass(call_id=CALL_ID, how="counter", at=START)
    assert calls.use_pass(first.replace(" ", "-"), at=START).how == "counter"
    with pytest.raises(calls.NoSuchPass):
        calls.use_pass(first, at=START)
    with pytest.raises(calls.NoSuchPass):
        calls.use_pass(late, at=START + calls.PASS_LASTS)
    calls.forget_over(START + calls.PASS_LASTS)
    assert not CallPass.objects.using("intake").exists()


def test_what_is_typed_for_somebody_is_not_saved_under_a_code_that_the_member_sees(
    officer: Visitor,
) -> None:
    while officer.page != "what":
        officer.sends()
    assert "Save and come back later" not in officer.words
    officer.sends("save", text=WORDS)
    officer.goes("/report/save/")
    assert "Save under a code" not in officer.words
