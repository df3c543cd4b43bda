"""What is sealed of a place report: prompts with reasons, a coarse cell, and nothing unasked."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import h3
import pytest
from hypothesis import given, settings

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.made import MadeReport
from safehold.domain.journey.place import PlaceMissing, place_report
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.walk import cleared, still_needed
from safehold.domain.triage_slip import from_mapping
from tests.domain.journey.walks import whole_answers

AT = datetime(2026, 11, 22, 21, 47, 31, tzinfo=UTC)
POSTCODE = {
    "how": "find",
    "matches": "one",
    "label": "QM1 1AA",
    "lon": "2.1",
    "lat": "54.1",
    "metres": "100",
    "kind": "postcode",
}


def report(**answers: dict[str, str | tuple[str, ...]]) -> MadeReport:
    return place_report(Answers({"where": POSTCODE, **answers}), at=AT, zone=ZoneInfo("UTC"))


@settings(deadline=None)
@given(whole_answers(PLACE))
def test_any_answers_make_a_report_or_say_what_is_missing(answers: Answers) -> None:
    if still_needed(PLACE, cleared(PLACE, answers)):
        with pytest.raises(PlaceMissing):
            place_report(answers, at=AT, zone=ZoneInfo("Europe/London"))
        return
    made = place_report(answers, at=AT, zone=ZoneInfo("Europe/London"))
    assert from_mapping(json.loads(json.dumps(made.slip))).kind == "place"
    told = {answer["key"] for answer in json.loads(json.dumps(made.account))["answers"]}
    assert "never_asked" not in json.dumps(made.account)
    assert told <= {question.key for question in PLACE.questions}


def test_a_place_report_needs_a_place() -> None:
    with pytest.raises(PlaceMissing):
        place_report(Answers({"now": {"danger": "no"}}), at=AT, zone=UTC)


@pytest.mark.parametrize(
    ("answers", "prompts"),
    [
        ({}, []),
        ({"now": {"danger": "no"}}, []),
        ({"now": {"danger": "yes"}}, ["danger-now"]),
        ({"now": {"danger": "not_sure"}}, ["danger-unsure"]),
        (
            {"people": {"reasons": ("followed",)}, "still": {"following": "now"}},
            ["followed-now"],
        ),
        ({"people": {"reasons": ("stared",)}, "still": {"following": "now"}}, []),
        ({"happened": {"to_you": "yes"}}, ["done-to-them"]),
        ({"happened": {"to_you": "no"}}, []),
        ({"happened": {"to_you": "rather_not"}}, []),
        ({"now": {"danger": "yes"}, "happened": {"to_you": "yes"}}, ["danger-now", "done-to-them"]),
    ],
)
def test_a_prompt_stands_only_for_what_was_answered(
    answers: dict[str, dict[str, str | tuple[str, ...]]], prompts: list[str]
) -> None:
    danger = report(**answers).slip["danger"]
    assert [each["prompt"] for each in danger] == prompts
    assert all(each["reason"].endswith(".") for each in danger)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ({"answer": "under_18"}, "yes"),
        ({"answer": "25_34"}, "not asked"),
        ({"answer": "rather_not"}, "not said"),
        ({}, "not said"),
    ],
)
def test_a_child_is_known_only_from_the_age_given(age: dict[str, str], expected: str) -> None:
    assert report(about_you={"ask": "yes"}, you_age=age).slip["child_present"] == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"happened": {"to_you": "yes"}, "works": {"party": "yes"}}, "yes"),
        ({"happened": {"to_you": "yes"}, "works": {"party": "no"}}, "no"),
        ({"happened": {"to_you": "yes"}, "works": {"party": "not_sure"}}, "not sure"),
        ({"happened": {"to_you": "yes"}, "works": {"party": "unknown"}}, "not said"),
        ({"happened": {"to_you": "yes"}, "works": {}}, "not said"),
        ({"happened": {"to_you": "yes"}}, "not asked"),
        ({"happened": {"to_you": "no"}, "works": {"party": "yes"}}, "not asked"),
    ],
)
def test_that_someone_works_for_the_police_is_known_only_from_the_answer(
    answers: dict[str, dict[str, str | tuple[str, ...]]], expected: str
) -> None:
    assert report(**answers).slip["party_is_police"] == expected


def test_without_the_questions_about_oneself_no_age_was_asked() -> None:
    slip = report().slip
    assert slip["child_present"] == "not asked"
    assert slip["party_is_police"] == "not asked"
    assert slip["wants_reply"] == "no"


def test_the_slip_names_a_coarse_cell_and_only_of_an_exact_place() -> None:
    cell = report().slip["cell"]
    assert h3.get_resolution(cell) == 9
    rough = place_report(
        Answers({"where": {**POSTCODE, "metres": "2000", "kind": "town"}}), at=AT, zone=UTC
    )
    assert rough.slip["cell"] == ""
    words = place_report(
        Answers({"where": {"how": "words"}, "words": {"text": "The bus stop"}}), at=AT, zone=UTC
    )
    assert words.slip["cell"] == ""


def test_nothing_of_the_account_is_finer_than_the_hour_it_was_sent() -> None:
    account = report(when={"when": "today", "asked_on": "2026-11-22"}).account
    assert account["sent_in_hour"] == "2026-11-22T21:00:00+00:00"
    assert account["when"]["end"] == "2026-11-22T22:00:00+00:00"
    assert "47" not in json.dumps(account)


def test_a_skipped_question_and_one_never_put_differ() -> None:
    told = {
        each["key"]: each for each in report(around={}, people={"more": "A"}).account["answers"]
    }
    assert told["around"]["skipped"]
    assert not told["people"]["skipped"]
    assert not told["where"]["skipped"]
    assert "still" not in told


def test_a_question_carries_the_words_in_which_it_was_put() -> None:
    account = report(around={"reasons": ("dark",)}).account
    told = {each["key"]: each for each in account["answers"]}["around"]
    assert told["question"] == "What about the place feels unsafe?"
    assert told["fields"] == {"reasons": ["dark"]}
    assert told["said"] == ["It is badly lit"]
    assert account["journey"] == {"key": "place", "version": PLACE.version}


def test_a_child_who_tells_of_a_place_has_a_role_with_a_prompt() -> None:
    young = report(about_you={"ask": "yes"}, you_age={"answer": "under_18"}).account["roles"]
    assert [(each["role"], each["child"]) for each in young] == [("reporter", "yes")]
    assert "safety comes first" in young[0]["prompt"]
    assert report(about_you={"ask": "yes"}, you_age={"answer": "25_34"}).account["roles"] == []
