"""The safety of a case, as an officer meets it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safehold.domain import safety
from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Relation
from safehold.records.people import facts
from safehold.records.safety.models import (
    AddressMarker,
    ChildNote,
    PlanCopy,
    PlanVersion,
    Referral,
    SafetyAction,
)
from safehold.records.shares.models import ListEntry
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in
from tests.partners import partner
from tests.safeguarded import CHILD, HE, SAID, SHE, TODAY, mark, refer, safeguarded, start, write

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
PLAN = {
    "shown": "0",
    "made_with": "yes",
    "home": "The back door sticks: oil it",
    "home_acts": "on",
    "own_words": "I want to sleep",
    "next_look": "22/12/2026",
}
SOON = "2026-11-23T10:00"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member(Role.SAFEGUARDING_OFFICER)


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


@pytest.fixture
def case(officer):
    return safeguarded(officer)


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def page_of(case) -> str:
    return f"/staff/cases/{case.pk}/safety/"


def text(answer) -> str:
    return answer.content.decode()


def opened(desk: Client, case) -> str:
    return text(desk.post(page_of(case), {"look_reason": REASON}))


def test_it_asks_why_once_a_shift_and_every_look_is_kept(desk, case) -> None:
    assert SHE not in text(desk.get(page_of(case)))
    assert "Give a reason." in text(desk.post(page_of(case), {"look_reason": ""}))
    page = opened(desk, case)
    assert f"Safety plan for <bdi>{SHE}</bdi>" in page
    assert CHILD in page
    assert HE not in page
    assert "There is no plan yet." in page
    assert "Children’s social care was not told" in page
    assert SHE in text(desk.get(page_of(case)))
    looks = AuditEvent.objects.filter(action="looked", subject_id=str(case.pk))
    assert looks.count() == 2
    title = re.search("<title>(.*?)</title>", page, re.S)
    assert title is not None
    assert "Brandreth" not in title[1]


def test_a_page_with_a_form_asks_why_first_and_loses_nothing_that_was_sent(desk, case) -> None:
    path = f"{page_of(case)}plan/{case.she}/"
    assert desk.get(path).headers["Location"] == page_of(case)
    assert desk.post(path, PLAN).headers["Location"] == page_of(case)
    assert PlanVersion.objects.count() == 1
    last = AuditEvent.objects.filter(action="looked").order_by("-sequence")[0]
    assert last.reason == "To change the safety of the case"


def test_a_plan_is_written_shown_and_written_again_from_what_stands(desk, case) -> None:
    opened(desk, case)
    path = f"{page_of(case)}plan/{case.she}/"
    form = text(desk.get(path))
    assert "How they may be reached is not known: nothing is sent." in form
    assert all(topic.label in form for topic in safety.TOPICS)
    desk.post(path, PLAN)
    page = text(desk.get(page_of(case)))
    assert "Made with them: yes" in page
    assert "<blockquote><bdi>I want to sleep</bdi></blockquote>" in page
    assert "Start an action" in page
    assert "Whether they have a copy is not written down." in page
    again = text(desk.get(path))
    assert "The back door sticks: oil it" in again
    assert "Version 1 stands" in again


def test_what_two_wrote_at_once_is_kept_in_the_boxes(desk, officer, case) -> None:
    opened(desk, case)
    write(case, officer)
    page = text(desk.post(f"{page_of(case)}plan/{case.she}/", PLAN))
    assert "wrote version 1 of this plan since you opened the page" in page
    assert "I want to sleep</textarea>" in page
    assert PlanVersion.objects.count() == 1


def test_what_is_missing_is_said_beside_its_box(desk, case) -> None:
    opened(desk, case)
    page = text(desk.post(f"{page_of(case)}plan/{case.she}/", PLAN | {"made_with": "no"}))
    assert "Say why it was not made with them" in page
    assert 'href="#id_why_not"' in page
    assert "The back door sticks: oil it" in page


def test_nobody_writes_a_plan_for_whoever_is_said_to_have_done_it(desk, case) -> None:
    opened(desk, case)
    assert desk.get(f"{page_of(case)}plan/{case.he}/").status_code == 404


def test_a_copy_is_noted_and_not_sent_where_nobody_knows_how(desk, officer, case) -> None:
    write(case, officer)
    opened(desk, case)
    path = f"{page_of(case)}copy/{case.she}/"
    sent = {"shown": "1", "how": "post", "kept_safe": "Her sister takes it in"}
    page = text(desk.post(path, sent))
    assert "not known: nothing is sent" in page
    assert "Her sister takes it in" in page
    assert not PlanCopy.objects.exists()
    desk.post(path, sent | {"how": "kept"})
    assert "Her sister takes it in" in text(desk.get(page_of(case)))


def test_the_paper_has_no_name_and_no_sign_of_us(desk, officer, case) -> None:
    write(case, officer)
    opened(desk, case)
    path = f"{page_of(case)}print/{case.she}/"
    asks = text(desk.get(path))
    assert "Paper in the house is a risk." in asks
    assert "oil it" not in asks
    assert "oil it" not in text(desk.post(path, {"kept_safe": ""}))
    paper = desk.post(path, {"kept_safe": "Her sister keeps it for her"})
    assert "Content-Disposition" not in paper.headers
    page = text(paper)
    assert "<title>Notes</title>" in page
    assert "oil it" in page
    visible = re.sub(r"<[^>]+>", " ", page)
    for word in ("Brandreth", "Safehold", "safety plan", "Dena", case.case.reference):
        assert word not in visible
    assert AuditEvent.objects.filter(action="safety plan printed").count() == 1


def test_an_action_is_started_from_a_line_done_with_proof_and_told_once(
    desk, officer, case
) -> None:
    line = write(case, officer).lines.get(topic="home")
    opened(desk, case)
    path = f"{page_of(case)}actions/new/?line={line.pk}"
    assert "oil it" in text(desk.get(path))
    typed = {"kind": "home_security", "words": "Oil it", "owner": str(officer.pk), "due_at": SOON}
    wrong = text(desk.post(path, typed | {"due_at": "2020-01-01T10:00"}))
    assert "Choose a time that has not passed." in wrong
    desk.post(path, typed)
    made = SafetyAction.objects.get()
    assert (made.line, made.origin) == (line, "plan")
    done = f"{page_of(case)}actions/{made.pk}/done/"
    assert "Choose what shows that it was done." in text(
        desk.post(done, {"words": "I oiled it today"})
    )
    desk.post(done, {"proof": "seen", "words": "I oiled it today"})
    page = text(desk.get(page_of(case)))
    assert "1 action closed" in page
    assert "“I oiled it today”" in page
    second = text(desk.post(done, {"proof": "seen", "words": "Somebody else did"}))
    assert "has closed this action already (done)" in second
    assert "Somebody else did" in second


def test_an_agencys_action_says_who_there_answers(desk, officer, case) -> None:
    agency = partner().agency
    opened(desk, case)
    typed = {"kind": "housing", "owner": str(officer.pk), "due_at": SOON}
    path = f"{page_of(case)}actions/new/"
    page = text(desk.post(path, typed | {"agency": str(agency.pk)}))
    assert "Say who at the agency answers for it." in page
    desk.post(path, typed | {"agency": str(agency.pk), "answers": "Tamsin Roe"})
    assert f"{agency.name}: Tamsin Roe. {officer.name} follows it up" in text(
        desk.get(page_of(case))
    )


def test_handed_on_and_not_done_say_why(desk, officer, case) -> None:
    first, second = start(case, officer), start(case, officer)
    other = member(Role.SAFEGUARDING_OFFICER, name="Ro Tarn")
    opened(desk, case)
    hand = f"{page_of(case)}actions/{first.pk}/hand-on/"
    assert "Ro Tarn" in text(desk.get(hand))
    desk.post(hand, {"owner": str(other.pk), "due_at": SOON, "why": "She knows the landlord"})
    desk.post(f"{page_of(case)}actions/{second.pk}/not-done/", {"why": "The lock was new"})
    page = text(desk.get(page_of(case)))
    assert "2 actions closed" in page
    assert "Handed on: “She knows the landlord”" in page
    assert "Not done: “The lock was new”" in page
    assert desk.get(f"{page_of(case)}actions/{first.pk}/burn/").status_code == 404


def test_a_referral_passes_the_list_and_sends_nothing(desk, officer, case) -> None:
    good, barred = partner().agency, partner(name="Quayside").agency
    ListEntry.objects.create(matter=case.pk, agency=barred, sealed=b"x", added_by=officer, since=AT)
    opened(desk, case)
    path = f"{page_of(case)}refer/"
    typed = {
        "person": str(case.she),
        "to": f"agency:{barred.pk}",
        "purpose": "Support through the court case",
        "agreed": "raise_risk",
        "answer_by": "1/12/2026",
    }
    assert "This sends nothing." in text(desk.get(path))
    assert "Choose on which basis it is shared." in text(desk.post(path, typed))
    typed |= {"basis": "safeguarding", "why": "He reads her phone"}
    page = text(desk.post(path, typed))
    assert "This agency is on the must-not-receive list of this report." in page
    assert "He reads her phone" in page
    desk.post(path, typed | {"to": f"agency:{good.pk}"})
    made = Referral.objects.get()
    assert "He reads her phone" in text(desk.get(page_of(case)))
    desk.post(
        f"{page_of(case)}referrals/{made.pk}/", {"answer": "accepted", "words": "By phone today"}
    )
    assert "Accepted: “By phone today”" in text(desk.get(page_of(case)))


def test_a_referral_without_an_answer_on_its_day_is_late(desk, officer, case) -> None:
    refer(case, officer, to=partner().agency.pk)
    with time_machine.travel(AT + timedelta(days=2), tick=False):
        assert "No answer, and its day is over." in opened(desk_of(officer), case)


def test_a_marker_is_shown_on_the_page_of_the_person_until_its_day(desk, officer, case) -> None:
    facts.add_home(identity=case.she, line="14 Alder Row", origin=SAID, by=officer, at=AT)
    opened(desk, case)
    path = f"{page_of(case)}markers/new/"
    form = text(desk.get(path))
    assert "14 Alder Row" in form
    (address,) = re.findall(r'name="address" type="radio" value="([^"]+)"', form)
    typed = {"address": address, "kind": "silent", "reason": REASON, "expires": "29/11/2026"}
    assert "choose an earlier day" in text(desk.post(path, typed | {"expires": "1/12/2027"}))
    desk.post(path, typed)
    marker = AddressMarker.objects.get()
    person = text(desk.post(f"/staff/people/{case.she}/", {"look_reason": REASON}))
    assert "Marker: Do not knock" in person
    with time_machine.travel(AT + timedelta(days=8), tick=False):
        later = desk_of(officer)
        person = text(later.post(f"/staff/people/{case.she}/", {"look_reason": REASON}))
        assert "Former marker" in person
        assert "do not rely on it" in person
        assert "do not rely on it" in opened(later, case)
        again = f"{page_of(case)}markers/{marker.pk}/again/"
        page = text(later.post(again, {"until": "9/12/2026", "why": REASON}))
        assert "Its time is over. Mark the address anew" in page
        later.post(f"{page_of(case)}markers/{marker.pk}/end/", {"why": "They moved away"})
        assert "They moved away" in text(later.get(page_of(case)))


def test_a_child_is_written_of_and_who_was_told(desk, case) -> None:
    opened(desk, case)
    path = f"{page_of(case)}children/{case.child}/"
    typed = {"shown": "0", "lives": "both", "school": "known", "told": "not_done"}
    assert "Give a reason." in text(desk.post(path, typed))
    desk.post(path, typed | {"told_words": "The duty worker was told at ten", "told": "done"})
    page = text(desk.get(page_of(case)))
    assert "The duty worker was told at ten" in page
    assert "Children’s social care was not told" not in page
    assert 'value="both" checked' in text(desk.get(path))
    assert desk.get(f"{page_of(case)}children/{case.she}/").status_code == 404
    assert ChildNote.objects.count() == 1


def test_the_list_of_actions_names_nobody_and_goes_on_page_by_page(desk, officer, case) -> None:
    assert "No action is open." in text(desk.get("/staff/actions/"))
    for number in range(safety.A_PAGE + 2):
        start(case, officer, due_at=AT + timedelta(hours=1, minutes=number))
    page = text(desk.get("/staff/actions/"))
    assert case.case.reference in page
    assert "Brandreth" not in page
    assert page.count("<tr role") == safety.A_PAGE + 1
    (after,) = re.findall(r'rel="next" href="([^"]+)"', page)
    rest = text(desk.get("/staff/actions/" + after.replace("&amp;", "&")))
    assert rest.count("<tr role") == 3
    assert "Nothing is late." in text(desk.get("/staff/actions/?whose=late"))
    assert desk.get("/staff/actions/?whose=moon&after=moon").status_code == 200


def test_my_work_shows_what_is_late_or_due_today(officer, case) -> None:
    start(case, officer, due_at=AT + timedelta(hours=1))
    start(case, officer, kind="housing", due_at=AT + timedelta(days=2))
    page = text(desk_of(officer).get("/staff/"))
    assert "Make a home safer" in page
    assert "Housing or refuge" not in page
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        page = text(desk_of(officer).get("/staff/"))
    assert '<strong class="late">Late.</strong> <strong>Make a home safer</strong>' in page


def test_the_page_of_a_case_asks_no_more_for_much_than_for_little(desk, officer, case) -> None:
    def fill() -> None:
        start(case, officer)
        refer(case, officer, to=agency)

    agency = partner().agency.pk
    number = write(case, officer).number
    fill()
    mark(case, officer)
    opened(desk, case)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(page_of(case))
        return len(found)

    few = asked()
    for _ in range(6):
        fill()
        number = write(case, officer, shown=number).number
    assert asked() == few
    assert TODAY.year == 2026


def test_a_closed_case_is_shown_and_not_worked_on(desk, officer, case) -> None:
    cases.close(case_id=case.pk, why=REASON, by=officer, at=AT)
    page = opened(desk, case)
    assert "closed" in page
    assert "Make a plan with them" not in page
    page = text(desk.post(f"{page_of(case)}plan/{case.she}/", PLAN))
    assert "This case is closed: open it again first." in page
    assert "The back door sticks: oil it" in page


def test_an_advocate_sees_and_works_on_safety(case) -> None:
    advocate = member(Role.ADVOCATE, name="Tamsin Roe")
    desk = desk_of(advocate)
    assert SHE not in opened(desk, case)
    some_cases.names(case.case, advocate, by=case.case.opened_by, relation=Relation.ADVOCATE)
    assert SHE in opened(desk, case)
    desk.post(f"{page_of(case)}plan/{case.she}/", PLAN)
    assert PlanVersion.objects.count() == 1
