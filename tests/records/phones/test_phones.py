"""Assessments on a phone: approved by another, opened once, alarmed until all of it is here."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.crypto.errors import KeyFileRefused
from safehold.domain import phones as rules
from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases.models import Case
from safehold.records.phones import operations, queries, taking
from safehold.records.phones.models import Phone, PhoneAnswer, PhoneStart, PhoneTaken
from safehold.records.phones.operations import NotHere, NotKept, NotSecond
from safehold.records.phones.queries import PhoneNotFound
from safehold.records.risk import grading
from safehold.records.risk import operations as risk
from safehold.records.risk import queries as risk_queries
from safehold.records.risk.models import Started
from safehold.records.risk.operations import NotReady
from tests.desk import AT, REASON, member
from tests.phoned import finish, phone_of, receive, sealed
from tests.risky import WHY, begin, check_all, of_the_team, open_history, pair, say

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
LATER = AT + rules.ALARMS_AFTER
MUCH_LATER = AT + rules.WATCH_AFTER


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def two(officer):
    return pair(by=officer)


@pytest.fixture
def made(two, officer):
    return begin(two, by=officer)


@pytest.fixture
def phone(officer, boss) -> Phone:
    return phone_of(officer, by=boss).phone


@pytest.fixture
def start(made, phone, officer) -> PhoneStart:
    return operations.begin(assessment_id=made.pk, phone=phone, by=officer, at=AT)


def standing(made) -> dict[str, list[tuple[str, str]]]:
    found = risk_queries.standing(made)
    return {item: [(row.given, row.words) for row in rows] for item, rows in found.items()}


def take(start, *, by, at=AT) -> int:
    return taking.take_over(start_id=start.pk, by=by, at=at)


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_a_phone_is_its_members_and_another_approves_it(officer, boss, made) -> None:
    asked = operations.ask(by=officer, at=AT)
    assert asked.secret not in str(Phone.objects.values())
    with pytest.raises(Refused):
        operations.approve(phone_id=asked.phone.pk, by=officer, at=AT)
    with pytest.raises(NotKept, match="phone"):
        receive(asked.phone, {"kind": "start"})
    own = operations.ask(by=boss, at=AT)
    with pytest.raises(NotSecond):
        operations.approve(phone_id=own.phone.pk, by=boss, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Phone.objects.filter(pk=own.phone.pk).update(approved_at=AT, approved_by=boss)
    assert queries.count_to_approve(by=boss) == 1
    operations.approve(phone_id=asked.phone.pk, by=boss, at=AT)
    phone = queries.by_secret(asked.secret)
    assert queries.may_send(phone)
    with pytest.raises(NotHere):
        operations.begin(assessment_id=made.pk, phone=own.phone, by=officer, at=AT)
    with pytest.raises(PhoneNotFound):
        operations.end(phone_id=own.phone.pk, why=REASON, by=officer, at=AT)
    operations.end(phone_id=asked.phone.pk, why=REASON, by=boss, at=AT)
    assert not queries.may_send(queries.by_secret(asked.secret))
    assert {"phone asked for", "phone approved", "phone ended"} <= set(actions())


def test_it_begins_after_the_history_and_never_for_a_case_about_a_colleague(
    officer, phone, two, made
) -> None:
    other = of_the_team(two, by=officer)
    with pytest.raises(NotHere):
        operations.begin(assessment_id=made.pk, phone=None, by=officer, at=AT)
    with pytest.raises(NotReady):
        operations.begin(assessment_id=made.pk, phone=phone, by=other, at=AT)
    start = operations.begin(assessment_id=made.pk, phone=phone, by=officer, at=AT)
    again = operations.begin(assessment_id=made.pk, phone=phone, by=officer, at=LATER)
    assert again == start
    Case.objects.update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    with pytest.raises(risk_queries.AssessmentNotFound):
        operations.begin(assessment_id=made.pk, phone=phone, by=officer, at=AT)


def test_what_came_is_opened_once_and_is_the_officers_who_asked(
    officer, boss, two, made, phone, start
) -> None:
    for sent in (
        sealed(start, 1, "kill", given="yes"),
        sealed(start, 2, "kill", words="On the phone, last week"),
        sealed(start, 3, "strangle", given="no"),
        sealed(start, 4, "strangle", given="yes"),
    ):
        receive(phone, sent)
        receive(phone, sent)
    assert PhoneAnswer.objects.count() == 4
    with pytest.raises(NotReady, match="history"):
        take(start, by=boss)
    open_history(two, by=boss)
    assert take(start, by=boss) == 4
    assert standing(made) == {
        "kill": [("yes", "On the phone, last week")],
        "strangle": [("yes", "")],
    }
    rows = risk_queries.written(made, "strangle")
    assert [(row.given, row.by) for row in rows] == [("yes", officer), ("no", officer)]
    assert not PhoneAnswer.objects.exists()
    assert PhoneTaken.objects.filter(by=boss).count() == 4
    receive(phone, sent)  # once more, after it was taken over
    assert not PhoneAnswer.objects.exists()
    assert "answers from a phone taken over" in actions()
    assert not AuditEvent.objects.filter(detail__icontains="last week").exists()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        QuerySet(PhoneTaken).update(given="no")


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.integers(), st.integers(min_value=0, max_value=6))
def test_any_order_and_any_repeats_say_the_same(made, phone, officer, seed, first) -> None:
    with transaction.atomic():
        start = operations.begin(assessment_id=made.pk, phone=phone, by=officer, at=AT)
        sent = [
            sealed(start, 1, "kill", given="no"),
            sealed(start, 2, "kill", words="She was not sure"),
            sealed(start, 3, "worse", given="yes"),
            sealed(start, 4, "kill", given="yes"),
            sealed(start, 5, "kill", words="He said it twice"),
            sealed(start, 6, "worse", given="declined"),
        ]
        drawn = random.Random(seed)
        came = [*sent, *drawn.choices(sent, k=4)]
        drawn.shuffle(came)
        for each in came[:first]:
            receive(phone, each)
        take(start, by=officer)
        for each in came[first:]:
            receive(phone, each)
        finish(phone, start, 6)
        take(start, by=officer)
        assert standing(made) == {
            "kill": [("yes", "He said it twice")],
            "worse": [("declined", "")],
        }
        start.refresh_from_db()
        assert start.over_at
        transaction.set_rollback(True)


def test_two_officers_on_one_assessment_are_both_kept_until_somebody_chooses(
    officer, boss, two, made, phone, start
) -> None:
    open_history(two, by=boss)
    say(made, by=boss, kill="no", worse="yes")
    receive(phone, sealed(start, 1, "kill", given="yes"))
    receive(phone, sealed(start, 2, "worse", given="yes"))
    take(start, by=boss)
    assert sorted(standing(made)["kill"]) == [("no", ""), ("yes", "")]
    assert standing(made)["worse"] == [("yes", "")]
    seen = tuple(row.pk for row in risk_queries.standing(made)["kill"])
    said = [risk.Said("kill", risk.Answer("yes"), seen)]
    risk.save_answers(assessment_id=made.pk, said=said, by=boss, at=LATER)
    assert standing(made)["kill"] == [("yes", "")]
    assert {row.by for row in risk_queries.written(made, "kill")} == {officer, boss}


def test_nothing_is_submitted_or_graded_before_what_came_is_taken_over(
    officer, two, made, phone, start
) -> None:
    check_all(two, by=officer)
    with pytest.raises(NotReady, match="still be on a phone"):
        risk.submit(assessment_id=made.pk, by=officer, at=AT)
    receive(phone, sealed(start, 1, "kill", given="yes"))
    finish(phone, start, 2)
    with pytest.raises(NotReady, match="still be on a phone"):
        risk.submit(assessment_id=made.pk, by=officer, at=AT)
    receive(phone, sealed(start, 2, "worse", given="no"))
    with pytest.raises(NotReady, match="still sealed"):
        risk.submit(assessment_id=made.pk, by=officer, at=AT)
    take(start, by=officer)
    risk.submit(assessment_id=made.pk, by=officer, at=AT)
    receive(phone, sealed(start, 3, "strangle", given="yes"))
    grade = {"grade": "high", "rationale": WHY, "by": officer, "at": AT}
    with pytest.raises(NotReady, match="still sealed"):
        grading.grade(assessment_id=made.pk, **grade)
    take(start, by=officer)
    assert standing(made)["strangle"] == [("yes", "")]
    assert grading.grade(assessment_id=made.pk, **grade).indicators == 2


def test_a_sign_of_suicide_from_a_phone_starts_its_pathway(officer, made, phone, start) -> None:
    receive(phone, sealed(start, 1, "low", given="yes"))
    take(start, by=officer)
    assert Started.objects.filter(kind="suicide_pathway", assessment=made).exists()


def test_what_is_not_here_alarms_its_officer_supervisors_and_then_the_watch(
    officer, boss, phone, start
) -> None:
    other = member(name="Ro Tarn")

    def told(who, at) -> list[int]:
        return [one.level for one in queries.alarms(by=who, at=at)]

    soon = LATER - timedelta(minutes=1)
    assert [told(who, soon) for who in (officer, boss, other)] == [[0], [], []]
    assert [told(who, LATER) for who in (officer, boss, other)] == [[1], [1], []]
    assert [told(who, MUCH_LATER) for who in (officer, boss, other)] == [[2], [2], [2]]
    assert told(member(Role.ADVOCATE), MUCH_LATER) == []
    with pytest.raises(PhoneNotFound):
        operations.give_up(start_id=start.pk, why=REASON, by=other, at=MUCH_LATER)
    operations.give_up(start_id=start.pk, why=REASON, by=boss, at=MUCH_LATER)
    assert told(officer, MUCH_LATER) == []
    receive(phone, sealed(start, 1, "kill", given="yes"))  # nothing is lost for that
    assert told(officer, MUCH_LATER) != []  # nor unseen
    assert take(start, by=officer) == 1


def test_it_alarms_no_more_once_it_is_here_and_goes_once_it_is_taken_over(
    officer, boss, phone, start
) -> None:
    receive(phone, sealed(start, 1, "kill", given="yes"))
    finish(phone, start, 1)
    # It has arrived, and whoever keeps phones knows that nobody has taken it over.
    assert [one.arrived for one in queries.alarms(by=boss, at=MUCH_LATER)] == [True]
    assert [one.arrived for one in queries.alarms(by=officer, at=MUCH_LATER)] == [True]
    take(start, by=officer)
    assert queries.alarms(by=officer, at=MUCH_LATER) == []


def test_begun_without_a_connection_it_alarms_from_then_and_finds_its_assessment(
    officer, boss, made, phone
) -> None:
    key = uuid4()
    began = {"kind": "start", "start": str(key), "instrument": "dash", "began": AT.isoformat()}
    receive(phone, began, at=LATER)
    receive(phone, began, at=LATER)
    start = PhoneStart.objects.get()
    assert (start.began_at, start.told_at) == (AT, LATER)
    assert len(queries.alarms(by=boss, at=LATER)) == 1
    receive(phone, sealed(start, 1, "kill", given="yes"), at=LATER)
    with pytest.raises(PhoneNotFound):
        take(start, by=officer)
    with pytest.raises(PhoneNotFound):
        operations.belongs_to(start_id=key, assessment_id=made.pk, by=boss, at=LATER)
    operations.belongs_to(start_id=key, assessment_id=made.pk, by=officer, at=LATER)
    assert take(start, by=officer, at=LATER) == 1


def test_the_clock_of_a_phone_makes_an_alarm_earlier_and_never_later(officer, phone) -> None:
    for began in ("2099-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "yesterday", None):
        message = {"kind": "start", "start": str(uuid4()), "instrument": "dash", "began": began}
        receive(phone, message)
    assert all(start.began_at <= AT for start in PhoneStart.objects.all())
    assert len(PhoneStart.objects.filter(began_at__lt=AT)) == 2


def test_what_is_no_message_of_a_phone_is_not_kept(officer, boss, phone, start) -> None:
    good = sealed(start, 1, "kill", given="yes").message()
    for message, why in (
        (None, "form"),
        ({"kind": "read"}, "form"),
        ({**good, "sealed": "00"}, "form"),
        ({**good, "sealed": None}, "form"),
        ({**good, "id": "1"}, "form"),
        ({**good, "start": str(uuid4())}, "start"),
        ({"kind": "finish", "start": str(start.pk), "count": True}, "form"),
        ({"kind": "start", "start": str(uuid4()), "instrument": "tarot"}, "form"),
    ):
        with pytest.raises(NotKept, match=why):
            operations.receive(phone=phone, message=message, at=AT)
    receive(phone, good)
    with pytest.raises(NotKept, match="other"):
        receive(phone, {**good, "sealed": sealed(start, 1, "kill", given="no").sealed})
    others = phone_of(boss, by=member(Role.SUPERVISOR, name="Ro Tarn"))
    stranger = queries.by_secret(others.secret)
    with pytest.raises(NotKept, match="start"):
        receive(stranger, good)
    officer.is_active = False
    officer.save()
    assert not queries.may_send(Phone.objects.get(pk=phone.pk))


def test_what_does_not_open_or_fits_no_question_stays_as_it_came(officer, keys, phone, start):
    receive(phone, sealed(start, 1, "tarot", given="yes"))
    moved = sealed(uuid4(), 2, "kill", given="yes").message()
    receive(phone, {**moved, "start": str(start.pk)})
    receive(phone, sealed(start, 3, "kill", given="maybe", words="as she said"))
    with pytest.raises(taking.NotOpened, match="2 of what came"):
        take(start, by=officer)
    assert PhoneAnswer.objects.count() == 2
    found = standing(start.assessment)["kill"]
    assert found == [
        ("", "As it came from the phone, which is no answer to this: maybe as she said")
    ]
    for path in keys.glob("account*"):
        path.unlink()
    with pytest.raises(KeyFileRefused):
        take(start, by=officer)
