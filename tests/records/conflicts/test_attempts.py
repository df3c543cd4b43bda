"""What somebody tried to see that is not for them reaches professional standards alone."""

from __future__ import annotations

import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts import attempts
from safehold.records.conflicts.models import Asked, Attempt
from safehold.records.people import facts
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from safehold.records.triage.models import TriageSlip
from tests.desk import AT, REASON, arrive, member, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
SAID = people.Origin("somebody", "the neighbour")


@pytest.fixture
def standards():
    return member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")


@pytest.fixture
def officer():
    return member(name="Ilka Brandreth")


def person(name: str = "Ilka Brandreth", **more):
    by = member(name="Pell Lisle")
    return people.record_person(name=name, origin=SAID, by=by, at=AT, **more)


def hidden_behind(values, by) -> None:
    """Record somebody whom the unit may not know of, with a number, an address, a reference."""
    made = person("Oswin Tarrant", sealed_to=Role.PROFESSIONAL_STANDARDS)
    Person.objects.filter(pk=made.pk).update(reference=values["reference"])
    about = {"identity": made.identity, "origin": SAID, "by": by, "at": AT}
    facts.add_contact(kind="mobile", value=values["contact"], **about)
    facts.add_home(line=values["line"], town="Mere", postcode="", **about)


def desk_of(who) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client, who)
    return client


def seen(answer) -> tuple[int, str]:
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
    return answer.status_code, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)


def search(desk: Client, name: str = "Ilka Brandreth"):
    return desk.post("/staff/people/", {"name": name, "look_reason": REASON})


def test_a_search_that_meets_what_is_hidden_does_what_any_other_does(officer) -> None:
    desk = desk_of(officer)
    answers = []
    for _ in range(2):  # once with nobody there, and once with somebody hidden
        with CaptureQueriesContext(connections["default"]) as asked:
            page = seen(search(desk))
        answers.append((page, len(asked)))
        attempts.sort_asked()
        person()
    (nobody, queries), (hidden, as_many) = answers
    assert "Nobody is found" in hidden[1]
    assert nobody == hidden
    assert queries == as_many


def test_an_address_that_is_hidden_does_what_one_that_leads_nowhere_does(officer) -> None:
    desk, hidden = desk_of(officer), person()
    nowhere = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    answers = []
    for key in (nowhere, hidden.identity):
        with CaptureQueriesContext(connections["default"]) as asked:
            page = seen(desk.get(f"/staff/people/{key}/"))
        answers.append((page, len(asked)))
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 404


def test_repeated_searches_are_one_line_with_what_was_typed(officer, standards) -> None:
    desk, made = desk_of(officer), person()
    for name in ("Ilka Brandreth", "ilca brandreth", "Ilka Brandreth"):
        search(desk, name)
    search(desk, "Somebody Else")
    assert attempts.sort_asked() == 3
    assert not Asked.objects.exists()
    (line,) = attempts.in_words(list(attempts.listed(by=standards)))
    assert (line.member, line.count, line.subject_id) == (officer, 3, str(made.identity))
    assert set(line.words) == {"Ilka Brandreth", "ilca brandreth"}
    assert line.called.startswith("Ilka Brandreth P-")
    assert attempts.count_open(by=standards) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"contact": "+44 7700 900451"},
        {"line": "14 Alder Row", "postcode": "mr1 2ab"},
        {"line": "14 Alder Row"},
        {"reference": ""},
    ],
)
def test_a_search_by_anything_else_that_meets_somebody_hidden_is_told_too(
    officer, standards, typed
) -> None:
    made = person("Oswin Tarrant", sealed_to=Role.PROFESSIONAL_STANDARDS)
    about = {"identity": made.identity, "origin": SAID, "by": standards, "at": AT}
    facts.add_contact(kind="mobile", value="07700 900451", **about)
    facts.add_home(line="14 Alder Row", town="Mere", postcode="MR1 2AB", **about)
    if "reference" in typed:
        typed = {"reference": made.reference}
    desk = desk_of(officer)
    page = desk.post("/staff/people/", {**typed, "look_reason": REASON})
    assert "Oswin" not in page.content.decode()
    desk.post("/staff/people/", {"contact": "07700 900999", "look_reason": REASON})
    assert attempts.sort_asked() == 1
    (line,) = attempts.in_words(list(attempts.listed(by=standards)))
    assert (line.member, line.subject_id, line.ground) == (officer, str(made.identity), "sealed")
    (said,) = line.words
    assert said.startswith(next(iter(typed.values())))


