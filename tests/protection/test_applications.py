"""Clare's Law on the desk: each act in its place, the next one shown, the list that protects."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.dvds import operations
from safehold.records.dvds.models import Application, Proposal
from safehold.records.triage import operations as triage
from tests import under_clares_law as law
from tests.desk import AT, member, send_ask, sign_in
from tests.safeguarded import safeguarded

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]

REASON = "Read on arrival, to be worked on today"
STARTED = {"trigger": "police", "basis": "Known to the unit since today"}
DECISION = {
    "decision": "tell",
    "whom": "at_risk",
    "necessary": "He did it to two before her",
    "proportionate": "As little as protects her",
    "basis": "Common law, to protect life",
}
TOLD = {
    "whom": "at_risk",
    "why": "Told at the clinic, she can leave",
    "said": "That he was convicted of it twice",
    "private": "said",
    "safety": "She stays with her sister tonight",
}
PLAN = {
    "place": "At the clinic in the morning",
    "goes": "Two of us, one known to her",
    "not_learn": "Nobody of his family either",
    "reached": "call",
}


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
    law.ready(row, by=officer)
    page = words(client, address)
    assert "Must receive nothing of this" in page
    assert "Zanzibar" not in page
    assert client.post(f"{address}decision/", DECISION)["Location"] == address
    assert "Waits for a second person" in words(client, address)
    boss = Client()
    sign_in(boss, member(Role.SUPERVISOR))
    made = Proposal.objects.get()
    answer = boss.post(
        f"/staff/clares-law/second/{made.pk}/", {"agreed": "yes", "why": "It protects her life"}
    )
    assert answer["Location"] == address
    for what, sent in (("plan", PLAN), ("told", TOLD)):
        assert words(client, f"{address}{what}/")
        assert client.post(f"{address}{what}/", sent)["Location"] == address
    assert "convicted of it twice" in words(client, address)
    assert "an application under Clare’s Law" in words(client, report)
    assert "Nothing waits." in words(client, "/staff/clares-law/")


def test_what_comes_too_early_is_said_in_one_sentence(client: Client) -> None:
    signed_in(client)
    client.post("/staff/clares-law/", STARTED)
    address = f"/staff/clares-law/{Application.objects.get().pk}/"
    assert "Record the first contact" in words(client, address)
    answer = client.post(f"{address}decision/", DECISION).content.decode()
    assert "Record the first contact: whether anybody is in danger now." in answer
    assert "He did it to two before her" in answer


def test_whoever_may_abuse_is_not_told(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    sign_in(client, officer)
    client.post("/staff/clares-law/", STARTED)
    row = Application.objects.get()
    address = f"/staff/clares-law/{row.pk}/"
    law.ready(row, by=officer, found="may_be", asker="third")
    answer = client.post(f"{address}decision/", DECISION | {"whom": "applicant"})
    assert "may be the one who abuses, and is not told" in answer.content.decode()
    law.decided(row, by=officer)
    assert "they are not told" in words(client, address)
    client.post(f"{address}plan/", PLAN)
    client.post(f"{address}told/", TOLD | {"whom": "applicant"})
    assert Application.objects.get().told == ""


@pytest.mark.parametrize(
    "what",
    [
        *("case", "person", "first", "search", "identity", "abuser", "agency"),
        *("decision", "plan", "told", "who", "correct", "end"),
    ],
)
def test_each_act_has_a_page_that_says_what_is_missing(client: Client, what: str) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    sign_in(client, officer)
    client.post("/staff/clares-law/", STARTED)
    address = f"/staff/clares-law/{Application.objects.get().pk}/{what}/"
    assert words(client, address)
    answer = client.post(address, {})
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()


def test_a_report_of_another_kind_and_an_unread_one_lead_back(client: Client) -> None:
    signed_in(client)
    report_id = send_ask()
    answer = client.post(f"/staff/reports/{report_id}/clares-law/")
    assert answer["Location"] == f"/staff/reports/{report_id}/"
    assert client.get(f"/staff/reports/{report_id}/accept/").status_code == 302
    assert not Application.objects.exists()


def test_an_act_that_there_is_not_is_not_found(client: Client) -> None:
    signed_in(client)
    client.post("/staff/clares-law/", STARTED)
    address = f"/staff/clares-law/{Application.objects.get().pk}/"
    assert client.post(f"{address}letter/", {"why": "x"}).status_code == 404


def test_triage_may_not_close_it_unread(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    report_id = send_ask()
    with pytest.raises(triage.NotReadYet):
        triage.set_aside_report(report_id=report_id, reason=REASON, by=officer, at=AT)


def test_figures_of_a_quarter_hold_few_back_on_the_page_and_in_the_file(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    for _ in range(2):
        operations.start_right_to_know(
            basis="Known to the unit since today", by=officer, at=AT - timedelta(days=100)
        )
    sign_in(client, member(Role.ANALYST))
    page = words(client, "/staff/clares-law/figures/?quarter=2026-3")
    assert "Too few to be given: fewer than 5." in page
    lines = client.get("/staff/clares-law/figures.csv?quarter=2026-3").content.decode()
    assert "Held back" in lines
    assert ",2\r\n" not in lines
    assert client.get("/staff/clares-law/figures/?quarter=2019-1").status_code == 404


def test_right_to_know_from_a_case_is_linked_to_it(client: Client) -> None:
    officer = member(Role.TRIAGE_OFFICER)
    sign_in(client, officer)
    of = safeguarded(officer)
    address = f"/staff/cases/{of.pk}/"
    client.post(address, {"look_reason": REASON})
    assert "Right to Know under Clare’s Law" in words(client, address)
    assert "Its victims and suspects are linked" in words(client, f"{address}clares-law/")
    client.post(f"{address}clares-law/", STARTED)
    row = Application.objects.get()
    assert row.link_rows.count() == 3
    assert of.case.reference in words(client, f"/staff/clares-law/{row.pk}/")
