"""A code leads back to a report that was sent: little is seen, messages go both ways, it closes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.test import Client

from safehold.crypto import codes
from safehold.crypto.conversations import is_proof, seal_to
from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.crypto.signing import load_signer
from safehold.domain.conversation import Entry, status
from safehold.domain.conversation import Kind as Says
from safehold.public.returning import views
from safehold.public.returning.patience import MOST_WAITING, WRONG_BEFORE_WAITING, Patience
from safehold.records.intake import destroying, returns
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
HER_WORDS, OURS = "Winterbourne waited by the gate", "Can we ring on Monday"
BACK = "Monday is good, Winterbourne"
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


def writes(visitor: Visitor, text: str) -> Visitor:
    """Write a message on the page that is open, as its form sends it."""
    once = re.search(r'name="once" value="([0-9a-f]+)"', visitor.html)
    values = {"do": "write", "message": text, "once": once[1] if once else ""}
    visitor.response = visitor.client.post(RETURN, values, follow=True)
    return visitor._arrived(RETURN)


def closes(visitor: Visitor, code: str) -> Visitor:
    """Close the code for good, as the page asks it."""
    visitor.response = visitor.client.post(RETURN, {"do": "shut", "again": code}, follow=True)
    return visitor._arrived(RETURN)


def answers(text: str, *, at: datetime = START) -> None:
    """Write to the holder, as the unit does."""
    (report,) = SealedReport.objects.using("intake").all()
    returns.write_to_holder(
        report_id=report.id,
        entry=Entry(Says.WORDS, text),
        for_us=b"ours",
        signer=load_signer(settings.KEYS_FOLDER),
        at=at,
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
    assert "only until you say that you have kept it, or leave" in receipt.words
    assert "After this page" not in receipt.words
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
    writes(back, BACK)
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
    writes(back, BACK)
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
    writes(comes_back(code), BACK)
    writes(comes_back(code), BACK)
    assert Said.objects.using("intake").count() == 2
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
    writes(back, typed)
    assert says in back.problem
    assert 'href="#message"' in back.html
    (at_field,) = re.findall(r'id="message-error"><span[^>]*>Error:</span> ([^<]+)<', back.html)
    assert says in at_field
    (box,) = re.findall(r"<textarea[^>]+>", back.html)
    assert 'aria-describedby="message-hint message-error"' in box
    assert "again-error" not in back.html
    assert typed in back.html
    assert not Said.objects.using("intake").exists()


def test_a_code_that_may_be_in_other_hands_is_closed_for_good(client: Client) -> None:
    code = takes_code(sent(client))
    other, back = comes_back(code), comes_back(code)
    assert "That is not the code." in closes(back, "1234 5678 1234 5678").words
    assert "The code is closed" in closes(back, code).words
    assert "That code opened nothing." in comes_back(code).words
    # whoever had it open sees nothing more, and cannot write
    assert "That code opened nothing." in writes(other, BACK).words
    assert not Said.objects.using("intake").filter(number=2).exists()
    (report,) = SealedReport.objects.using("intake").all()
    assert not returns.has_code(report.id)
    with pytest.raises(returns.CodeClosed):
        answers(OURS)
    # and the unit is told
    assert [row.from_us for row in Said.objects.using("intake").all()] == [False]


def test_a_wrong_code_to_close_with_is_said_where_it_was_given(client: Client) -> None:
    back = closes(comes_back(takes_code(sent(client))), "1234")
    assert "That is not the code." in back.problem
    assert 'href="#again"' in back.html
    assert 'aria-describedby="again-error"' in back.html
    assert "message-error" not in back.html
    assert '<details class="govuk-details" open>' in back.html


def test_a_code_whose_report_was_destroyed_is_told_that_nothing_is_kept(client: Client) -> None:
    code = takes_code(sent(client))
    open_elsewhere = comes_back(code)
    (report,) = SealedReport.objects.using("intake").all()
    destroying.destroy(report_id=report.id, act=uuid4(), expected=0, at=START)
    back = comes_back(code)
    assert "That code was right." in back.words
    assert "Nobody can open it any more" in back.words
    assert back.response.redirect_chain[-1][0] == "/return/gone/"
    # not what a wrong code is told, and whoever had it open writes nothing
    assert "That code opened nothing." in comes_back("1234 5678 1234 5678").words
    writes(open_elsewhere, BACK)
    assert not Said.objects.using("intake").exists()


def test_a_status_is_a_sentence_of_the_list_to_the_day(client: Client) -> None:
    code = takes_code(sent(client))
    (report,) = SealedReport.objects.using("intake").all()
    returns.write_to_holder(
        report_id=report.id,
        entry=status("working"),
        for_us=b"ours",
        signer=load_signer(settings.KEYS_FOLDER),
        at=START,
    )
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


@pytest.mark.parametrize("do", ["open", "destroy"])
def test_one_slow_run_finds_whatever_a_code_opens(
    client: Client, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    code = takes_code(sent(client))
    runs: list[bytes] = []
    real = codes.argon2id.kdf

    def counted(*args: Any, **kwargs: Any) -> bytes:
        runs.append(b"")
        return bytes(real(*args, **kwargs))

    monkeypatch.setattr(codes.argon2id, "kdf", counted)
    Client().post(RETURN, {"code": code, "do": do})
    assert len(runs) == 1


def test_what_the_unit_did_not_sign_is_not_shown_as_its_words(client: Client) -> None:
    code = takes_code(sent(client))
    answers(OURS)
    (place,) = ReturnPlace.objects.using("intake").all()
    forged = {"kind": "words", "text": "Come to the mill at ten"}
    for signed in (forged, {**forged, "by": "00" * 8, "signature": "00" * 64}):
        Said.objects.using("intake").create(
            id=uuid4(),
            report_id=place.report_id,
            number=Said.objects.using("intake").count() + 1,
            from_us=True,
            day=START.date(),
            for_us=b"",
            for_her=seal_to(bytes(place.public_key), json.dumps(signed).encode()),
        )
    back = comes_back(code)
    assert OURS in back.words
    assert "Come to the mill" not in back.html


def test_a_message_pressed_twice_is_one(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    once = re.search(r'name="once" value="([0-9a-f]+)"', back.html)
    assert once is not None
    for _ in range(2):
        back.client.post(RETURN, {"do": "write", "message": BACK, "once": once[1]})
    assert Said.objects.using("intake").count() == 1


def test_a_message_of_an_older_page_is_kept_and_said_not_to_be_sent(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    older = re.search(r'name="once" value="([0-9a-f]+)"', back.html)
    assert older is not None
    writes(back, BACK)

    other = {"do": "write", "message": "Tuesdays are safe <now>", "once": older[1]}
    back.response = back.client.post(RETURN, other, follow=True)
    back._arrived(RETURN)

    assert Said.objects.using("intake").count() == 1
    assert "This was not sent" in back.words
    assert "Tuesdays are safe &lt;now&gt;" in back.html
    writes(back, "Tuesdays are safe <now>")
    assert Said.objects.using("intake").count() == 2
    assert "This was not sent" not in back.words


def test_reading_keeps_the_page_open_and_so_does_the_button_with_what_is_typed(
    client: Client,
) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    for minutes in (25, 50, 75):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            back.response = back.client.post(RETURN, {"do": "stay", "message": BACK}, follow=True)
            assert BACK in back._arrived(RETURN).html
            back.goes(RETURN)
    with time_machine.travel(START + timedelta(minutes=100), tick=False):
        assert "Your report" in back.goes(RETURN).words


def test_a_message_whose_page_had_closed_waits_for_the_code(client: Client) -> None:
    code = takes_code(sent(client))
    back = comes_back(code)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        writes(back, BACK)
        assert "your message is not sent" in back.words
        assert BACK not in back.html
        back.response = back.client.post(RETURN, {"code": code}, follow=True)
        assert BACK in back._arrived(RETURN).html
        assert "Your message is sent." in writes(back, BACK).words


def test_the_screen_does_not_keep_what_the_page_showed(client: Client) -> None:
    back = comes_back(takes_code(sent(client)))
    assert back.response["Refresh"] == "1920; url=/return/"


def test_nothing_saved_is_not_said_to_be_destroyed(client: Client) -> None:
    code = takes_code(sent(client))
    for given in (code, "1234 5678 1234 5678"):
        visitor = Visitor(Client(), TELL, "harm").sends("destroy", at=RETURN, code=given)
        assert "That code opened nothing." in visitor.words
    assert "Your report" in comes_back(code).words


@pytest.mark.parametrize("do", ["open", "destroy"])
def test_wrong_codes_are_counted_in_the_page_and_a_right_one_opens_in_the_end(
    client: Client, do: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = Patience()
    monkeypatch.setattr(views, "patience", fresh)
    code, mark = takes_code(sent(client)), {"safehold.mark": "aaaa.1"}
    him = Client(**mark)
    for _ in range(WRONG_BEFORE_WAITING):
        him.post(RETURN, {"code": "1234 5678 1234 5678", "do": do})
    assert fresh._wrong == {"aaaa.1": WRONG_BEFORE_WAITING}
    # given that as many wait as there is room for
    fresh._waiting = MOST_WAITING
    her = Visitor(Client(**mark), TELL, "harm").sends(at=RETURN, code=code)
    assert "yours waits its turn" in her.words
    assert her.response["Refresh"].startswith("5;")
    assert code not in her.html
    # when they are through, the page that asks again opens it
    fresh._waiting = 0
    assert "Your report" in her.goes(RETURN).words
