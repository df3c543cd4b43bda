"""Where a person may be in a journey, over answers that nobody would give and replays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.specification import Journey, holds
from tests.domain.journey.walks import entries, filling, leading_to, whole_answers

each_journey = pytest.mark.parametrize(
    "journey", JOURNEYS.values(), ids=[journey.key for journey in JOURNEYS.values()]
)


@each_journey
@settings(deadline=None)
@given(st.data())
def test_every_state_leads_to_checking_the_answers(journey: Journey, data: st.DataObject) -> None:
    answers = data.draw(whole_answers(journey))
    for _ in journey.questions:
        question = walk.next_question(journey, answers)
        if question is None:
            break
        answers = walk.record(journey, answers, question.key, filling(question))
    assert walk.next_question(journey, answers) is None
    assert walk.still_needed(journey, answers) == ()


@each_journey
@settings(deadline=None)
@given(st.data())
def test_cleared_answers_hold_no_question_that_nothing_leads_to(
    journey: Journey, data: st.DataObject
) -> None:
    answers = data.draw(whole_answers(journey))
    kept = walk.cleared(journey, answers)
    for key, entry in kept.entries.items():
        question = journey.question(key)
        assert holds(question.asked, kept)
        assert set(entry) <= {field.name for field in question.fields}
        for field in question.fields:
            if field.options:
                offered = {option.key for option in field.options}
                assert set(kept.chosen(key, field.name)) <= offered


@each_journey
@settings(deadline=None)
@given(st.data())
def test_clearing_twice_is_clearing_once(journey: Journey, data: st.DataObject) -> None:
    answers = data.draw(whole_answers(journey))
    kept = walk.cleared(journey, answers)
    assert walk.cleared(journey, kept) == kept


@each_journey
@settings(deadline=None)
@given(st.data())
def test_replaying_an_answer_that_nothing_leads_to_changes_nothing(
    journey: Journey, data: st.DataObject
) -> None:
    answers = data.draw(whole_answers(journey))
    kept = walk.cleared(journey, answers)
    reached = {question.key for question in walk.reachable(journey, kept)}
    hidden = [question for question in journey.questions if question.key not in reached]
    if not hidden:
        return
    question = data.draw(st.sampled_from(hidden))
    replayed = walk.record(journey, kept, question.key, data.draw(entries(question)))
    assert replayed == kept


@each_journey
@settings(deadline=None)
@given(st.data())
def test_sending_the_same_answer_again_changes_nothing(
    journey: Journey, data: st.DataObject
) -> None:
    answers = data.draw(whole_answers(journey))
    question = data.draw(st.sampled_from(journey.questions))
    entry = data.draw(entries(question))
    once = walk.record(journey, answers, question.key, entry)
    assert walk.record(journey, once, question.key, once.entry(question.key)) == once


@each_journey
@settings(deadline=None)
@given(st.data())
def test_the_path_and_the_next_question_are_all_that_may_be_opened(
    journey: Journey, data: st.DataObject
) -> None:
    answers = data.draw(whole_answers(journey))
    coming = walk.next_question(journey, answers)
    passed = {question.key for question in walk.path(journey, answers)}
    allowed = passed | ({coming.key} if coming else set())
    assert {key for key in _keys(journey) if walk.may_open(journey, answers, key)} == allowed


@each_journey
@settings(deadline=None)
@given(st.data())
def test_back_leads_along_the_path_to_the_start(journey: Journey, data: st.DataObject) -> None:
    answers = data.draw(whole_answers(journey))
    path = walk.path(journey, answers)
    earlier = [None, *path][: len(path)]
    assert [walk.before(journey, answers, question.key) for question in path] == earlier


@each_journey
def test_there_are_answers_that_lead_to_every_question(journey: Journey) -> None:
    for key in _keys(journey):
        kept = leading_to(journey, key)
        assert walk.cleared(journey, kept) == kept
        assert key in {question.key for question in walk.reachable(journey, kept)}


@each_journey
@settings(deadline=None)
@given(st.data())
def test_a_number_names_one_question_and_a_question_one_number(
    journey: Journey, data: st.DataObject
) -> None:
    answers = data.draw(whole_answers(journey))
    opened = [*walk.path(journey, answers)]
    if (coming := walk.next_question(journey, answers)) is not None:
        opened.append(coming)
    for number, question in enumerate(opened, 1):
        assert walk.numbered(journey, answers, number) == question
        assert walk.number_of(journey, answers, question.key) == number
    assert walk.numbered(journey, answers, len(opened) + 1) is None
    assert walk.numbered(journey, answers, 0) is None


@each_journey
@settings(deadline=None)
@given(st.data())
def test_whoever_has_had_enough_keeps_her_answers_and_meets_every_notice(
    journey: Journey, data: st.DataObject
) -> None:
    answers = walk.cleared(journey, data.draw(whole_answers(journey)))
    passed = walk.passing_rest(journey, answers)
    for key, entry in answers.entries.items():
        assert passed.entry(key) == entry
    for question in walk.reachable(journey, passed):
        left_open = question.notice or holds(question.needed, passed)
        assert passed.has(question.key) or left_open


def _keys(journey: Journey) -> list[str]:
    return [question.key for question in journey.questions]


@settings(deadline=None)
@given(whole_answers(PLACE))
def test_answers_survive_being_kept_as_plain_data(answers: Answers) -> None:
    assert Answers.from_plain(answers.to_plain()) == answers


def test_answers_that_are_not_of_the_shape_are_left_out() -> None:
    plain = {"now": {"danger": "yes", "more": 3}, "where": "here", "days": {"days": ["mon", 2]}}
    assert Answers.from_plain(plain).to_plain() == {"now": {"danger": "yes"}, "days": {}}


def test_only_the_place_must_be_answered() -> None:
    answers = Answers()
    for key in ("now", "happened"):
        answers = walk.record(PLACE, answers, key, {})
    answers = walk.record(PLACE, answers, "where", {})
    assert walk.next_question(PLACE, answers) == PLACE.question("where")
    assert [question.key for question in walk.still_needed(PLACE, answers)] == ["where"]


def test_the_words_of_a_person_outlast_a_change_of_place() -> None:
    answers = walk.record(PLACE, Answers(), "where", {"how": "words"})
    answers = walk.record(PLACE, answers, "words", {"text": "the path behind the shop"})
    answers = walk.record(PLACE, answers, "where", {"how": "map"})
    assert answers.one("words", "text") == "the path behind the shop"


def test_a_point_is_dropped_when_the_place_it_refined_changes() -> None:
    answers = walk.record(PLACE, Answers(), "where", {"how": "map", "find": "Elm Row"})
    answers = walk.record(PLACE, answers, "point", {"lon": "0.1", "lat": "51.8"})
    changed = walk.record(PLACE, answers, "where", {"how": "map", "find": "Ash Row"})
    assert answers.has("point")
    assert not changed.has("point")
