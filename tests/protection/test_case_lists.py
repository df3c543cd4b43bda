"""Who must get nothing of a case, as members put them on its list and take them off."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine

from safehold.domain.access import Role
from safehold.records.incidents.models import Part
from safehold.records.shares import case_lists
from safehold.records.shares.models import ListEntry
from tests import some_cases
from tests.desk import AT, REASON, member
from tests.partners import partner
from tests.protection.test_cases import desk_of, opened, text

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
WHY = "She asked for somebody whom she knows"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def ilka(officer):
    return some_cases.person("Ilka Brandreth", by=officer)


@pytest.fixture
def found(officer, ilka):
    return some_cases.incident(by=officer, people_in={Part.VICTIM: ilka})


@pytest.fixture
def case(officer, found):
    return some_cases.case(found, by=officer, owner=officer)


def test_agencies_and_people_are_put_on_and_taken_off_by_another(officer, supervisor, case):
    agency = partner().agency
    oswin = some_cases.person("Oswin Tarrant", by=officer)
    desk, path = desk_of(officer), f"/staff/cases/{case.pk}/must-not-receive/"
    opened(desk, case)
    assert "Nobody was put on it yet." in text(desk.get(path))
    sent = {"what": "agency", "agency_id": str(agency.pk), "why": "Her sister is there"}
    assert desk.post(path, sent).status_code == 302
    asked = {"name": "oswin", "born": "", "look_reason": REASON}
    person = {**asked, "what": "person", "identity": str(oswin.identity), "why": "x"}
    assert "Say in a few words why." in text(desk.post(path, person))
    assert desk.post(path, {**person, "why": "He would be told at once"}).status_code == 302
    page = text(desk.get(path))
    for said in (agency.name, "Her sister is there", "Oswin Tarrant", "told at once"):
        assert said in page
    assert "You put it on: another person takes it off." in page
    entry = ListEntry.objects.get(agency=agency, matter=case.pk)
    refused = text(desk.post(f"{path}{entry.pk}/end/", {"why": WHY}))
    assert "another person takes it off" in refused
    assert WHY in refused
    other = desk_of(supervisor)
    opened(other, case)
    assert other.post(f"{path}{entry.pk}/end/", {"why": WHY}).status_code == 302
    assert f"“{WHY}”" in text(other.get(path))
    again = text(desk.post(f"{path}{entry.pk}/end/", {"why": "I see no need"}))
    assert f"Pell Lisle took it off already: “{WHY}”." in again


def test_an_entry_of_another_list_answers_as_none(officer, case):
    other = some_cases.case(by=officer, owner=officer)
    entry = case_lists.put_agency(
        case_id=other.pk, agency_id=partner().agency.pk, why=WHY, by=officer, at=AT
    )
    other_hand = member(name="Ro Tarn")
    some_cases.names(case, other_hand, by=officer)
    desk = desk_of(other_hand)
    opened(desk, case)
    path = f"/staff/cases/{case.pk}/must-not-receive/"
    for key in (entry.pk, uuid4()):
        assert desk.post(f"{path}{key}/end/", {"why": WHY}).status_code == 404
