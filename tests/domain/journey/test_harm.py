"""What a report of what was done to somebody holds, and in which envelope."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold import rules
from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.harm import KINDS, harm_report, kind_of
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.made import MadeReport, NotWhole
from safehold.domain.journey.reporter_questions import IDENTITY_KEYS
from safehold.domain.triage_slip import from_mapping
from tests.domain.journey.walks import leading_to, whole_answers

AT = datetime(2026, 11, 27, 22, 41, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
NAMED: dict[str, Entry] = {
    "identity": {"how": "named"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
    "code": {"word": "marmalade"},
}
HIDDEN = {**NAMED, "identity": {"how": "hidden"}}


def made(**answers: Entry) -> MadeReport:
    return harm_report(Answers(answers), at=AT, zone=LONDON)


def prompts(report: MadeReport) -> list[str]:
    return [each["prompt"] for each in report.slip["danger"]]


@settings(deadline=None)
@given(whole_answers(HARM))
def test_whatever_was_answered_makes_a_slip_and_an_account(answers: Answers) -> None:
    try:
        report = harm_report(answers, at=AT, zone=LONDON)
    except NotWhole:
        assert walk.still_needed(HARM, answers)
        return
    assert from_mapping(report.slip).kind in KINDS
    json.dumps([report.account, report.identity])
    hidden = walk.cleared(HARM, answers).one("identity", "how") == "hidden"
    assert (report.identity is not None) == hidden


def test_nothing_has_to_be_answered() -> None:
    report = made()
    assert report.slip["kind"] == "unsure"
    assert report.slip["wants_reply"] == "no"
    assert report.slip["cell"] == ""
    assert report.identity is None


def test_a_slip_holds_none_of_her_words() -> None:
    said: dict[str, Entry] = {
        "what": {"text": "Zanzibar"},
        "about": {"about": ("home",)},
        "person": {"text": "Zanzibar"},
        **NAMED,
    }
    assert "Zanzibar" not in json.dumps(made(**said).slip)


def test_a_name_is_with_the_account_where_it_is_given_openly() -> None:
    report = made(**NAMED)
    assert report.identity is None
    assert "Zanzibar Quill" in json.dumps(report.account)
    assert report.slip["wants_reply"] == "yes"


def test_a_hidden_name_and_the_way_to_her_are_in_no_other_envelope() -> None:
    report = made(**HIDDEN)
    seen = json.dumps([report.slip, report.account])
    for secret in ("Zanzibar Quill", "07700 900123", "marmalade"):
        assert secret not in seen
        assert secret in json.dumps(report.identity)
    assert report.slip["wants_reply"] == "yes"


@settings(deadline=None)
@given(whole_answers(HARM))
def test_no_question_of_identity_is_ever_in_the_account_of_a_hidden_name(answers: Answers) -> None:
    hidden = answers.putting("identity", {"how": "hidden"})
    try:
        report = harm_report(hidden, at=AT, zone=LONDON)
    except NotWhole:
        return
    assert not {each["key"] for each in report.account["answers"]} & set(IDENTITY_KEYS)


def test_a_way_to_reach_her_that_was_typed_before_she_chose_no_name_is_dropped() -> None:
    anonymous = {**NAMED, "identity": {"how": "anonymous"}}
    report = made(**anonymous)
    assert "Zanzibar" not in json.dumps([report.account, report.identity])
    assert report.slip["wants_reply"] == "no"


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ((), "unsure"),
        (("unsure", "online"), "online"),
        (("home", "sexual"), "sexual"),
        (("control", "stalking", "honour"), "honour"),
    ],
)
def test_a_report_is_sorted_by_what_needs_a_trained_reader_first(
    chosen: tuple[str, ...], kind: str
) -> None:
    assert kind_of(Answers({"about": {"about": chosen}})) == kind


def test_every_kind_on_offer_has_its_place_in_the_order() -> None:
    tables = rules.load("harm_reports").tables
    assert {option["key"] for option in tables["about"]["options"]} == set(KINDS)


def test_every_danger_rule_asks_what_the_journey_offers_and_can_fire() -> None:
    for rule in rules.load("harm_reports").tables["danger"]["prompts"]:
        question = HARM.question(rule["question"])
        assert rule["value"] in {option.key for option in question.field(rule["field"]).options}
        supposed = leading_to(HARM, rule["question"])
        given_answer = supposed.putting(rule["question"], {rule["field"]: rule["value"]})
        assert rule["prompt"] in prompts(harm_report(given_answer, at=AT, zone=LONDON))


def test_more_danger_never_means_fewer_prompts() -> None:
    few = prompts(made(risk={"risk": ("weapon",)}))
    more = prompts(made(risk={"risk": ("weapon", "kill")}, now={"danger": "yes"}))
    assert set(few) < set(more)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "not asked"),
        ({"young": {"answer": "no"}, "children": {"answer": "no"}}, "no"),
        ({"young": {"answer": "rather_not"}}, "not said"),
        ({"young": {"answer": "no"}, "children": {"answer": "yes"}}, "yes"),
        ({"young": {"answer": "yes"}}, "yes"),
        ({"young_other": {"answer": "not_sure"}, "who_for": {"who": "someone"}}, "not sure"),
        ({"about_you": {"ask": "yes"}, "you_age": {"answer": "under_18"}}, "yes"),
        ({"children": {"answer": "no"}, "risk": {"risk": ("child_hurt",)}}, "yes"),
    ],
)
def test_the_slip_says_whether_a_child_is_in_it(answers: dict[str, Entry], said: str) -> None:
    assert made(**answers).slip["child_present"] == said


def test_any_child_has_a_role_with_a_prompt() -> None:
    seen = made(children={"answer": "not_sure"}).account["roles"]
    assert [each["role"] for each in seen] == ["victim", "suspect", "child"]
    assert seen[2]["child"] == "not_sure"
    assert "safety comes first" in seen[2]["prompt"]
    told = made(
        who_for={"who": "professional"}, young_other={"answer": "yes"}, children={"answer": "no"}
    )
    victim, _, teller = told.account["roles"]
    assert victim["child"] == "yes"
    assert "prompt" in victim
    assert teller == {"role": "reporter"}


def test_the_home_of_a_person_never_becomes_a_cell() -> None:
    found: dict[str, Entry] = {
        "where": {"how": "find", "lon": "-0.2", "lat": "51.8", "metres": "100", "kind": "postcode"}
    }
    assert made(place={"kind": "street"}, **found).slip["cell"]
    for kind in ("home", "other_home", "work_study", "vehicle", "online"):
        report = made(place={"kind": kind}, **found)
        assert report.slip["cell"] == ""
        assert report.account["place"]["lat"] is None


def test_times_go_no_finer_than_the_hour() -> None:
    assert made().account["sent_in_hour"] == "2026-11-27T22:00:00+00:00"


@given(st.sampled_from(["yes", "no", "not_sure", "unknown"]))
def test_the_slip_says_what_was_said_of_the_police(said: str) -> None:
    slip = made(works={"party": said}).slip["party_is_police"]
    assert (slip == "no") == (said == "no")
    assert (slip == "yes") == (said == "yes")
