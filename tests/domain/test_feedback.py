"""Feedback ready to be sealed: nothing of what was written, and no page, stands on the slip."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.feedback import DANGER, KIND, POLICE, QUESTION, NothingSaid, feedback
from safehold.domain.triage_slip import Said, from_mapping

AT = datetime(2026, 11, 27, 21, 17, 42, tzinfo=UTC)
written = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@given(written, written, st.sampled_from(["", "easy", "hard"]))
def test_a_slip_of_feedback_is_a_slip_and_holds_none_of_her_words(doing, wrong, ease):
    entry = {"doing": doing, "wrong": wrong, "ease": ease}
    made = feedback(entry, came_from="/report/place/still/", at=AT)
    slip = from_mapping(made.slip)
    assert slip.kind == KIND
    assert set(slip.danger) <= {each.prompt for each in DANGER}
    assert "/report/" not in json.dumps(made.slip)
    assert slip == from_mapping({**feedback({**entry, "ease": ""}, came_from="", at=AT).slip})


def test_the_words_of_both_boxes_are_searched_and_not_across_them():
    def found(**entry: str) -> list[str]:
        slip = feedback({"wrong": "The button", **entry}, came_from="", at=AT).slip
        return [one["prompt"] for one in slip["danger"]]

    assert found(doing="He follows me") == ["words-stalking"]
    assert found(wrong="He hits me. I want to die") == ["words-kill", "words-violence"]
    assert found(wrong="Nothing works") == []


def test_words_about_the_police_close_it_to_all_but_professional_standards():
    made = feedback({"wrong": "My partner is a police officer"}, came_from="", at=AT)
    assert made.slip["party_is_police"] == Said.YES
    assert POLICE


def test_the_account_keeps_the_hour_and_the_path_alone():
    made = feedback({"wrong": "Two\nlines"}, came_from="/report/place/", at=AT)
    assert made.account["sent_in_hour"] == "2026-11-27T21:00:00+00:00"
    said = {answer["key"]: answer["said"] for answer in made.account["answers"]}
    assert said == {"doing": [], "wrong": ["Two", "lines"], "ease": [], "page": ["/report/place/"]}
    tampered = feedback({"wrong": "x"}, came_from="https://elsewhere.example/?q=1", at=AT)
    assert tampered.account["answers"][-1]["said"] == []


def test_feedback_without_words_is_none():
    with pytest.raises(NothingSaid):
        feedback({"doing": "Reading"}, came_from="", at=AT)


def test_only_one_box_is_needed():
    assert QUESTION.needs == ("wrong",)
