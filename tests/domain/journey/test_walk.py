"""Where a person may be in a journey, over answers that nobody would give and replays."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.specification import holds
from tests.domain.journey.walks import entries, filling, whole_answers

KEYS = [question.key for question in PLACE.questions]


@settings(deadline=None)
@given(whole_answers())
def test_every_state_leads_to_checking_the_answers(answers: Answers) -> None:
    for _ in PLACE.questions:
        question = walk.next_question(PLACE, answers)
        if question is None:
            break
        answers = walk.record(PLACE, answers, question.key, filling(question))
    assert walk.next_question(PLACE, answers) is None
    assert walk.still_needed(PLACE, answers) == ()


@settings(deadline=None)
@given(whole_answers())
def test_cleared_answers_hold_no_question_that_nothing_leads_to(answers: Answers) -> None:
    kept = walk.cleared(PLACE, answers)
    for key, entry in kept.entries.items():
        question = PLACE.question(key)
        assert holds(question.asked, kept)
        assert set(entry) <= {field.name for field in question.fields}
        for field in question.fields:
            if field.options:
                offered = {option.key for option in field.options}
                assert set(kept.chosen(key, field.name)) <= offered


@settings(deadline=None)
@given(whole_answers())
def test_clearing_twice_is_clearing_once(answers: Answers) -> None:
    kept = walk.cleared(PLACE, answers)
    assert walk.cleared(PLACE, kept) == kept


@settings(deadline=None)
@given(whole_answers(), st.data())
def test_replaying_an_answer_that_nothing_leads_to_changes_nothing(
    answers: Answers, data: st.DataObject
) -> None:
    kept = walk.cleared(PLACE, answers)
    reached = {question.key for question in walk.reachable(PLACE, kept)}
    hidden = [question for question in PLACE.questions if question.key not in reached]
    if not hidden:
        return
    question = data.draw(st.sampled_from(hidden))
    replayed = walk.record(PLACE, kept, question.key, data.draw(entries(question)))
    assert replayed == kept


@settings(deadline=None)
@given(whole_answers(), st.data())
def test_sending_the_same_answer_again_changes_nothing(
    answers: Answers, data: st.DataObject
) -> None:
    question = data.draw(st.sampled_from(PLACE.questions))
    entry = data.draw(entries(question))
    once = walk.record(PLACE, answers, question.key, entry)
    assert walk.record(PLACE, once, question.key, once.entry(question.key)) == once


@settings(deadline=None)
@given(whole_answers())
def test_the_path_and_the_next_question_are_all_that_may_be_opened(answers: Answers) -> None:
    coming = walk.next_question(PLACE, answers)
    passed = {question.key for question in walk.path(PLACE, answers)}
    allowed = passed | ({coming.key} if coming else set())
    assert {key for key in KEYS if walk.may_open(PLACE, answers, key)} == allowed


@settings(deadline=None)
@given(whole_answers())
def test_back_leads_along_the_path_to_the_start(answers: Answers) -> None:
    path = walk.path(PLACE, answers)
    earlier = [None, *path][: len(path)]
    assert [walk.before(PLACE, answers, question.key) for question in path] == earlier


@given(st.sampled_from(KEYS))
def test_there_are_answers_that_lead_to_every_question(key: str) -> None:
    kept = walk.supposing(PLACE, key)
    assert walk.cleared(PLACE, kept) == kept
    assert key in {question.key for question in walk.reachable(PLACE, kept)}


@settings(deadline=None)
@given(whole_answers())
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
