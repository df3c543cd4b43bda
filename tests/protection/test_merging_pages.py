"""People who may be one, as somebody who may decide meets them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.people import alike, facts, operations
from safehold.records.people.models import Contact, Merge, Person
from tests.desk import AT, REASON, member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
SAID = operations.Origin("somebody", "the neighbour")
WHY = "Her passport has both names"
BORN = (date(1991, 3, 2), date(1991, 3, 2))


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR)


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(boss) -> Client:
    return desk_of(boss)


@pytest.fixture
def two(boss):
    return [
        operations.record_person(name=name, born=BORN, origin=SAID, by=boss, at=AT)
        for name in ("Ilka Brandreth", "Ilca Brandreth")
    ]


def text(answer) -> str:
    return answer.content.decode()


def plain(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def path_of(two, what: str = "beside") -> str:
    return f"/staff/people/{two[0].identity}/{what}/{two[1].identity}/"


def opened(desk: Client, two):
    return desk.post(path_of(two), {"look_reason": REASON})


def merged(desk: Client, two) -> Merge:
    opened(desk, two)
    typed = {"kept": str(two[0].identity), "merge_why": WHY}
    assert desk.post(path_of(two, "merge"), typed).status_code == 302
    return Merge.objects.get()


def test_the_work_list_names_nobody_and_says_why(desk, two) -> None:
    assert "seems to be recorded twice" in text(desk.get("/staff/people/alike/"))
    alike.look(at=AT)
    page = plain(desk.get("/staff/people/alike/"))
    assert all(each.reference in page for each in two)
    assert "Their names are alike" in page
    assert "Brandreth" not in page


def test_a_person_says_how_many_to_those_who_may_merge_alone(desk, two) -> None:
    alike.look(at=AT)
    path = f"/staff/people/{two[0].identity}/"
    assert "1 other record" in text(desk.post(path, {"look_reason": REASON}))
    officer = desk_of(member())
    assert "May be the same person" not in text(officer.post(path, {"look_reason": REASON}))
    page = plain(desk.get(f"{path}alike/"))
    assert two[1].reference in page
    assert "Brandreth" not in page


def test_two_are_shown_with_a_reason_and_what_differs_is_said_in_words(desk, boss, two) -> None:
    for each, value in zip(two, ("07700 900456", "07700 900457"), strict=True):
        facts.add_contact(
            identity=each.identity, kind="mobile", value=value, origin=SAID, by=boss, at=AT
        )
    assert "Brandreth" not in text(desk.get(path_of(two)))
    page = plain(opened(desk, two))
    assert "Names Different" in page
    assert "Born The same" in page
    assert "Numbers and addresses online Different" in page
    assert "(only here)" in page
    looks = AuditEvent.objects.filter(action="looked", reason=REASON)
    assert {row.subject_id for row in looks} == {str(each.identity) for each in two}
    assert "Brandreth" in text(desk.get(path_of(two)))  # within the shift


def test_a_protected_address_is_masked_and_not_compared(desk, boss, two) -> None:
    other = member(name="Wenna Tolliver")
    facts.add_home(
        identity=two[0].identity,
        line="14 Alder Row",
        protected=True,
        origin=SAID,
        by=other,
        at=AT,
    )
    page = plain(opened(desk, two))
    assert "Alder" not in page
    assert "A protected address is not compared" in page


def test_two_are_put_together_listed_and_parted_again(desk, two) -> None:
    made = merged(desk, two)
    page = desk.get(f"/staff/people/{two[0].identity}/")
    assert f"{two[1].reference} was put together with {two[0].reference}" in plain(page)
    assert WHY in text(page)
    other = desk.get(f"/staff/people/{two[1].identity}/")
    assert other["Location"] == f"/staff/people/{two[0].identity}/"
    path = f"/staff/people/merges/{made.pk}/"
    assert "Nothing was recorded while they were one" in text(desk.get(path))
    refused = desk.post(f"{path}take-back/", {"why": "no"})
    assert "Take it back" in text(refused)
    assert desk.post(f"{path}take-back/", {"why": "She has a sister"}).status_code == 302
    assert "Taken back by Dena Okafor" in plain(desk.get(path))
    again = desk.post(f"{path}take-back/", {"why": "She has a sister"})
    assert "This was taken back already." in text(again)
    assert "She has a sister" in text(again)


def test_what_was_recorded_meanwhile_is_moved_from_the_page(desk, boss, two) -> None:
    made = merged(desk, two)
    kept = facts.add_contact(
        identity=two[0].identity,
        kind="mobile",
        value="07700 900456",
        origin=SAID,
        by=boss,
        at=Merge.objects.get().at,
    )
    path = f"/staff/people/merges/{made.pk}/"
    desk.post(f"{path}take-back/", {"why": "She has a sister"})
    assert "900456" in text(desk.get(path))  # both were opened in this shift
    boss_too = desk_of(member(Role.SUPERVISOR, name="Wenna Tolliver"))
    assert "900456" not in text(boss_too.get(path))
    assert "900456" in text(boss_too.post(path, {"look_reason": REASON}))
    refused = text(desk.post(f"{path}move/", {"move_why": WHY}))
    assert "Tick what is the other person’s." in refused
    assert WHY in refused
    typed = {"chosen": [f"contact-{kept.pk}"], "move_why": WHY}
    assert desk.post(f"{path}move/", typed).status_code == 302
    assert Contact.objects.get(ended_at=None).person_id == two[1].pk
    again = text(desk.post(f"{path}move/", typed))
    assert "moved or ended meanwhile" in again


def test_found_to_be_two_they_are_said_to_be_and_not_offered(desk, two) -> None:
    alike.look(at=AT)
    opened(desk, two)
    typed = {"apart_why": "They came in together"}
    assert desk.post(path_of(two, "apart"), typed).status_code == 302
    assert "Found to be two people" in text(desk.get(path_of(two)))
    assert two[0].reference not in text(desk.get("/staff/people/alike/"))


def test_a_decision_without_a_look_or_a_reason_is_kept_in_the_form(desk, two) -> None:
    typed = {"kept": str(two[0].identity), "merge_why": WHY}
    page = text(desk.post(path_of(two, "merge"), typed))
    assert "has looked at both in this shift" in page
    assert WHY in page
    opened(desk, two)
    page = text(desk.post(path_of(two, "merge"), {"merge_why": ""}))
    assert "Choose which reference is kept." in page
    assert "Give a reason." in page
    assert not Merge.objects.exists()


def test_whoever_comes_second_is_led_to_the_one_person(desk, two) -> None:
    merged(desk, two)
    for what in ("merge", "apart", "beside"):
        answer = desk.post(path_of(two, what), {"merge_why": WHY, "apart_why": WHY})
        assert answer.status_code == 302
    assert desk.get(path_of(two))["Location"] == f"/staff/people/{two[0].identity}/"


def test_who_is_sealed_answers_as_nobody_beside_anybody(desk, two) -> None:
    Person.objects.filter(pk=two[1].pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    for what in ("beside", "merge", "apart"):
        for answer in (desk.get(path_of(two, what)), desk.post(path_of(two, what))):
            assert answer.status_code in {302, 404}
    assert desk.get(path_of(two)).status_code == 404
    assert desk.post(path_of(two, "merge"), {"merge_why": WHY}).status_code == 404


def test_one_flag_that_both_had_is_shown_once(desk, boss, two) -> None:
    for each, words in zip(two, ("an air rifle", "a crossbow"), strict=True):
        facts.add_flag(
            identity=each.identity, kind="weapons", words=words, origin=SAID, by=boss, at=AT
        )
    merged(desk, two)
    page = plain(desk.get(f"/staff/people/{two[0].identity}/"))
    assert page.count("May have weapons") == 2  # the flag, and the words of its link
    assert "air rifle" in page
    assert "crossbow" in page


def test_the_audit_of_a_person_has_that_of_both(desk, boss, two) -> None:
    merged(desk, two)
    page = plain(desk.get(f"/staff/looks/?about=person&id={two[1].identity}"))
    assert page.count("recorded person") == 2
