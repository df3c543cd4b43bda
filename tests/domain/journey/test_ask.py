"""An application under Clare's Law: what it needs, and what it says from the start."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.ask import ask_report, route_of
from safehold.domain.journey.ask_questions import ASK
from safehold.domain.journey.made import MadeReport, NotWhole
from safehold.domain.triage_slip import from_mapping
from tests.domain.journey.walks import whole_answers

AT = datetime(2026, 11, 27, 22, 41, tzinfo=UTC)
LEAST: dict[str, Entry] = {
    "subject": {"name": "Zanzibar Quill"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}


def made(**answers: Entry) -> MadeReport:
    return ask_report(Answers({**LEAST, **answers}), at=AT, zone=ZoneInfo("Europe/London"))


@settings(deadline=None)
@given(whole_answers(ASK))
def test_it_is_whole_or_says_that_it_is_not(answers: Answers) -> None:
    try:
        report = ask_report(answers, at=AT, zone=UTC)
    except NotWhole:
        assert walk.still_needed(ASK, answers)
        return
    assert not walk.still_needed(ASK, answers)
    assert from_mapping(report.slip).kind == "dvds"
    json.dumps(report.account)


@pytest.mark.parametrize("missing", sorted(LEAST))
def test_a_name_a_way_to_reach_and_the_name_asked_about_are_needed(missing: str) -> None:
    answers = Answers({key: entry for key, entry in LEAST.items() if key != missing})
    with pytest.raises(NotWhole, match=missing):
        ask_report(answers, at=AT, zone=UTC)


def test_nobody_can_ask_not_to_be_contacted() -> None:
    offered = {option.key for option in ASK.question("contact").field("method").options}
    assert offered == {"call", "text", "email", "post", "person"}


def test_the_one_asked_about_must_not_receive_it_from_the_start() -> None:
    report = made()
    assert report.account["must_not_receive"] == [{"who": "subject", "name": "Zanzibar Quill"}]
    assert "Zanzibar" not in json.dumps(report.slip)


def test_there_is_no_hidden_and_no_anonymous_way() -> None:
    assert made().identity is None
    assert "identity" not in {question.key for question in ASK.questions}


@pytest.mark.parametrize(
    ("who", "route"), [("self", "ask"), ("someone", "ask"), ("professional", "know"), ("", "ask")]
)
def test_a_professional_starts_right_to_know(who: str, route: str) -> None:
    assert route_of(Answers({"who_asks": {"who": who}})) == route


def test_danger_comes_first_and_is_on_the_slip() -> None:
    assert ASK.questions[0].key == "now"
    slip = made(now={"danger": "yes"}, risk={"risk": ("kill",)}).slip
    assert [each["prompt"] for each in slip["danger"]] == ["danger-now", "threat-to-kill"]
