"""A code leads back to a report that was sent: little is seen, messages go both ways, it closes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from safehold.crypto import codes
from safehold.crypto.conversations import is_proof
from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.conversation import Entry, status
from safehold.domain.conversation import Kind as Says
from safehold.records.intake import returns
from safehold.records.intake.models import Draft, ReturnPlace, Said, SealedReport
from tests.public.report.conftest import county, keys
from tests.public.report.visitor import Visitor

__all__ = ["county", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

TELL, RETURN = "/report/tell/", "/return/"
HER_WORDS, OURS, BACK = "He waited by the gate", "Can we ring on Monday", "Monday is good"
START = datetime(2026, 11, 27, 12, tzinfo=UTC)


def sent(client: Client, **answers: Any) -> Visitor:
    """Tell what happened, stop there, and send what there is."""
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "what":
        visitor.sends(**answers.get(visitor.page, {}))
    return visitor.sends("finish", text=HER_WORDS).sends("send")


def takes_code(visitor: Visitor, kind: str = "digits") -> str:
    visitor.response = visitor.client.post(visitor.at, {"do": kind}, follow=True)
    visitor._arrived(visitor.at)
    found = re.search(
        r'<strong dir="ltr">(\d{4} \d{4} \d{4} \d{4}|[a-z]+( [a-z]+){5})</strong>', visitor.html
    )
    assert found is not None
    return found[1]


def comes_back(code: str, client: Client | None = None) -> Visitor:
    visitor = Visitor(client or Client(), TELL, "harm")
    return visitor.sends(at=RETURN, code=code)


def answers(text: str, *, at: datetime = START) -> None:
    """Write to the holder, as the unit does."""
    (report,) = SealedReport.objects.using("intake").all()
    returns.write_to_holder(
        report_id=report.id, entry=Entry(Says.WORDS, text), for_us=b"ours", at=at
    )


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(START, tick=False):
        yield


@pytest.mark.parametrize("kind", ["digits", "words"])
def test_a_code_leads_back_from_any_device(client: Client, kind: str) -> None:
    code = takes_code(sent(client), kind)
    back = comes_back(code)
    assert "Nobody has written here yet." in back.words
    answers(OURS)
    assert OURS in comes_back(code).words


def test_the_receipt_asks_whether_it_is_kept_and_never_shows_it_again(client: Client) -> None:
    receipt = sent(client)
    assert "Do you want to come back?" in receipt.words
    code = takes_code(receipt)
    assert code in receipt.goes(receipt.at).html
    receipt.response = client.post(receipt.at, {"do": "kept"}, follow=True)
    receipt._arrived(receipt.at)
    assert code not in receipt.html
    assert "You have your code." in receipt.words
    # asked for again, no second one is made
    client.post(receipt.at, {"do": "words"})
    assert ReturnPlace.objects.using("intake").count() == 1


def test_whoever_holds_the_code_sees_nothing_that_she_told(client: Client) -> None:
    code = takes_code(sent(client, identity={"how": "named"}, name={"name": "Zanzibar Quill"}))
    back = comes_back(code)
    back.response = back.client.post(RETURN, {"do": "write", "message": BACK}, follow=True)
    back._arrived(RETURN)
    assert "Your message is sent." in back.words
    again = comes_back(code)
    for word in (HER_WORDS, BACK, "Zanzibar"):
        assert word not in again.html
    assert "27 November 2026, from you" in again.words


def test_the_code_is_in_no_cookie_address_or_row(client: Client, keys: Path) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    plain = code.replace(" ", "")
    assert plain not in back.at.replace("-", "")
    assert not [cookie for cookie in back.client.cookies.values() if plain in cookie.value]
    with connections["intake"].cursor() as cursor:
        for table in ("intake_draft", "intake_returnplace", "intake_said", "intake_sealedreport"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor:
                for value in row:
                    kept = (
                        bytes(value)
                        if isinstance(value, (bytes, memoryview))
                        else str(value).encode()
                    )
                    assert plain.encode() not in kept
                    assert code.encode() not in kept


def test_her_message_opens_with_the_account_key_alone(client: Client, keys: Path) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    back.client.post(RETURN, {"do": "write", "message": BACK})
    (row,) = Said.objects.using("intake").all()
    assert row.for_her is None
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    payload = open_envelope(
        bytes(row.for_us), kind=Kind.MESSAGE, subject=str(row.report_id), keys=opening
    )
    assert json.loads(payload) == {"kind": "words", "text": BACK}


def test_what_is_said_of_a_colleague_is_sealed_to_professional_standards(
    client: Client, keys: Path
) -> None:
    code = takes_code(sent(client, works={"party": "yes"}))
    comes_back(code).client.post(RETURN, {"do": "write", "message": BACK})
    back = comes_back(code)
    back.client.post(RETURN, {"do": "write", "message": BACK})
    for row in Said.objects.using("intake").all():
        opening = load_opening_keys(keys, purposes=[Purpose.STANDARDS])
        assert open_envelope(
            bytes(row.for_us), kind=Kind.MESSAGE, subject=str(row.report_id), keys=opening
        )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write a message first."),
        ("x" * 1001, "That is too long"),
        ("It is {code}, ring me", "Take your code out of this."),
    ],
)
def test_a_bad_message_is_said_in_place_and_not_lost(client: Client, text: str, says: str) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    typed = text.replace("{code}", code.replace(" ", "-"))
    back.response = back.client.post(RETURN, {"do": "write", "message": typed}, follow=True)
    back._arrived(RETURN)
    assert says in back.words
    assert typed in back.html
    assert not Said.objects.using("intake").exists()


def test_a_code_that_may_be_in_other_hands_is_closed_for_good(client: Client) -> None:
    code = takes_code(sent(client))
    other, back = comes_back(code), comes_back(code)
    back.response = back.client.post(RETURN, {"do": "shut"}, follow=True)
    assert "The code is closed" in back._arrived(RETURN).words
    assert "That code opened nothing." in comes_back(code).words
    # whoever had it open sees nothing more, and cannot write
    assert "That code opened nothing." in other.goes(RETURN).words
    (report,) = SealedReport.objects.using("intake").all()
    assert not returns.has_code(report.id)
    with pytest.raises(returns.CodeClosed):
        answers(OURS)
    # and the unit is told
    assert [row.from_us for row in Said.objects.using("intake").all()] == [False]


def test_a_status_is_a_sentence_of_the_list_to_the_day(client: Client) -> None:
    code = takes_code(sent(client))
    (report,) = SealedReport.objects.using("intake").all()
    returns.write_to_holder(report_id=report.id, entry=status("working"), for_us=b"ours", at=START)
    back = comes_back(code)
    assert "We are working on it. 27 November 2026" in back.words
    assert "12:00" not in back.html


def test_proof_is_given_on_request_and_only_this_report_fits_it(client: Client, keys: Path) -> None:
    code = takes_code(sent(client))
    given = comes_back(code).client.post(RETURN, {"do": "proof"})
    assert given["Content-Disposition"] == 'attachment; filename="note.txt"'
    lines = dict(line.split(": ", 1) for line in given.content.decode().splitlines())
    (report,) = SealedReport.objects.using("intake").all()
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    account = json.loads(
        open_envelope(
            bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=opening
        )
    )
    mark = lines["Mark"].replace(" ", "")
    proven = {"key": account["proof"]["key"], "reference": report.reference}
    assert lines["Reference"] == report.reference
    assert is_proof(mark, day="2026-11-27", **proven)
    assert not is_proof(mark, day="2026-11-28", **proven)
    assert HER_WORDS not in given.content.decode()


def test_leaving_closes_what_is_open_and_not_the_code(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    back.client.post("/exit/")
    assert "Come back with your code" in back.goes(RETURN).words
    assert "Your report" in comes_back(code).words


def test_what_was_opened_closes_itself_when_nobody_uses_it(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    with time_machine.travel(datetime(2026, 11, 27, 12, 40, tzinfo=UTC), tick=False):
        assert "Come back with your code" in back.goes(RETURN).words


def test_closing_the_page_destroys_what_was_open(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    before = Draft.objects.using("intake").count()
    back.client.post(RETURN, {"do": "done"})
    assert Draft.objects.using("intake").count() == before - 1


@pytest.mark.parametrize("path", ["/report/place/", "/ask/"])
def test_other_forms_give_no_code(client: Client, path: str) -> None:
    for posted in ({"do": "digits"}, {"do": "words"}):
        client.post(path, posted)
        client.post("/report/1/", posted)
    assert not ReturnPlace.objects.using("intake").exists()


def test_a_wrong_code_and_one_that_leads_nowhere_are_told_alike(client: Client) -> None:
    sent(client)
    for wrong in (codes.shown(codes.new_digits()), codes.shown(codes.new_words()), "hello", ""):
        assert "That code opened nothing." in comes_back(wrong).words


def test_one_slow_run_finds_whatever_a_code_opens(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = takes_code(sent(client))
    runs: list[bytes] = []
    real = codes.argon2id.kdf

    def counted(*args: Any, **kwargs: Any) -> bytes:
        runs.append(b"")
        return bytes(real(*args, **kwargs))

    monkeypatch.setattr(codes.argon2id, "kdf", counted)
    comes_back(code)
    assert len(runs) == 1
