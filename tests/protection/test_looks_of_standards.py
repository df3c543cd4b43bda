"""Whom professional standards look into is read by themselves alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.actions import LOOKS, Action
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.sentences import SENTENCES
from tests.desk import REASON, member, send_feedback, send_harm, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
STANDARDS = "Oriel Quayle"
READERS = {
    Role.SUPERVISOR: False,
    Role.AUDITOR: False,
    Role.PROFESSIONAL_STANDARDS: True,
}


def client_of(who: Any) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def looked(client: Client, **query: str) -> str:
    page = client.get("/staff/looks/", query).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


@pytest.fixture
def standards() -> Any:
    return member(Role.PROFESSIONAL_STANDARDS, name=STANDARDS)


@pytest.mark.parametrize(("role", "reads"), READERS.items())
def test_who_reads_what_standards_looked_at(standards: Any, role: Role, reads: bool) -> None:
    theirs, officer = client_of(standards), member(name="Dena Okafor")
    of_the_unit, feedback = send_harm(), send_feedback()
    of_a_colleague = send_harm(works={"party": "yes"})
    theirs.post(f"/staff/reports/{of_the_unit}/account/", {"reason": REASON})
    theirs.post(f"/staff/reports/{of_a_colleague}/account/", {"reason": REASON})
    theirs.post(f"/staff/feedback/{feedback}/open/", {"reason": REASON})
    theirs.get("/staff/linked/")
    theirs.get("/staff/looks/", {"about": "report", "id": str(of_the_unit)})
    client_of(officer).post(f"/staff/reports/{of_the_unit}/account/", {"reason": REASON})
    reader = client_of(member(role, name="Pell Lisle"))
    pages = [
        looked(reader),
        looked(reader, about="report", id=str(of_the_unit)),
        looked(reader, about="report", id=str(of_a_colleague)),
        looked(reader, about="feedback", id=str(feedback)),
        looked(reader, about="member", id=str(standards.pk)),
    ]
    done_by_them = f"{STANDARDS} (looked at|opened|could not open)"
    assert [bool(re.search(done_by_them, page)) for page in pages] == [reads] * len(pages)
    assert "Dena Okafor opened the account" in pages[1]
    assert STANDARDS not in pages[1] or reads


@pytest.mark.parametrize(("role", "numbered"), READERS.items())
def test_no_number_of_a_row_tells_that_one_is_left_out(role: Role, numbered: bool) -> None:
    reader = client_of(member(role))
    looked(reader)
    html = reader.get("/staff/looks/").content.decode()
    assert (">Number<" in html or ">Row<" in html) is numbered


def test_whoever_left_professional_standards_has_looked_all_the_same(standards: Any) -> None:
    report_id = send_harm()
    client_of(standards).post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    standards.is_active = False
    standards.save()
    reader = client_of(member(Role.AUDITOR))
    assert STANDARDS not in looked(reader, about="report", id=str(report_id))


def test_what_standards_did_stays_for_an_auditor(standards: Any) -> None:
    report_id = send_harm()
    theirs = client_of(standards)
    theirs.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    theirs.post(f"/staff/reports/{report_id}/set-aside/", {"set_aside_reason": REASON})
    assert AuditEvent.objects.filter(action=Action.REPORT_SET_ASIDE).exists()
    reader = client_of(member(Role.AUDITOR))
    assert f"{STANDARDS} set" in looked(reader, about="report", id=str(report_id))


def test_every_opening_is_a_look() -> None:
    words = r"(opened|looked at|searched|was shown) "
    opening = {one for one, says in SENTENCES.items() if re.match(words, says)}
    begun = {Action.APPLICATION_OPENED, Action.CASE_OPENED}  # work, and no look at any
    acts = {Action.GLASS_BROKEN, Action.EXPORT_LOOKED_AT}  # each looked at by somebody else
    no_looks = begun | acts | {one for one in opening if "reviewed" in one}
    assert opening - no_looks <= LOOKS
