"""The list of imports and the report of one; a person's orders and safe contact on their page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.contacts.models import Profile
from safehold.records.imports.models import Batch
from safehold.records.people.models import Person
from safehold.records.triage import operations as triage
from tests.desk import AT, REASON, member, send_harm, sign_in
from tests.extracts import FOLDER, WHY, example, importing, target, written

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
SAFE = {
    "method": "call",
    "to": "07700 900470",
    "code": "heron",
    "never": "Do not write to the house",
    "why": "She rang and we agreed the word",
}


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR)


@pytest.fixture
def desk(boss) -> Client:
    client = Client()
    sign_in(client, boss)
    return client


def text(answer) -> str:
    return answer.content.decode()


def person_page(desk: Client, identity) -> str:
    return text(desk.post(f"/staff/people/{identity}/", {"look_reason": REASON}))


def test_an_empty_list_says_what_follows_from_it(desk) -> None:
    page = text(desk.get("/staff/imports/"))
    assert "Nothing was imported yet" in page
    assert "nobody can tell whether something is a repeat" in page


def test_an_import_is_listed_and_its_report_has_counts_columns_and_lines(
    desk, boss, tmp_path
) -> None:
    header = (FOLDER / "people.csv").read_text().splitlines()[0]
    rows = ["N1,Ilka,Brandreth,,02/03/2062,,,,,,,,,ZZ,N", "N2,Dorrit,Hale,,,,,,,,,,,,N"]
    path = written(tmp_path / "a.csv", header, *rows)
    importing((FOLDER / "people.toml").read_text(), path, by=boss)
    listed = text(desk.get("/staff/imports/"))
    assert "2 new" in listed
    page = text(desk.get(f"/staff/imports/{Batch.objects.get().pk}/"))
    assert "BORN" in page
    assert "a date in the future" in page
    assert "WARNINGS" in page
    assert WHY in page
    assert "Ilka" not in page
    assert "2062" not in page


def test_one_that_was_broken_off_says_how_it_goes_on(desk, boss) -> None:
    example("people", by=boss)
    Batch.objects.update(finished_at=None, counts={}, told={})
    page = text(desk.get(f"/staff/imports/{Batch.objects.get().pk}/"))
    assert "This import was broken off" in page
    assert "Broken off" in text(desk.get("/staff/imports/"))


def test_there_is_no_other_import(desk) -> None:
    assert desk.get(f"/staff/imports/{uuid4()}/").status_code == 404


def test_who_is_handed_a_persons_page_sees_their_orders_and_that_no_way_is_safe(desk, boss) -> None:
    example("people", by=boss)
    example("orders", by=boss)
    page = person_page(desk, target("people", "N1002"))
    assert "Non-molestation order" in page
    assert "A breach is a crime only where he knew of the order" in page
    assert "until further order" in page
    assert "Nothing shows that he knows of it" in page
    assert "No number of theirs is safe until somebody has asked them" in page


def test_a_safe_contact_is_written_down_opened_with_a_reason_and_corrected(desk, boss) -> None:
    example("people", by=boss)
    ilka = target("people", "N1001")
    at = f"/staff/people/{ilka}/safe-contact/"
    assert "Write the number or address" in text(desk.post(at, SAFE | {"to": ""}))
    answer = desk.post(at, SAFE)
    profile = Profile.objects.get(person=ilka)
    assert answer.headers["Location"] == f"/staff/contacts/{profile.pk}/"
    closed = text(desk.get(answer.headers["Location"]))
    assert "heron" not in closed
    assert f"/staff/people/{ilka}/" in closed
    opened = text(desk.post(answer.headers["Location"], {"reason": REASON}))
    assert "heron" in opened
    assert "07700 900470" in opened
    correct = f"/staff/contacts/{profile.pk}/correct/"
    assert (
        desk.post(correct, {"method": "call", "code": "plover", "why": REASON}).status_code == 302
    )
    assert "plover" in text(desk.post(answer.headers["Location"], {"reason": REASON}))
    assert "When and how they may be reached" in person_page(desk, ilka)
    again = desk.post(at, SAFE)
    assert "has a safe contact already" in text(again)


def test_a_time_to_reach_a_person_by_is_set_and_ended(desk, boss) -> None:
    example("people", by=boss)
    example("safe-contact", by=boss)
    profile = Profile.objects.get()
    at = f"/staff/contacts/{profile.pk}/"
    desk.post(f"{at}due/", {"why": "update", "due_at": "2999-01-01T10:00"})
    assert desk.get(at).status_code == 200
    assert desk.get(f"{at}another-way/").status_code == 200
    assert desk.get("/staff/").status_code == 200


def test_a_safeguarding_officer_sees_that_of_a_person_and_none_of_a_report(desk, boss) -> None:
    example("people", by=boss)
    example("safe-contact", by=boss)
    report_id = send_harm(
        identity={"how": "named"}, contact={"method": "call", "to": "07700 900471"}
    )
    triage.open_account(report_id=report_id, reason=REASON, by=boss, at=AT)
    client = Client()
    sign_in(client, member(Role.SAFEGUARDING_OFFICER))
    of_person = f"/staff/contacts/{Profile.objects.get(report_id=None).pk}/"
    assert "heron" in text(client.post(of_person, {"reason": REASON}))
    of_report = f"/staff/contacts/{Profile.objects.get(report_id=report_id).pk}/"
    assert client.get(of_report).status_code == 404
    assert client.post(of_report, {"reason": REASON}).status_code == 404
    assert desk.get(of_report).status_code == 200


def test_the_safe_contact_of_somebody_hidden_is_not_there(desk, boss) -> None:
    example("people", by=boss)
    example("safe-contact", by=boss)
    profile = Profile.objects.get()
    assert desk.get(f"/staff/contacts/{profile.pk}/").status_code == 200
    Person.objects.update(sealed_to="professional_standards")
    for at in ("", "correct/", "another-way/"):
        assert desk.get(f"/staff/contacts/{profile.pk}/{at}").status_code == 404
    ilka = target("people", "N1001")
    assert desk.get(f"/staff/people/{ilka}/safe-contact/").status_code == 404
