"""Phones as officers meet them, what the kept page holds, and what a phone may ask."""

from __future__ import annotations

import json

import pytest
import time_machine
from django.test import Client

from safehold.domain import phones as rules
from safehold.domain.access import Role
from safehold.protection.phone_page import COOKIE
from safehold.records.phones.models import Phone, PhoneAnswer, PhoneStart
from safehold.records.risk.models import ItemAnswer
from tests.desk import AT, REASON, member, sign_in
from tests.keys_for_tests import _made_once, keys
from tests.phoned import finish, phone_of, receive, sealed
from tests.risky import begin, pair
from tests.routes import public_addresses

__all__ = ["_made_once", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
PAGE, SEND = "/staff/phone/", "/staff/phone/send/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as found:
        yield found


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR, name="Pell Lisle")


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


@pytest.fixture
def made(officer):
    return begin(pair(by=officer), by=officer)


def text(answer) -> str:
    return answer.content.decode()


def at_of(made, page: str = "phone/") -> str:
    return f"/staff/cases/{made.case_id}/assessments/{made.pk}/{page}"


def looks(desk: Client, made) -> None:
    desk.post(at_of(made, ""), {"look_reason": REASON})


def post(client: Client, message: object, site: str = "same-origin"):
    return client.post(
        SEND, json.dumps(message), content_type="application/json", HTTP_SEC_FETCH_SITE=site
    )


def test_a_phone_from_asking_to_an_assessment_taken_over(desk, officer, boss, made) -> None:
    assert "No phone yet" in text(desk.get("/staff/phones/"))
    looks(desk, made)
    assert "no phone of yours" in text(desk.get(at_of(made)))
    desk.post("/staff/phones/", {"act": "ask"})
    cookie = desk.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/staff/")
    phone = Phone.objects.get()
    assert f"This is <strong>{phone.mark}</strong>" in text(desk.get("/staff/phones/"))
    assert desk.get("/staff/phone/state.json").json()["phone"] == "waits"
    chief = desk_of(boss)
    assert "1 phone waits to be approved" in text(chief.get("/staff/"))
    chief.post("/staff/phones/", {"act": "approve", "of": str(phone.pk)})
    answer = desk.post(at_of(made), {"act": "begin"})
    assert answer["Location"] == PAGE
    start = PhoneStart.objects.get()
    told = desk.get("/staff/phone/state.json").json()
    assert told["phone"] == "approved"
    assert len(told["keys"]) == 1
    assert told["starts"] == [
        {"id": str(start.pk), "instrument": "dash", "began": told["starts"][0]["began"]}
    ]
    alone = Client()  # signed out, or never signed in: the phone's own secret sends
    alone.cookies[COOKIE] = cookie.value
    sent = sealed(start, 1, "kill", given="yes", words="On the phone")
    assert post(alone, sent.message()).json() == {"kept": True}
    assert post(alone, {"kind": "finish", "start": str(start.pk), "count": 1}).status_code == 200
    assert alone.get("/staff/phone/state.json").status_code == 302
    page = text(desk.get(at_of(made)))
    assert "All of it is here, sealed: 1 answer to take over" in page
    desk.post(at_of(made), {"act": "take", "of": str(start.pk)})
    assert "All of it was taken over: 1 answer" in text(desk.get(at_of(made)))
    assert ItemAnswer.objects.get().words == "On the phone"


def test_the_alarm_stands_on_the_first_page_and_is_ended_with_a_reason(
    desk, officer, boss, made, clock
) -> None:
    phone = phone_of(officer, by=boss)
    desk.cookies[COOKIE] = phone.secret
    looks(desk, made)
    desk.post(at_of(made), {"act": "begin"})
    assert "It is not finished" in text(desk.get("/staff/"))
    clock.shift(rules.ALARMS_AFTER)
    chief = desk_of(boss)
    page = text(chief.get("/staff/"))
    assert "note--danger" in page
    assert "It has not arrived. 0 answers came so far" in page
    start = str(PhoneStart.objects.get().pk)
    refused = text(chief.post("/staff/phones/", {"act": "give_up", "of": start, "why": "x"}))
    assert "Error:" in refused
    chief.post("/staff/phones/", {"act": "give_up", "of": start, "why": REASON})
    assert "has not arrived" not in text(chief.get("/staff/"))
    again = desk_of(officer)  # nothing was done there for so long that the sign-in ended
    looks(again, made)
    assert REASON in text(again.get(at_of(made)))


def test_what_a_phone_keeps_names_nobody(desk, officer, made) -> None:
    shell = text(desk.get(PAGE))
    questions = text(desk.get("/staff/phone/questions.json"))
    worker = text(desk.get("/staff/phone/worker.js"))
    for kept in (shell, questions, worker):
        for word in (officer.name, officer.username, "Ilka", "Oswin", made.reference):
            assert word not in kept
        assert made.case.reference not in kept
        assert "csrf" not in kept
    kept = json.loads(worker.partition("KEPT=")[2].partition(";\n")[0])
    assert kept[:2] == [PAGE, "/staff/phone/questions.json"]
    assert all(each.startswith("/static/") for each in kept[2:])


def test_the_public_site_registers_no_worker_and_serves_none() -> None:
    public = Client()
    for address in public_addresses():
        assert "serviceWorker" not in public.get(address).content.decode(errors="replace")
    assert public.get("/phone/worker.js").status_code == 404
    assert public.get("/staff/phone/worker.js").status_code == 302  # to the sign-in


def test_a_phone_sends_and_reads_nothing_and_another_site_sends_nothing(
    officer, boss, made
) -> None:
    asked = phone_of(officer, by=boss)
    client = Client()
    message = {"kind": "start", "start": "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"}
    message |= {"instrument": "dash", "began": AT.isoformat()}
    assert post(client, message).status_code == 403
    client.cookies[COOKIE] = asked.secret
    assert post(client, message, site="cross-site").status_code == 403
    assert post(client, message, site="").status_code == 403
    assert not PhoneStart.objects.exists()
    assert post(client, message).json() == {"kept": True}
    assert post(client, "{").status_code == 400
    assert client.get(SEND).status_code == 405
    for path in ("/staff/", PAGE, "/staff/phones/", at_of(made)):
        assert client.get(path).status_code == 302


def test_another_phone_of_another_member_is_none_here(desk, officer, boss) -> None:
    desk.cookies[COOKIE] = phone_of(boss, by=member(Role.SUPERVISOR, name="Ro Tarn")).secret
    assert desk.get("/staff/phone/state.json").json() == {"phone": "none", "keys": [], "starts": []}


def test_of_another_assessment_nothing_is_taken_over(desk, officer, boss, made) -> None:
    asked = phone_of(officer, by=boss)
    desk.cookies[COOKIE] = asked.secret
    looks(desk, made)
    desk.post(at_of(made), {"act": "begin"})
    start = PhoneStart.objects.get()
    receive(asked.phone, sealed(start, 1, "kill", given="yes"))
    finish(asked.phone, start, 1)
    other = begin(pair(by=officer), by=officer)
    looks(desk, other)
    for act in ("take", "give_up"):
        sent = {"act": act, "of": str(start.pk), "why": REASON}
        assert "Nothing came from a phone here" in text(desk.post(at_of(other), sent))
    assert PhoneAnswer.objects.count() == 1
    assert "There is no such phone" in text(desk.post(at_of(other), {"act": "take", "of": "1"}))
