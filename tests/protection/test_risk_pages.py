"""An assessment as an officer meets it: history, parts, checks, a grade, a second person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.domain.sources import SOURCES
from safehold.records.audit.models import AuditEvent
from safehold.records.cases.models import Case
from safehold.records.clocks import operations as clocks
from safehold.records.incidents.models import Part
from safehold.records.marac.models import Accused, Referral
from safehold.records.people.operations import Origin
from safehold.records.risk.models import Assessment, Grade, ItemAnswer, Started
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in
from tests.risky import (
    WHY,
    a_case,
    begin,
    graded,
    pair,
    person,
    say,
    submitted,
    tied_incident,
)

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
SAID = Origin("somebody", "the neighbour")


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def two(officer):
    return pair(by=officer)


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


def text(answer) -> str:
    return answer.content.decode()


def at_of(made: Assessment, page: str = "") -> str:
    return f"/staff/cases/{made.case_id}/assessments/{made.pk}/{page}"


def looked(desk: Client, made: Assessment) -> str:
    return text(desk.post(at_of(made), {"look_reason": REASON}))


def test_from_the_case_to_a_grade_without_a_script(desk, two) -> None:
    case = f"/staff/cases/{two.case.pk}/assessments/"
    assert "Ilka" not in text(desk.get(case))
    page = text(desk.post(case, {"look_reason": REASON}))
    assert "Nothing was assessed in this case yet" in page
    answer = desk.post(
        f"{case}new/",
        {"instrument": "dash", "victim": str(two.victim), "accused": str(two.accused)},
    )
    made = Assessment.objects.get()
    assert answer["Location"] == at_of(made, "history/")
    # Its questions lead to the history until that was opened.
    assert desk.get(at_of(made, "part/1/"))["Location"] == at_of(made, "history/")
    assert "Ilka" not in text(desk.get(at_of(made, "history/")))
    page = text(desk.post(at_of(made, "history/"), {"look_reason": REASON}))
    assert "The two together" in page
    assert "Not searched:" in page
    part = text(desk.get(at_of(made, "part/1/")))
    assert "Part 1 of 4" in part
    answer = desk.post(
        at_of(made, "part/1/"),
        {
            "injury-given": "yes",
            "injury-words": "An arm",
            "fears-options": ["kill_self"],
            "go": "next",
        },
    )
    assert answer["Location"] == at_of(made, "part/2/")
    assert ItemAnswer.objects.count() == 2
    again = text(desk.get(at_of(made, "part/1/")))
    assert "An arm" in again
    refused = text(desk.post(at_of(made, "review/")))
    assert "Not submitted." in refused
    assert "Not said yet:" in refused
    sent = {f"{key}-outcome": "nothing" for key, each in SOURCES.items() if not each.ours}
    assert desk.post(at_of(made, "checks/"), sent)["Location"] == at_of(made, "review/")
    page = text(desk.get(at_of(made, "review/")))
    assert "2 indicators said yes of 2 asked" in page
    assert "Their own fear" in page
    assert desk.post(at_of(made, "review/"))["Location"] == at_of(made, "grade/")
    page = text(desk.get(at_of(made, "grade/")))
    assert "Your decision" in page
    sent = {"grade": "high", "rationale": WHY, "owner": str(two.case.opened_by_id)}
    assert desk.post(at_of(made, "grade/"), sent)["Location"] == at_of(made)
    page = text(desk.get(at_of(made)))
    assert "Refer to the MARAC" in page
    assert WHY in page
    page = text(desk.get(case))
    assert "Graded high by Dena Okafor" in page


def test_no_name_stands_in_a_title_or_an_address(desk, officer, two) -> None:
    made = submitted(two, by=officer, kill="yes")
    looked(desk, made)
    pages = ["", "history/", "part/1/", "item/kill/", "checks/", "review/", "grade/", "earlier/"]
    for page in [at_of(made, each) for each in pages] + [
        f"/staff/cases/{two.case.pk}/assessments/new/"
    ]:
        body = text(desk.get(page))
        title = re.search("<title>(.*?)</title>", body)
        assert title
        assert "Brandreth" not in title[1]
        assert "Brandreth" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', body))


def test_one_answer_that_is_wrong_takes_no_other_along_and_nothing_typed_is_lost(
    desk, officer, two
) -> None:
    made = begin(two, by=officer)
    sent = {
        "low-given": "not_asked",
        "injury-given": "no",
        "frightened-given": "perhaps",
        "frightened-words": "She shook",
        "separated-given": "yes",
        "go": "next",
    }
    page = text(desk.post(at_of(made, "part/1/"), sent))
    assert "Write why it was not asked." in page
    assert "Choose one of the answers." in page
    assert "She shook" in page
    assert set(ItemAnswer.objects.values_list("item", "given")) == {
        ("injury", "no"),
        ("separated", "yes"),
    }


def test_a_script_saves_each_answer_and_is_told_what_was_not_kept(desk, officer, two) -> None:
    made = begin(two, by=officer)
    script = {"headers": {"X-Saves": "1"}}
    kept = desk.post(at_of(made, "part/1/"), {"injury-given": "yes"}, **script)
    assert kept.json() == {"at": "09:12", "wrong": {}}
    wrong = desk.post(at_of(made, "part/1/"), {"injury-given": "not_asked"}, **script)
    assert wrong.json()["wrong"] == {"injury-words": "Write why it was not asked."}
    assert ItemAnswer.objects.get().given == "yes"
    third = member(name="Ro Tarn")
    some_cases.names(two.case, third, by=officer)
    other = desk_of(third).post(at_of(made, "part/1/"), {"injury-given": "no"}, **script)
    assert other.status_code == 409
    assert "Open the history first" in other.json()["wrong"]["__all__"]


def test_two_officers_see_both_answers_and_choose(desk, officer, boss, two) -> None:
    made, second = begin(two, by=officer), desk_of(boss)
    say(made, by=officer, injury="no")
    # The other's page was opened before that.
    second.post(at_of(made, "history/"), {"look_reason": REASON})
    second.post(at_of(made, "part/1/"), {"injury-given": "yes", "injury-words": "A cut lip"})
    looked(desk, made)
    page = text(desk.get(at_of(made, "part/1/")))
    assert "Two answers stand" in page
    assert "No. Dena Okafor" in page
    assert "Yes: “A cut lip”. Pell Lisle" in page
    seen = re.search(r'name="injury-seen" value="([^"]*)"', page)
    assert seen
    assert len(seen[1].split()) == 2
    desk.post(at_of(made, "part/1/"), {"injury-seen": seen[1], "injury-given": "yes"})
    assert "Two answers stand" not in text(desk.get(at_of(made, "part/1/")))
    page = text(desk.get(at_of(made, "item/injury/")))
    assert page.count("<bdi>") == 3


def test_an_answer_after_it_was_submitted_is_refused_and_stays_on_the_page(
    desk, officer, two
) -> None:
    made = submitted(two, by=officer)
    page = text(desk.post(at_of(made, "part/1/"), {"injury-words": "A cut lip"}))
    assert "It was submitted." in page
    assert "A cut lip" in page


def test_history_stands_beside_and_a_check_that_was_not_done_says_why(desk, officer, two) -> None:
    made = begin(two, by=officer)
    looked(desk, made)
    assert "Nothing is found in what was searched" in text(desk.get(at_of(made, "part/1/")))
    before = tied_incident(victim=two.victim, accused=two.accused, by=officer)
    assert before.reference in text(desk.get(at_of(made, "part/1/")))
    sent = {"pnc-outcome": "not_done", "pnd-outcome": "nothing", "health-words": "Rang twice"}
    page = text(desk.post(at_of(made, "checks/"), sent))
    assert "Write why it was not searched." in page
    assert "Choose what came of it." in page
    assert "Rang twice" in page
    page = text(desk.get(at_of(made, "review/")))
    assert "PND" not in page.split("Not said yet:")[1].split("</p>")[0]


def test_a_second_person_reads_the_earlier_rationale_and_decides(desk, officer, boss, two) -> None:
    graded(two, "high", by=officer)
    made = submitted(two, by=officer, at=AT + timedelta(minutes=1))
    looked(desk, made)
    page = text(desk.get(at_of(made, "grade/")))
    assert "What stands: high" in page
    assert WHY in page
    with time_machine.travel(AT + timedelta(minutes=2), tick=False):
        sent = {"grade": "standard", "rationale": "He is in prison now", "owner": str(officer.pk)}
        desk.post(at_of(made, "grade/"), sent)
    lower = Grade.objects.get(grade="standard")
    assert not Started.objects.filter(kind="victim_care").exists()
    assert desk.get(f"/staff/downgrades/{lower.pk}/").status_code == 403
    second = desk_of(boss)
    assert made.reference in text(second.get("/staff/downgrades/"))
    page = text(second.get(f"/staff/downgrades/{lower.pk}/"))
    assert WHY in page
    assert "He is in prison now" in page
    assert AuditEvent.objects.filter(
        action="looked", actor_id=str(boss.pk), subject_id=str(made.pk)
    ).exists()
    sent = {"agreed": "yes", "rationale": "ok", "shown": str(lower.lowers_id)}
    page = text(second.post(f"/staff/downgrades/{lower.pk}/", sent))
    assert "Say in a few words why" in page
    sent["rationale"] = "She is safe: he was sentenced on Monday"
    assert second.post(f"/staff/downgrades/{lower.pk}/", sent).status_code == 302
    assert Started.objects.filter(kind="victim_care").exists()
    assert "Somebody has decided this before you." in text(
        second.post(f"/staff/downgrades/{lower.pk}/", sent)
    )
    assert "No lower grade waits." in text(second.get("/staff/downgrades/"))


def test_earlier_assessments_show_how_they_differ(desk, officer, two) -> None:
    submitted(two, by=officer, at=AT - timedelta(days=100), kill="yes", strangle="no")
    made = submitted(two, by=officer, kill="no", strangle="no")
    looked(desk, made)
    page = text(desk.get(at_of(made, "earlier/")))
    table = page.split("<tbody")[1].split("</tbody>")[0]
    assert "A threat to kill" in table
    assert table.count('role="row"') == 1
    assert "Strangled" not in table


def test_primary_aggressor_is_asked_before_a_grade_and_before_a_decision_on_crime(
    officer, boss, two
) -> None:
    back = tied_incident(victim=two.accused, accused=two.victim, by=officer)
    made, desk = submitted(two, by=officer), desk_of(boss)
    looked(desk, made)
    desk.post(at_of(made, "history/"), {"look_reason": REASON})
    for page in ("", "history/", "review/", "grade/"):
        assert "Primary aggressor?" in text(desk.get(at_of(made, page))), page
    sent = {"grade": "medium", "rationale": WHY, "owner": str(officer.pk)}
    page = text(desk.post(at_of(made, "grade/"), sent))
    assert "Say first whom you take for the primary aggressor." in page
    assert WHY in page
    sent["aggressor"] = "not_clear"
    assert desk.post(at_of(made, "grade/"), sent).status_code == 302
    tied_incident(victim=two.victim, accused=two.accused, by=officer)
    page = text(desk.post(f"/staff/incidents/{back.pk}/", {"look_reason": REASON}))
    assert "Primary aggressor?" in page


def test_what_an_answer_calls_for_is_begun_from_the_review(desk, officer, two) -> None:
    made = begin(two, by=officer)
    say(made, by=officer, stalked="yes")
    looked(desk, made)
    page = text(desk.get(at_of(made, "review/")))
    form = page.split("Ask about: stalking")[0].rpartition("<form")[2]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    desk.post(f"/staff/cases/{two.case.pk}/assessments/new/", sent)
    follower = Assessment.objects.get(follows=made)
    assert follower.instrument.key == "stalking"
    assert "Ask about: stalking" not in text(desk.get(at_of(made, "review/")))
    assert follower.reference in text(desk.get(at_of(made)))


def test_a_case_that_a_member_may_not_know_of_has_no_pages(officer, two) -> None:
    ilka = person("Ilka Voss", by=officer)
    case = a_case((ilka, Part.VICTIM), by=officer, restricted=True)
    made = begin(two, by=officer, case_id=case.pk, victim=ilka.identity, accused=None)
    desk = desk_of(member())
    for page in (
        "",
        "history/",
        "part/1/",
        "item/kill/",
        "checks/",
        "review/",
        "grade/",
        "earlier/",
    ):
        for answer in (desk.get(at_of(made, page)), desk.post(at_of(made, page), {})):
            assert answer.status_code in {404, 405}, page
    assert desk.get(f"/staff/cases/{case.pk}/assessments/").status_code == 404
    other = f"/staff/cases/{two.case.pk}/assessments/{made.pk}/"
    assert desk_of(officer).get(other).status_code == 404


def test_outside_practice_it_says_that_it_is_not_graded(desk, officer, two, monkeypatch) -> None:
    monkeypatch.setattr("safehold.records.risk.instruments.is_demonstration", lambda: False)
    made = submitted(two, by=officer)
    looked(desk, made)
    page = text(desk.get(at_of(made, "grade/")))
    assert "once the force has loaded the wording" in page
    sent = {"grade": "medium", "rationale": WHY, "owner": str(officer.pk)}
    page = text(desk.post(at_of(made, "grade/"), sent))
    assert WHY in page
    assert not Grade.objects.exists()


def test_a_repeat_and_the_question_stand_wherever_the_two_are_together(officer, boss, two) -> None:
    tied_incident(victim=two.victim, accused=two.accused, by=officer)
    desk = desk_of(boss)
    case, sent = f"/staff/cases/{two.case.pk}/", {"look_reason": REASON}
    both = f"/staff/people/{two.victim}/with/{two.accused}/"
    page = text(desk.post(case, sent))
    assert (
        "A repeat since a MARAC, <bdi>Ilka Brandreth</bdi> from <bdi>Oswin Tarrant</bdi>? " in page
    )
    assert "Primary aggressor?" not in page
    assert "? Cannot tell." in text(desk.get(f"{case}assessments/"))
    assert "? Cannot tell." in text(desk.post(both, sent))
    tied_incident(victim=two.accused, accused=two.victim, by=officer)
    referred = Referral.objects.create(
        victim_id=two.victim, referred_on=(AT - timedelta(days=40)).date(), source="records",
        recorded_at=AT, recorded_by=officer,
    )  # fmt: skip
    Accused.objects.create(referral=referred, person_id=two.accused)
    assert "? Yes." in text(desk.get(case))
    for path in (case, f"{case}assessments/", both, f"/staff/people/{two.victim}/"):
        desk.post(path, sent)
        assert "Primary aggressor?" in text(desk.get(path)), path


def test_the_list_of_decisions_on_crime_asks_before_anybody_opens_one(officer, boss, two) -> None:
    desk = desk_of(boss)
    for one, other in ((two.victim, two.accused), (two.accused, two.victim)):
        made = tied_incident(victim=one, accused=other, by=officer)
        clocks.start_of_incident(incident_id=made.pk, starts_at=AT)
        page = text(desk.get("/staff/crime-decisions/?state=recorded"))
        assert ("Primary aggressor?" in page) is (one == two.accused)


def test_a_case_whose_time_is_over_says_what_holds_it_all_the_same(officer, boss, two) -> None:
    graded(two, "high", by=officer)
    long_ago = AT - timedelta(days=366 * 11)
    Case.objects.filter(pk=two.case.pk).update(
        opened_at=long_ago, closed_at=long_ago, closed_by=officer, closed_why=REASON
    )
    page = text(desk_of(boss).get("/staff/cases/?state=over"))
    assert "What holds it" in page
    assert "Graded high, and not lowered since" in page
    assert "Still open: 2 actions" in page