@pytest.mark.parametrize("what", ["contact", "line", "reference"])
def test_a_search_otherwise_does_the_same_whether_it_meets_somebody_hidden_or_not(
    officer, standards, what
) -> None:
    desk, answers = desk_of(officer), []
    values = {"contact": "07700 900451", "line": "14 Alder Row", "reference": "P-AAAA-BBBB"}
    typed = {what: values[what], "look_reason": REASON}
    for _ in range(2):
        with CaptureQueriesContext(connections["default"]) as asked:
            page = seen(desk.post("/staff/people/", typed))
        answers.append((page, len(asked)))
        attempts.sort_asked()
        if len(answers) == 1:
            hidden_behind(values, standards)
    assert answers[0] == answers[1]


def test_sealed_reports_and_people_by_address_and_reference(officer, standards) -> None:
    desk = desk_of(officer)
    report_id = arrive()
    TriageSlip.objects.filter(pk=report_id).update(party_is_police="yes", reference="ABCD-EFGH")
    sealed = person("Oswin Tarrant", sealed_to=Role.PROFESSIONAL_STANDARDS)
    desk.get(f"/staff/reports/{report_id}/")
    desk.get("/staff/reports/", {"reference": "ABCD-EFGH"})
    desk.get(f"/staff/people/{sealed.identity}/")
    desk.post(f"/staff/people/{sealed.identity}/", {"look_reason": REASON})
    desk.get("/staff/people/6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11/")
    attempts.sort_asked()
    lines = attempts.in_words(list(attempts.listed(by=standards)))
    assert {(line.subject_kind, line.count, line.ground) for line in lines} == {
        ("report", 2, "sealed"),
        ("person", 2, "sealed"),
    }


def test_nobody_else_learns_of_it(officer, standards) -> None:
    person()
    search(desk_of(officer))
    attempts.sort_asked()
    for role in set(Role) - {Role.PROFESSIONAL_STANDARDS}:
        reader = member(role)
        assert attempts.count_open(by=reader) == 0
        with pytest.raises(Refused):
            attempts.listed(by=reader)
        assert "tried to see" not in desk_of(reader).get("/staff/").content.decode()
    assert not AuditEvent.objects.filter(action__contains="attempt").exists()
    assert "1 member tried to see what is not for them" in (
        desk_of(standards).get("/staff/").content.decode()
    )


def test_standards_do_not_see_their_own_attempts_nor_what_they_are_kept_from(standards) -> None:
    own = member(Role.PROFESSIONAL_STANDARDS, name="Ilka Brandreth")
    person()
    for who in (own, member(name="Ilka Brandreth")):
        search(desk_of(who))
    attempts.sort_asked()
    assert Attempt.objects.count() == 2
    assert attempts.count_open(by=own) == 0
    assert attempts.count_open(by=standards) == 2


def test_what_came_of_it_is_noted_and_a_later_attempt_is_new(officer, standards) -> None:
    desk, made = desk_of(officer), person()
    search(desk)
    attempts.sort_asked()
    page = desk_of(standards)
    path = f"/staff/attempts/{officer.pk}/person/{made.identity}/"
    assert "Give a reason." in page.post(path, {"why": ""}).content.decode()
    assert page.post(path, {"why": "Talked to her: it was a test"}).status_code == 302
    assert page.get(path).status_code == 404
    assert attempts.count_open(by=standards) == 0
    search(desk)
    attempts.sort_asked()
    assert attempts.count_open(by=standards) == 1
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("typed", ["x" * 120, "‮Ilka Brandreth", "Ilka' OR 1=1 --", "ﬁ ﬂ"])
def test_whatever_was_typed_is_sorted(officer, typed: str) -> None:
    person()
    search(desk_of(officer), typed)
    attempts.sort_asked()
    assert not Asked.objects.exists()
