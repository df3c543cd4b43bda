"""Answers: written by one, read and published by another, never before their quarter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safehold.domain.access import Refused, Role
from safehold.domain.place_answers import AnswerStatus, OwnerKind, trouble_with
from safehold.records.audit.models import AuditEvent
from safehold.records.places import operations as places
from safehold.records.places.models import PlaceAnswer, PlaceKind
from safehold.records.places_published import answers, operations, preparing, queries
from safehold.records.places_published.models import PublishedAnswer
from tests.told_places import NOW, SOMEWHERE, a_place, load_land, someone, told

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

MENDED = "The lamps in the subway are mended."


@pytest.fixture
def officer():
    load_land()
    return someone()


@pytest.fixture
def supervisor():
    return someone(Role.SUPERVISOR)


def release(supervisor, at=NOW):
    digest = preparing.propose(by=supervisor, at=at).digest
    operations.publish(digest=digest, by=supervisor, at=at)


def answer(place, officer, *, text=MENDED, status="done", owner="council_lighting", at=NOW):
    return places.answer_place(
        place_id=place.pk, owner=owner, status=status, text=text, by=officer, at=at
    )


def test_an_answer_reaches_the_public_when_a_person_publishes_it(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    kept = answer(place, officer)
    assert not queries.answers()
    assert answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    assert not answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    (shown,) = queries.answers()
    assert (shown.text, shown.area, shown.owner) == (MENDED, "Testhaven", "council_lighting")
    assert shown.cell
    row = PublishedAnswer.objects.using("intake").get()
    assert str(place.pk) not in str(vars(row))
    assert place.name not in str(vars(row))


def test_an_area_with_too_few_reports_is_named_by_its_town_alone(officer, supervisor):
    place = a_place(officer)
    told(place, 2, by=officer)
    release(supervisor)
    answers.publish_answer(answer_id=answer(place, officer).pk, by=supervisor, at=NOW)
    (shown,) = queries.answers()
    assert (shown.area, shown.cell, shown.where.metres) == ("Testhaven", "", 0)


def test_an_answer_waits_for_the_quarter_of_the_first_report(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer, at=NOW)
    kept = answer(place, officer)
    with pytest.raises(answers.AnswerNotReady, match="waits until the quarter"):
        answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    release(supervisor)
    with pytest.raises(answers.AnswerNotReady, match="waits until the quarter"):
        answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    release(supervisor, at=NOW + timedelta(days=60))
    assert answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)


@pytest.mark.parametrize("kind", [PlaceKind.HOME, PlaceKind.NOT_SAID, PlaceKind.WORK])
def test_an_answer_about_a_private_place_is_never_published(officer, supervisor, kind):
    place = a_place(officer, kind=kind)
    told(place, 9, by=officer)
    release(supervisor)
    kept = answer(place, officer)
    (waits,) = answers.waiting(by=supervisor)
    assert waits.why_not
    with pytest.raises(answers.AnswerNotReady):
        answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    assert not queries.answers()


def test_a_report_about_a_colleague_lets_no_answer_out(officer, supervisor):
    place = a_place(officer)
    kept = answer(place, officer)
    told(place, 9, by=officer, police_party=True)
    told(a_place(officer, SOMEWHERE["samplesea"]), 9, by=officer)
    release(supervisor)
    with pytest.raises(answers.AnswerNotReady, match="may be counted"):
        answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)


def test_a_newer_answer_takes_the_place_of_the_older(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    first = answer(place, officer, status="told", text="We told the council of the lamps.")
    assert answer(place, officer, status="told", text="We told the council of the lamps.") == first
    answers.publish_answer(answer_id=first.pk, by=supervisor, at=NOW)
    second = answer(place, officer, at=NOW + timedelta(days=1))
    assert second.matter == first.matter
    later = NOW + timedelta(days=2)
    answers.publish_answer(answer_id=second.pk, by=supervisor, at=later)
    (shown,) = queries.answers()
    assert (shown.key, shown.status) == (first.matter, "done")


def test_an_older_answer_is_not_published_over_a_newer(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    first = answer(place, officer, status="told", text="We told the council of the lamps.")
    answer(place, officer, at=NOW + timedelta(days=1))
    with pytest.raises(answers.AnswerNotReady, match="newer answer"):
        answers.publish_answer(answer_id=first.pk, by=supervisor, at=NOW)


def test_an_answer_can_be_taken_away_whole(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    kept = answer(place, officer)
    answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    with pytest.raises(operations.ReasonNeeded):
        answers.withdraw_answer(matter=kept.matter, reason=" ", by=supervisor, at=NOW)
    away = {"matter": kept.matter, "reason": "It named a person", "by": supervisor, "at": NOW}
    assert answers.withdraw_answer(**away)
    assert not answers.withdraw_answer(**away)
    assert not queries.answers()
    assert not answers.waiting(by=supervisor)
    assert PlaceAnswer.objects.get().withdrawn_at == NOW
    acts = AuditEvent.objects.filter(subject_kind="answer").values_list("action", flat=True)
    assert list(acts.order_by("sequence")) == ["answer published", "answer withdrawn"]


def test_without_its_audit_row_no_answer_is_kept_or_published(officer, supervisor, monkeypatch):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    kept = answer(place, officer)

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(answers.audit, "append", broken)
    with pytest.raises(RuntimeError, match="the audit is full"):
        answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    with pytest.raises(RuntimeError, match="the audit is full"):
        answer(place, officer, status="told", owner="police")
    assert PlaceAnswer.objects.get().published_at is None
    assert not queries.answers()


def test_who_may(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    release(supervisor)
    kept = answer(place, officer)
    for other in (officer, someone(Role.ANALYST)):
        with pytest.raises(Refused):
            answers.publish_answer(answer_id=kept.pk, by=other, at=NOW)
        with pytest.raises(Refused):
            answers.withdraw_answer(matter=kept.matter, reason="x", by=other, at=NOW)
    with pytest.raises(Refused):
        answer(place, someone(Role.ANALYST))


@pytest.mark.parametrize(
    "text",
    [
        "Mended",
        "x" * 401,
        "She was followed there at 22:15 and it is mended now.",
        "It is lit from 9pm on.",
        "Look after ten o’clock, it is dark.",
        "The lamp at AL1 3JE is mended.",
        "The lamp by 14 Elm Row is mended.",
        "Write to council@example.org about it.",
        "Ring 01632 960 155 about the lamps.",
    ],
)
def test_words_that_do_not_belong_before_the_public_are_refused(officer, text):
    assert trouble_with(text)
    with pytest.raises(places.BadAnswer):
        answer(a_place(officer), officer, text=text)


def test_plain_words_are_taken(officer):
    assert not trouble_with(MENDED)
    assert not trouble_with("We put in 12 new lamps along the path.")
    with pytest.raises(ValueError, match="nobody"):
        answer(a_place(officer), officer, owner="nobody")
    assert len(OwnerKind) == 6
    assert len(AnswerStatus) == 4
