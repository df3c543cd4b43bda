"""Clare's Law on the desk: each act in its place, the next one shown, the list that protects."""

from __future__ import annotations

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.dvds.models import Application
from safehold.records.triage import operations as triage
from tests.desk import AT, member, send_ask, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]

REASON = "Read on arrival, to be worked on today"
ACTS = (
    ("identity", {"how": "Passport and a letter"}),
    ("abuser", {"found": "no", "why": "Own records and PND, today"}),
    ("decision", {"decision": "tell", "why": "Needed and in proportion"}),
    ("told", {"whom": "at_risk", "why": "Told at the clinic"}),
)


def signed_in(client: Client, role: Role = Role.TRIAGE_OFFICER) -> Client:
    sign_in(client, member(role))
    return client


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_from_the_report_to_telling_in_person(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    sign_in(client, officer)
    report_id = send_ask()
    report = f"/staff/reports/{report_id}/"
    assert "Must receive nothing of this" in words(client, report)
    opened = client.post(f"{report}account/", {"reason": REASON})
    assert "Work on it under Clare’s Law" in opened.content.decode()
    assert "Zanzibar Quill" in opened.content.decode()
    client.post(f"{report}clares-law/")
    row = Application.objects.get()
    address = f"/staff/clares-law/{row.pk}/"
    for what, sent in ACTS:
        page = words(client, address)
        assert "Must receive nothing of this" in page
        assert "Zanzibar" not in page
        assert client.post(f"{address}{what}/", sent)["Location"] == address
    assert "Told at the clinic" in words(client, address)
    assert "an application under Clare’s Law" in words(client, report)
    assert "Nothing waits." in words(client, "/staff/clares-law/")


def test_what_comes_too_early_is_said_in_one_sentence(client: Client) -> None:
    signed_in(client)
    client.post("/staff/clares-law/", {"basis": "Known to the unit since today"})
    address = f"/staff/clares-law/{Application.objects.get().pk}/"
    assert "Both checks come first." in words(client, address)
    answer = client.post(f"{address}decision/", ACTS[2][1]).content.decode()
    assert "Check the identity, and whether whoever asks may be the one who abuses." in answer
    assert "Needed and in proportion" in answer or "Both checks come first." in answer


def test_whoever_may_abuse_is_not_told(client: Client) -> None:
    signed_in(client)
    client.post("/staff/clares-law/", {"basis": "Known to the unit since today"})
    address = f"/staff/clares-law/{Application.objects.get().pk}/"
    client.post(f"{address}identity/", ACTS[0][1])
    client.post(f"{address}abuser/", {"found": "may_be", "why": "Two reports against them"})
    client.post(f"{address}decision/", ACTS[2][1])
    assert "they are not told" in words(client, address)
    answer = client.post(f"{address}told/", {"whom": "applicant", "why": "At the station today"})
    assert "may be the one who abuses, and is not told" in answer.content.decode()
    assert Application.objects.get().told == ""


def test_a_report_of_another_kind_and_an_unread_one_lead_back(client: Client) -> None:
    signed_in(client)
    report_id = send_ask()
    answer = client.post(f"/staff/reports/{report_id}/clares-law/")
    assert answer["Location"] == f"/staff/reports/{report_id}/"
    assert client.get(f"/staff/reports/{report_id}/accept/").status_code == 302
    assert not Application.objects.exists()


def test_an_act_that_there_is_not_is_not_found(client: Client) -> None:
    signed_in(client)
    client.post("/staff/clares-law/", {"basis": "Known to the unit since today"})
    address = f"/staff/clares-law/{Application.objects.get().pk}/"
    assert client.post(f"{address}letter/", {"why": "x"}).status_code == 404


def test_triage_may_not_close_it_unread(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    report_id = send_ask()
    with pytest.raises(triage.NotReadYet):
        triage.set_aside_report(report_id=report_id, reason=REASON, by=officer, at=AT)
