"""Cases as members meet them: lists, one case's page, and what is done with it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import members, operations, timeline
from safehold.records.cases.models import Case, CaseMember, CaseParty, Relation
from safehold.records.incidents.models import Part
from safehold.records.people import facts
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in
from tests.statements import statements

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


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def text(answer) -> str:
    return unescape(answer.content.decode())


def opened(desk: Client, case) -> str:
    return text(desk.post(f"/staff/cases/{case.pk}/", {"look_reason": REASON}))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


class TestLooking:
    def test_a_case_asks_why_once_a_shift_and_the_look_comes_first(self, officer, case):
        desk, path = desk_of(officer), f"/staff/cases/{case.pk}/"
        asked = text(desk.get(path))
        assert "Why do you open this case?" in asked
        assert case.reference not in asked
        assert "Ilka Brandreth" in opened(desk, case)
        assert "Ilka Brandreth" in text(desk.get(path))
        looks = AuditEvent.objects.filter(action="looked", subject_id=str(case.pk))
        assert [row.reason for row in looks] == [REASON, REASON]
        with time_machine.travel(AT + timedelta(hours=11), tick=False):
            later = desk_of(officer)
            assert "Ilka" not in text(later.get(path))
            late = text(later.post(f"{path}close/", {"why": WHY}))
        assert WHY in late
        assert "was not saved" in late
        assert Case.objects.get().closed_at is None

    def test_the_page_says_first_what_matters(self, officer, ilka, found, case):
        facts.add_flag(
            identity=ilka.identity,
            kind="suicide",
            words="",
            origin=some_cases.SAID,
            by=officer,
            at=AT,
        )
        page = words(opened(desk_of(officer), case))
        order = [
            "Ilka Brandreth : May harm themselves",
            "Who it is about",
            "Incidents",
            found.reference,
            "What happened, and what was done",
            "Case opened",
            "Who works on it",
        ]
        places = [page.index(each) for each in order]
        assert places == sorted(places)
        assert "Not searched: PNC" in page.replace("The force’s records system; ", "")

    def test_how_often_it_asks_does_not_grow_with_the_case(self, officer, case):
        desk = desk_of(officer)
        opened(desk, case)

        def asked() -> int:
            return statements(lambda: desk.get(f"/staff/cases/{case.pk}/"))

        few = asked()
        for number in range(6):
            who = some_cases.person(f"Oswin Tarrant {number}", by=officer)
            more = some_cases.incident(by=officer, people_in={Part.WITNESS: who})
            act = {"case_id": case.pk, "by": officer, "at": AT + timedelta(minutes=number + 1)}
            operations.add_incident(incident_id=more.pk, **act)
            for turn in (operations.close, operations.reopen):
                turn(why=WHY, **act)
        assert asked() == few == 26


class TestOpening:
    TYPED = {"kind": "protection", "why": WHY, "team": "Eastmere"}

    def test_it_is_opened_on_an_incident_from_its_page(self, officer, ilka, found):
        desk = desk_of(officer)
        page = text(desk.post(f"/staff/incidents/{found.pk}/", {"look_reason": REASON}))
        assert "It is in no case that you can see." in page
        address = re.search(r'href="(/staff/cases/new/[^"]+)"', page)[1]
        form = text(desk.get(address))
        assert found.reference in form
        answer = desk.post(
            address, {**self.TYPED, "references": found.reference.lower(), "owner": officer.pk}
        )
        made = Case.objects.get()
        assert answer["Location"] == f"/staff/cases/{made.pk}/"
        assert CaseParty.objects.get().person == ilka
        again = text(desk.post(f"/staff/incidents/{found.pk}/", {"look_reason": REASON}))
        assert made.reference in again

    def test_an_incident_that_is_not_there_is_said_and_nothing_typed_is_lost(self, officer, found):
        page = text(
            desk_of(officer).post(
                "/staff/cases/new/", {**self.TYPED, "references": f"{found.reference}\nI-ZZZZ-ZZZZ"}
            )
        )
        assert "No incident that you can see: I-ZZZZ-ZZZZ." in page
        assert WHY in page
        assert not Case.objects.exists()

    def test_a_restricted_one_without_an_owner_is_refused_in_words(self, officer):
        page = text(
            desk_of(officer).post(
                "/staff/cases/new/", {**self.TYPED, "owner": "", "restricted": "on"}
            )
        )
        assert "A restricted case needs an owner, or nobody would see it." in page


class TestActs:
    def test_an_incident_is_added_from_those_of_its_people_or_by_reference(
        self, officer, ilka, case
    ):
        desk, path = desk_of(officer), f"/staff/cases/{case.pk}/incident/"
        theirs = some_cases.incident(by=officer, people_in={Part.VICTIM: ilka})
        other = some_cases.incident(by=officer)
        opened(desk, case)
        page = text(desk.get(path))
        assert theirs.reference in page
        assert other.reference not in page
        assert "Choose an incident, or type a reference." in text(desk.post(path, {}))
        assert desk.post(path, {"incident": str(theirs.pk)}).status_code == 302
        assert desk.post(path, {"reference": other.reference}).status_code == 302
        assert case.incidents.count() == 3
        again = text(desk.post(path, {"reference": other.reference}))
        assert "This incident is in the case already." in again

    def test_somebody_is_found_with_a_reason_and_added_with_a_part(self, officer, case):
        desk, path = desk_of(officer), f"/staff/cases/{case.pk}/party/"
        oswin = some_cases.person("Oswin Tarrant", by=officer)
        opened(desk, case)
        asked = {"name": "oswin tarant", "born": "", "look_reason": REASON}
        found = text(desk.post(path, asked))
        assert "1 person" in found
        half = text(desk.post(path, {**asked, "what": "add", "identity": str(oswin.identity)}))
        assert "Choose what part they have." in half
        assert AuditEvent.objects.filter(action="people sought").count() == 2
        answer = desk.post(
            path, {**asked, "what": "add", "identity": str(oswin.identity), "part": "suspect"}
        )
        assert answer.status_code == 302
        assert "Oswin Tarrant" in text(desk.get(f"/staff/cases/{case.pk}/"))

    def test_whoever_was_not_found_by_the_search_is_not_added(self, officer, case):
        desk = desk_of(officer)
        oswin = some_cases.person("Oswin Tarrant", by=officer)
        opened(desk, case)
        asked = {"name": "ilka", "born": "", "look_reason": REASON, "what": "add"}
        page = text(
            desk.post(
                f"/staff/cases/{case.pk}/party/",
                {**asked, "identity": str(oswin.identity), "part": "suspect"},
            )
        )
        assert "Choose who it is, of those that are shown." in page
        assert "Oswin" not in page

    def test_of_two_who_name_an_owner_the_second_reads_whose_it_is(self, officer, supervisor, case):
        desk, path = desk_of(supervisor), f"/staff/cases/{case.pk}/member/"
        other = member(name="Ro Tarn")
        opened(desk, case)
        shown = re.search(r'name="owner" value="(\d+)"', text(desk.get(path)))[1]
        assert shown == str(officer.pk)
        typed = {"member": other.pk, "relation": "owner", "why": WHY, "owner": shown}
        assert desk.post(path, typed).status_code == 302
        page = text(desk.post(path, {**typed, "member": officer.pk, "why": "He knows her"}))
        assert "It is Ro Tarn’s now." in page
        assert "Ro Tarn owns it now." in page

    def test_it_is_restricted_closed_and_opened_again_with_reasons(self, officer, supervisor, case):
        desk, path = desk_of(officer), f"/staff/cases/{case.pk}"
        opened(desk, case)
        sent = {"restricted": "yes", "why": WHY}
        assert desk.post(f"{path}/restrict/", sent).status_code == 302
        again = text(desk.post(f"{path}/restrict/", sent))
        assert "Somebody restricted this case since you opened the page." in again
        assert WHY in again
        assert desk_of(supervisor).get(f"{path}/").status_code == 404
        assert desk.post(f"{path}/close/", {"why": WHY}).status_code == 302
        second = text(desk.post(f"{path}/close/", {"why": "Nothing is left to do"}))
        assert f"This case was closed 22 November 2026, 09:12 by Dena Okafor: “{WHY}”." in second
        assert "Nothing is left to do" in second
        assert "It is kept until 22 November 2036" in text(desk.get(f"{path}/"))
        assert desk.post(f"{path}/reopen/", {"why": WHY}).status_code == 302
        page = words(text(desk.get(f"{path}/")))
        for said in ("Case restricted to those", "Case closed", "Case opened again"):
            assert said in page

    def test_whoever_ends_her_own_part_in_a_restricted_case_is_led_to_the_list(self, officer, case):
        other = member(name="Ro Tarn")
        members.name_member(
            case_id=case.pk,
            member=other,
            relation=Relation.TEAM,
            why=WHY,
            by=officer,
            at=AT,
        )
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=AT)
        desk, row = desk_of(other), CaseMember.objects.get(member=other)
        opened(desk, case)
        answer = desk.post(f"/staff/cases/{case.pk}/member/{row.pk}/end/", {"why": WHY})
        assert answer["Location"] == "/staff/cases/"
        assert desk.get(f"/staff/cases/{case.pk}/").status_code == 404

    def test_a_closed_case_is_kept_longer_by_whoever_reviews(self, supervisor, officer, case):
        operations.close(case_id=case.pk, why=WHY, by=officer, at=AT)
        desk, path = desk_of(supervisor), f"/staff/cases/{case.pk}/keep/"
        opened(desk, case)
        page = text(desk.post(path, {"until": "1/1/2050", "why": WHY}))
        assert "not after 22 November 2036" in page
        assert WHY in page
        assert desk.post(path, {"until": "22/11/2036", "why": WHY}).status_code == 302


class TestLists:
    def test_a_list_names_nobody_whom_a_case_is_about(self, officer, case):
        page = text(desk_of(officer).get("/staff/cases/"))
        assert case.reference in page
        assert "Since 22 November 2026" in page
        assert "Brandreth" not in page

    def test_a_case_is_found_by_its_reference_or_not_at_all(self, officer, supervisor, case):
        desk = desk_of(supervisor)
        asked = {"reference": case.reference.lower()}
        assert desk.get("/staff/cases/", asked)["Location"] == f"/staff/cases/{case.pk}/"
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=AT)
        hidden = words(text(desk.get("/staff/cases/", asked)))
        nowhere = words(text(desk.get("/staff/cases/", {"reference": "C-ZZZZ-ZZZZ"})))
        assert "No case that you can see has this reference." in hidden
        assert hidden == nowhere.replace("C-ZZZZ-ZZZZ", case.reference.lower())

    def test_cases_of_somebody_who_left_are_handed_on_at_once(self, supervisor, officer):
        cases = [some_cases.case(by=officer, owner=officer) for _ in range(3)]
        some_cases.leave(officer)
        desk, other = desk_of(supervisor), member(name="Ro Tarn")
        first = words(text(desk.get("/staff/")))
        assert "3 cases have no owner." in first
        page = text(desk.get("/staff/cases/hand-on/"))
        assert all(each.reference in page for each in cases)
        typed = {"cases": [str(each.pk) for each in cases], "why": WHY}
        assert "Choose a name from the list." in text(
            desk.post("/staff/cases/hand-on/", {**typed, "member": ""})
        )
        members.hand_on(case_ids=[cases[0].pk], member=supervisor, why=WHY, by=supervisor, at=AT)
        said = text(desk.post("/staff/cases/hand-on/", {**typed, "member": other.pk}))
        assert "2 cases are Ro Tarn’s now. 1 stays as it is" in said
        assert "Every open case has an owner." in said
        assert "no owner" not in words(text(desk.get("/staff/")))

    def test_my_work_says_how_many_are_mine_and_since_when(self, officer, case):
        page = words(text(desk_of(officer).get("/staff/")))
        assert "You own 1 open case, the oldest since 22 November 2026, 09:12" in page


def test_a_room_that_tells_more_is_read_on_the_page(officer, case, monkeypatch):
    monkeypatch.setattr(timeline, "_SOURCES", dict(timeline._SOURCES))
    told = timeline.Moment(AT, "The locks were changed", "Ada Venn", more="By the council")
    timeline.add_source("tests", lambda case, by: [told])
    page = opened(desk_of(officer), case)
    assert "The locks were changed" in page
    assert "By the council" in page
