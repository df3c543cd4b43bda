"""The pages on who is kept from whom, attempts, passing on, and unusual looking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases.models import Case
from safehold.records.conflicts import attempts
from safehold.records.conflicts.models import HomeMark, PersonRecusal, UnusualDay
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
SAID = people.Origin("somebody", "the neighbour")


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def standards() -> Client:
    return desk_of(member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle"))


@pytest.fixture
def officer():
    return member(name="Ilka Brandreth")


def person(name: str = "Ilka Brandreth") -> Person:
    by = member(name="Pell Lisle")
    return people.record_person(name=name, origin=SAID, by=by, at=AT)


def main_of(answer) -> str:
    page = answer.content.decode()
    return page[page.index("<main") :]


def test_standards_see_who_is_kept_from_whom_and_lift_it(officer, standards) -> None:
    assert "No name of a person here" in main_of(standards.get("/staff/kept/"))
    made = person()
    page = main_of(standards.get("/staff/kept/"))
    assert "1 keeping" in page
    assert made.reference in page
    assert "Their own name" in page
    path = f"/staff/kept/{PersonRecusal.objects.get().pk}/lift/"
    assert "Say in a few words why" in main_of(standards.post(path, {"why": "no"}))
    assert standards.post(path, {"why": "Born in another century"}).status_code == 302
    assert standards.get(path).status_code == 404
    assert made.reference in main_of(
        desk_of(officer).post("/staff/people/", {"name": "Ilka", "look_reason": REASON})
    )


def test_attempts_say_who_what_was_typed_and_how_often(officer, standards) -> None:
    assert "Nobody tried anything" in main_of(standards.get("/staff/attempts/"))
    made, desk = person(), desk_of(officer)
    for _ in range(2):
        desk.post("/staff/people/", {"name": "ilca brandreth", "look_reason": REASON})
    attempts.sort_asked()
    page = main_of(standards.get("/staff/attempts/"))
    assert "ilca brandreth" in page
    assert "2 times" in page
    assert made.reference in page
    assert "1 member tried" in main_of(standards.get("/staff/"))


@pytest.mark.parametrize("said", ["yes", "not_sure"])
def test_a_colleague_is_recorded_and_gone_from_the_unit(standards, said: str) -> None:
    desk = desk_of(member(name="Pell Lisle"))
    typed = {"name": "Oswin Tarrant", "kind": "usual", "police": said, "source": "seen"}
    answer = desk.post("/staff/people/new/", typed, follow=True)
    assert "not for you to open" in main_of(answer)
    search = {"name": "Oswin Tarrant", "look_reason": REASON}
    assert "Nobody is found" in main_of(desk.post("/staff/people/", search))
    assert "1 person" in main_of(standards.post("/staff/people/", search))


def test_whether_they_work_for_the_police_has_to_be_said() -> None:
    desk = desk_of(member(name="Pell Lisle"))
    page = main_of(desk.post("/staff/people/new/", {"name": "Oswin Tarrant", "kind": "usual"}))
    assert "Choose one." in page
    assert 'value="Oswin Tarrant"' in page
    assert not Person.objects.exists()


def test_a_person_is_passed_on_after_a_look_and_with_a_reason(standards) -> None:
    made, desk = person("Oswin Tarrant"), desk_of(member(name="Wil Tarn"))
    path = f"/staff/people/{made.identity}/pass-on/"
    assert "Open it first" in main_of(desk.get(path))
    desk.post(path, {"pass_reason": "She says that he is a sergeant"})
    assert Person.objects.get().sealed_to == ""
    desk.post(f"/staff/people/{made.identity}/", {"look_reason": REASON})
    assert "Give a reason" in main_of(desk.post(path, {"pass_reason": ""}))
    done = desk.post(path, {"pass_reason": "She says that he is a sergeant"})
    assert done.status_code == 302
    assert desk.get(path).status_code == 404
    standards.post(f"/staff/people/{made.identity}/", {"look_reason": REASON})
    assert "To the unit" in main_of(standards.get(path))
    standards.post(path, {"pass_reason": "He never was one of us"})
    assert Person.objects.get().sealed_to == ""


def test_a_case_is_passed_on_from_its_own_page_by_whoever_works_on_it(standards) -> None:
    owner = member(name="Wil Tarn")
    incident = some_cases.incident(by=owner)
    made = some_cases.case(incident, by=owner, owner=owner)
    desk, other = desk_of(owner), desk_of(member(name="Pell Lisle"))
    path = f"/staff/cases/{made.pk}/pass-on/"
    assert other.get(path).status_code == 403
    assert "Open it first" in main_of(desk.get(path))
    opened = main_of(desk.post(f"/staff/cases/{made.pk}/", {"look_reason": REASON}))
    assert path in (opened or main_of(desk.get(f"/staff/cases/{made.pk}/")))
    assert desk.post(path, {"pass_reason": "He is a sergeant here"}).status_code == 302
    for page in (path, f"/staff/incidents/{incident.pk}/"):
        assert desk.get(page).status_code == 404
    standards.post(f"/staff/cases/{made.pk}/", {"look_reason": REASON})
    assert "Pass it to the unit" in main_of(standards.get(path))
    standards.post(path, {"pass_reason": "He never was one of us"})
    assert Case.objects.get().sealed_to == ""
    # Nobody works on it now: a supervisor finds it among those without an owner.
    assert desk.get(f"/staff/cases/{made.pk}/").status_code == 200


def test_an_auditor_reads_why_a_day_stands_out_and_notes_what_came_of_it() -> None:
    auditor, who = desk_of(member(Role.AUDITOR)), member(name="Dena Okafor")
    people.find_people(
        sought=people.finding.Sought("Dena Okafor"), reason=REASON, by=who, at=timezone.now()
    )
    path = "/staff/looks/unusual/"
    assert "No day stands out" in main_of(auditor.get(path))
    page = main_of(auditor.post(path, {"day": f"{localdate():%d/%m/%Y}"}))
    assert "1 member to ask about" in page
    assert "Searched for their own name, or one very near to it: once." in page
    assert REASON in page
    assert "1 day of unusual looking" in main_of(auditor.get("/staff/")).replace("</strong>", "")
    one = f"{path}{UnusualDay.objects.get().pk}/"
    refused = main_of(auditor.post(one, {"words": "She tried whether it works"}))
    assert "Choose one." in refused
    assert "She tried whether it works" in refused
    typed = {"outcome": "explained", "words": "She tried whether it works"}
    assert auditor.post(one, typed).status_code == 302
    assert "It is explained" in main_of(auditor.get(path))


@pytest.mark.parametrize("day", ["", "soon", "31/2/2026", f"{localdate() + timedelta(days=2)}"])
def test_a_day_that_is_none_is_asked_for_again(day: str) -> None:
    auditor = desk_of(member(Role.AUDITOR))
    page = main_of(auditor.post("/staff/looks/unusual/", {"day": day}))
    assert "govuk-error-message" in page


def test_a_home_address_is_kept_as_a_mark_and_shown_to_nobody(standards, officer) -> None:
    desk = desk_of(officer)
    assert "Yours is not known" in main_of(desk.get("/staff/home-address/"))
    typed = {"line": "14 Alder Row", "postcode": "ZZ1 1AA"}
    page = main_of(desk.post("/staff/home-address/", typed))
    assert "A mark of the address is kept for Ilka Brandreth." in page
    assert "Alder" not in page
    assert "Whose?" not in page
    standards.post("/staff/home-address/", {**typed, "member": str(officer.pk)})
    assert HomeMark.objects.get().by.name == "Oriel Quayle"
    assert "Write the postcode." in main_of(desk.post("/staff/home-address/", {"line": "1"}))


def test_who_looked_at_a_person_is_found_by_reference_with_searches_and_merged_rows() -> None:
    made, folded = person("Ilka Voss"), person("Ilka Vosse")
    searcher = member(name="Wil Tarn")
    people.find_people(
        sought=people.finding.Sought("Ilka Vosse"), reason=REASON, by=searcher, at=AT
    )
    Person.objects.filter(pk=folded.pk).update(identity=made.pk)
    auditor = desk_of(member(Role.AUDITOR))
    page = main_of(auditor.get("/staff/looks/", {"reference": made.reference}, follow=True))
    assert page.count("recorded") == 2
    assert "Wil Tarn" in page
    wrong = main_of(auditor.get("/staff/looks/", {"reference": "P-ZZZZ-ZZZZ"}))
    assert "No person that you may know of has this reference." in wrong


def test_a_supervisor_who_is_kept_from_a_person_finds_no_row_of_them() -> None:
    boss = member(Role.SUPERVISOR, name="Ilka Brandreth")
    made, desk = person(), desk_of(boss)
    page = main_of(desk.get("/staff/looks/", {"reference": made.reference}))
    assert "No person that you may know of" in page
    by_key = main_of(desk.get("/staff/looks/", {"about": "person", "id": str(made.pk)}))
    assert "0 rows" in by_key
    assert made.reference not in by_key
    assert AuditEvent.objects.filter(subject_id=str(made.pk)).exists()
