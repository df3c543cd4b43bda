"""All of a case on paper or for a partner, as whoever asks, agrees and looks meets it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.cases import operations as cases
from safehold.records.cases.models import CaseKind
from safehold.records.exports.models import CaseExport
from safehold.records.incidents import ties
from safehold.records.incidents.models import Acquainted, Classification, Part, Setting
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import facts
from safehold.records.people import operations as people
from tests.desk import AT, REASON, member, sign_in
from tests.partners import partner

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
WHY = "The court ordered all of it"


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def case(officer):
    said = Recorded(
        Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=(Part.VICTIM,)
    )
    incident = record_by_officer(said=said, by=officer, at=AT)
    origin = people.Origin("somebody", "the neighbour")
    ilka = people.record_person(name="Ilka Brandreth", origin=origin, by=officer, at=AT)
    ties.tie(
        incident_id=incident.pk,
        role_id=incident.roles.get().pk,
        identity=ilka.identity,
        category="victim",
        by=officer,
        at=AT,
    )
    facts.add_home(
        identity=ilka.identity,
        line="14 Alder Row",
        protected=True,
        origin=origin,
        by=officer,
        at=AT,
    )
    return cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[incident.pk],
        why=REASON,
        restricted=False,
        owner=officer,
        team="Eastmere",
        by=officer,
        at=AT,
    )


def text(answer) -> str:
    return answer.content.decode()


def plain(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def asked(desk: Client, case, **changes) -> CaseExport:
    typed = {"once": str(uuid4()), "agency_id": str(partner().agency.pk), "purpose": WHY}
    answer = desk.post(f"/staff/cases/{case.pk}/export/", {**typed, **changes})
    assert answer.status_code == 302, plain(answer)
    return CaseExport.objects.order_by("-asked_at").first()


def test_a_working_print_wants_a_reason_masks_and_names_nobody_in_its_title(officer, case) -> None:
    desk, path = desk_of(officer), f"/staff/cases/{case.pk}/print/"
    assert "Brandreth" not in text(desk.get(path))
    assert "Answer this" in text(desk.post(path, {"look_reason": ""}))
    answer = desk.post(path, {"look_reason": REASON})
    page = plain(answer)
    assert "Ilka Brandreth" in page
    assert "Alder" not in page
    assert "Protected: left out" in page
    assert "Not searched" in page
    title = re.search(r"<title>(.*?)</title>", text(answer), re.S)[1]
    assert "Ilka" not in title
    assert "Content-Disposition" not in answer


def test_without_an_agency_that_has_a_key_nothing_can_be_asked(officer, case) -> None:
    page = text(desk_of(officer).get(f"/staff/cases/{case.pk}/export/"))
    assert "No agency has a key" in page


def test_from_asking_to_looking_through_the_pages(officer, case) -> None:
    mine, boss = desk_of(officer), desk_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    auditor = desk_of(member(Role.AUDITOR, name="Senna Roake"))
    refused = text(mine.post(f"/staff/cases/{case.pk}/export/", {"purpose": "court"}))
    assert "No agency has a key" in refused
    row = asked(mine, case)
    path = f"/staff/exports/{row.pk}/"
    assert "Waits for somebody to agree" in plain(mine.get(path))
    assert "May all of this case leave?" not in text(mine.get(path))
    assert "1 export of a whole case waits" in plain(boss.get("/staff/"))
    kept = text(boss.post(f"{path}agree/", {"why": WHY}))
    assert "Choose yes or no." in kept
    assert WHY in kept
    assert boss.post(f"{path}agree/", {"agreed": "yes", "why": WHY}).status_code == 302
    assert "of yours was agreed" in plain(mine.get("/staff/"))
    assert "left as a whole" not in plain(auditor.get("/staff/"))
    assert mine.post(f"{path}make/").status_code == 302
    second = mine.post(f"{path}make/")
    assert "This does not wait for its file." in text(second)
    got = mine.post(f"{path}file/")
    assert got["Content-Disposition"] == f'attachment; filename="{row.reference}.age"'
    assert boss.post(f"{path}file/").status_code == 409
    first_page = plain(auditor.get("/staff/"))
    assert "1 case left as a whole, and nobody apart has looked at it." in first_page
    listed = plain(auditor.get("/staff/exports/"))
    for words in (row.agency.name, WHY, "bytes", "Dena Okafor", "agreed by Pell Lisle"):
        assert words in listed
    assert "Brandreth" not in text(auditor.get(path))
    looked = auditor.post(f"{path}review/", {"was_right": "yes", "words": "The order is on file"})
    assert looked.status_code == 302
    assert "left as a whole" not in plain(auditor.get("/staff/"))
    again = auditor.post(f"{path}review/", {"was_right": "no", "words": "The order is gone"})
    assert "does not wait to be looked at" in text(again)
    assert "The order is gone" in text(again)


def test_a_restricted_case_answers_as_absent(officer, case) -> None:
    row = asked(desk_of(officer), case)
    type(case).objects.update(restricted=True)
    boss = desk_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    for path in (
        f"/staff/cases/{case.pk}/print/",
        f"/staff/cases/{case.pk}/export/",
        f"/staff/exports/{row.pk}/",
    ):
        assert boss.get(path).status_code == 404
    for act in ("agree", "make", "file"):
        sent = {"agreed": "yes", "why": WHY}
        assert boss.post(f"/staff/exports/{row.pk}/{act}/", sent).status_code == 404
