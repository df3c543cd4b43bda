"""A grade is a person's with a rationale; until a second person agrees the higher one stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.risk import grading, operations, pairs, queries
from safehold.records.risk.grading import GradedSince, NotAGrade, NotSecond
from safehold.records.risk.models import Grade, Started
from safehold.records.risk.operations import NotReady
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.risky import (
    WHY,
    begin,
    check_all,
    graded,
    of_the_team,
    open_history,
    pair,
    submitted,
    tied_incident,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
DAY = timedelta(days=1)


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def two(officer):
    return pair(by=officer)


def standing(two, by) -> list[str]:
    found = queries.standing_grades(victim=two.victim, accused=two.accused, by=by)
    return [each.grade for each in found]


def started() -> list[str]:
    return sorted(Started.objects.values_list("kind", flat=True))


def agree(lower: Grade, *, by, agreed: bool = True, at=AT + 2 * DAY) -> None:
    grading.agree(
        grade_id=lower.pk,
        agreed=agreed,
        rationale="I read why it was high, and it is over",
        shown=str(lower.lowers_id),
        by=by,
        at=at,
    )


def test_a_grade_keeps_who_why_and_what_was_counted_and_prompted(officer, two) -> None:
    made = graded(two, "high", by=officer)
    assert (made.rationale, made.by, made.indicators, made.asked) == (WHY, officer, 1, 1)
    assert made.left_open == 26
    assert made.suggested == "standard"
    assert [each["key"] for each in made.prompts] == ["kill"]
    assert {each["key"] for each in made.routes} == {"visible", "judgement", "escalation", "repeat"}
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert last.action == "risk graded"
    assert WHY not in str(last.detail) + last.reason


@pytest.mark.parametrize(
    ("grade", "kinds", "hours"),
    [
        ("high", ["idva_referral", "marac_referral"], 24),
        ("medium", ["outreach"], 72),
        ("standard", ["victim_care"], 72),
    ],
)
def test_a_grade_starts_what_the_rules_say_together(officer, two, grade, kinds, hours) -> None:
    graded(two, grade, by=officer)
    assert started() == kinds
    due = set(Started.objects.values_list("due_at", "owner_id"))
    assert due == {(AT + timedelta(hours=hours), officer.pk)}


def test_a_grade_needs_a_rationale_a_submission_and_the_history(officer, two) -> None:
    made = begin(two, by=officer)
    sent = {"assessment_id": made.pk, "grade": "high", "rationale": WHY, "by": officer, "at": AT}
    with pytest.raises(ReasonTooThin):
        grading.grade(**{**sent, "rationale": "Hm"})
    with pytest.raises(NotReady, match="Submit it first"):
        grading.grade(**sent)
    submitted(two, by=officer)
    with pytest.raises(NotAGrade):
        grading.grade(**{**sent, "grade": "extreme"})
    with pytest.raises(NotAGrade, match="who may work on this case"):
        grading.grade(**sent, owner=member(Role.ANALYST))
    with pytest.raises(NotReady, match="Open the history first"):
        grading.grade(**{**sent, "by": of_the_team(two, by=officer)})
    with pytest.raises(NotReady, match="Open the history first"):
        grading.grade(**{**sent, "at": AT + DAY})
    with pytest.raises(Refused):
        grading.grade(**{**sent, "by": member(Role.AUDITOR)})
    assert not Grade.objects.exists()


def test_a_paraphrase_is_filled_in_and_not_graded_outside_practice(
    officer, two, monkeypatch
) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    monkeypatch.setattr("safehold.records.risk.instruments.is_demonstration", lambda: False)
    made = submitted(two, by=officer, kill="yes")
    with pytest.raises(grading.WordingNeeded, match="licensed to use"):
        grading.grade(assessment_id=made.pk, grade="high", rationale=WHY, by=officer, at=AT)


def test_what_follows_another_is_graded_with_that_one(officer, two) -> None:
    made = begin(two, by=officer)
    follower = begin(two, by=officer, instrument="stalking", follows=made.pk)
    with pytest.raises(NotReady, match="graded with that one"):
        grading.grade(assessment_id=follower.pk, grade="high", rationale=WHY, by=officer, at=AT)


def test_a_lower_grade_waits_and_starts_nothing_until_a_second_person_agrees(
    officer, boss, two
) -> None:
    high = graded(two, "high", by=officer)
    lower = graded(two, "standard", by=officer, at=AT + DAY)
    assert lower.lowers == high
    assert standing(two, officer) == ["high"]
    assert "victim_care" not in started()
    assert queries.waiting_to_be_agreed(by=boss) == [lower]
    agree(lower, by=boss)
    assert standing(two, officer) == ["standard"]
    assert "victim_care" in started()
    assert queries.waiting_to_be_agreed(by=boss) == []
    with pytest.raises(grading.DecidedAlready):
        agree(lower, by=member(Role.SUPERVISOR))


def test_without_agreement_the_higher_grade_stands(officer, boss, two) -> None:
    graded(two, "high", by=officer)
    lower = graded(two, "medium", by=officer, at=AT + DAY)
    agree(lower, by=boss, agreed=False)
    assert standing(two, officer) == ["high"]
    assert "outreach" not in started()


def test_nobody_agrees_to_their_own_lower_grade_or_without_the_earlier_rationale(
    officer, boss, two
) -> None:
    graded(two, "high", by=officer)
    open_history(two, by=boss)
    lower = graded(two, "standard", by=boss, at=AT + DAY)
    with pytest.raises(NotSecond):
        agree(lower, by=boss)
    with pytest.raises(Refused):
        agree(lower, by=member())
    second = member(Role.SUPERVISOR)
    sent = {"grade_id": lower.pk, "agreed": True, "by": second, "at": AT + DAY}
    with pytest.raises(ReasonTooThin):
        grading.agree(**sent, rationale="ok", shown=str(lower.lowers_id))
    with pytest.raises(GradedSince):
        grading.agree(**sent, rationale=WHY, shown=str(lower.pk))
    assert standing(two, officer) == ["high"]


def test_a_lower_grade_that_was_overtaken_is_not_agreed_to(officer, boss, two) -> None:
    graded(two, "medium", by=officer)
    lower = graded(two, "standard", by=officer, at=AT + DAY)
    graded(two, "high", by=officer, at=AT + 2 * DAY)
    with pytest.raises(GradedSince):
        agree(lower, by=boss, at=AT + 3 * DAY)
    assert standing(two, officer) == ["high"]


def test_a_grade_given_while_nobody_knew_who_it_was_is_not_lost(officer, two) -> None:
    made = begin(two, by=officer, accused=None)
    check_all(two, by=officer)
    operations.submit(assessment_id=made.pk, by=officer, at=AT)
    unknown = grading.grade(assessment_id=made.pk, grade="high", rationale=WHY, by=officer, at=AT)
    lower = graded(two, "standard", by=officer, at=AT + DAY)
    assert lower.lowers == unknown


def test_a_grade_that_is_as_high_or_higher_needs_nobody_else(officer, two) -> None:
    graded(two, "medium", by=officer)
    assert graded(two, "medium", by=officer, at=AT + DAY).lowers is None
    assert graded(two, "high", by=officer, at=AT + 2 * DAY).lowers is None
    assert standing(two, officer) == ["high"]


def test_an_allegation_in_reverse_is_answered_before_a_grade(officer, two) -> None:
    tied_incident(victim=two.victim, accused=two.accused, by=officer)
    assert pairs.aggressor_question(victim=two.victim, accused=two.accused, by=officer) is None
    back = tied_incident(victim=two.accused, accused=two.victim, by=officer)
    asked = pairs.aggressor_question(victim=two.victim, accused=two.accused, by=officer)
    assert asked
    assert (asked.reverse, asked.forward) == (1, 1)
    assert pairs.aggressor_question_in(incident_id=back.pk, by=officer)
    made = submitted(two, by=officer)
    sent = {"assessment_id": made.pk, "grade": "medium", "rationale": WHY, "by": officer, "at": AT}
    for said in ("", "both"):
        with pytest.raises(NotAGrade, match="primary aggressor"):
            grading.grade(**sent, aggressor=said)
    assert grading.grade(**sent, aggressor="accused").aggressor == "accused"


def test_an_assessment_the_other_way_round_asks_too(officer, two) -> None:
    begin(two, by=officer, victim=two.accused, accused=two.victim)
    assert pairs.aggressor_question(victim=two.victim, accused=two.accused, by=officer)


def test_a_referral_from_here_makes_the_next_one_a_repeat(officer, two) -> None:
    graded(two, "high", by=officer)
    later = graded(two, "high", by=officer, at=AT + 100 * DAY)
    met = {each["key"]: each["met"] for each in later.routes}
    assert met["repeat"] == "yes"
    much_later = graded(two, "high", by=officer, at=AT + 900 * DAY)
    assert {each["key"]: each["met"] for each in much_later.routes}["repeat"] == "no"


def test_a_look_at_an_assessment_is_kept_with_its_reason(officer, two) -> None:
    made = begin(two, by=officer)
    operations.look_at(assessment_id=made.pk, reason=REASON, by=officer, at=AT)
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.subject_kind, last.subject_id) == (
        "looked",
        "assessment",
        str(made.pk),
    )
