"""An account is read whatever is in it, and nothing in it is dropped in silence."""

import json
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place import place_report
from safehold.records.places.models import Precision
from safehold.records.triage.accounts import AccountUnreadable, read_account
from tests.desk import ANSWERS, AT, LONDON

REPORT = UUID("6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11")

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
known = st.sampled_from(["kind", "journey", "sent_in_hour", "place", "when", "answers", "new"])


def read(content):
    return read_account(json.dumps(content).encode(), report_id=REPORT)


def real(**changes):
    return place_report(Answers.from_plain({**ANSWERS, **changes}), at=AT, zone=LONDON).account


@given(st.dictionaries(known, plain))
def test_an_account_of_any_shape_is_shown(content):
    account = read(content)
    assert account.report_id == REPORT
    spot = account.spot
    assert (spot.longitude is None) == (spot.precision is Precision.WORDS)
    happening = account.happening
    if happening.starts_at and happening.ends_at:
        assert happening.starts_at <= happening.ends_at


@given(plain, plain, plain)
def test_what_is_kept_unsealed_is_a_key_and_never_a_sentence(days, reasons, version):
    answers = [{"key": "around", "fields": {"reasons": reasons}}]
    when = {"days": days, "parts": reasons}
    content = {"answers": answers, "when": when, "journey": {"version": version}}
    happening = read(content).happening
    kept = (*happening.days, *happening.parts_of_day, *happening.environment)
    assert all(re.fullmatch(r"[a-z0-9_.-]+", key) for key in kept)
    assert re.fullmatch(r"[a-z0-9_.-]*", happening.rules_version)


def test_keys_of_the_rules_are_kept_and_words_among_them_are_not():
    content = real()
    (around,) = (answer for answer in content["answers"] if answer["key"] == "around")
    around["fields"]["reasons"] = ["dark", "He waits by the gate", "no_cameras"]
    assert read(content).happening.environment == ("dark", "no_cameras")


def test_a_place_in_words_alone_has_no_name_until_an_officer_gives_one():
    account = read(real(where={"how": "words", "find": "Nan's house"}))
    assert account.place_name == ""
    assert account.place_words == "The path behind the shop, Winterbourne"


@given(st.binary(max_size=40).filter(lambda each: not each.strip().startswith(b"{")))
def test_what_is_no_account_is_refused_in_words(payload):
    with pytest.raises(AccountUnreadable, match="not an account"):
        read_account(payload, report_id=REPORT)


def test_what_this_version_does_not_know_is_shown_as_it_came():
    content = real() | {"mood": {"how": "uneasy"}}
    content["answers"][0]["pace"] = "slow"
    assert dict(read(content).unknown) == {"mood": '{"how": "uneasy"}', "pace": '"slow"'}


def test_a_question_of_a_later_version_is_shown_under_other_answers():
    content = real()
    content["answers"].append(
        {"key": "weather", "question": "Was it raining?", "said": ["Yes"], "notice": False}
    )
    groups = {group.name: group.answers for group in read(content).groups}
    (answer,) = groups["Other answers"]
    assert (answer.question, answer.lines) == ("Was it raining?", ("Yes",))


@pytest.mark.parametrize("labels", [None, [], ["One of two"], "Never"])
def test_an_account_without_labels_that_fit_is_read_without_them(labels: object):
    content = real()
    content["answers"].append(
        {"key": "if_urgent", "question": "When?", "said": ["Ring", "Call"], "labels": labels}
    )
    (answer,) = read(content).before_contact
    assert answer.parts == (("", ("Ring", "Call")),)


def test_what_must_never_be_done_stands_under_its_own_label():
    content = real()
    content["answers"].append(
        {
            "key": "if_urgent",
            "question": "When we cannot wait for your way",
            "said": ["Ring my mother"],
            "labels": ["What we must never do, and why"],
        }
    )
    (answer,) = read(content).before_contact
    assert answer.parts == (("What we must never do, and why", ("Ring my mother",)),)


def test_answers_keep_their_order_and_notices_are_left_out():
    account = read(real(now={"danger": "yes"}))
    asked = [answer.question for group in account.groups for answer in group.answers]
    assert asked[0] == "Is anyone in danger right now?"
    assert "Call 999 if you can" not in asked
    assert "The place" in [group.name for group in account.groups]


@pytest.mark.parametrize(
    ("place", "precision"),
    [
        ({"lon": 2.1, "lat": 54.1, "kind": "point", "metres": 5}, Precision.POINT),
        ({"lon": 2.1, "lat": 54.1, "kind": "postcode", "metres": 60}, Precision.POSTCODE),
        ({"lon": 2.1, "lat": 54.1, "kind": "something new"}, Precision.TOWN),
        ({"lon": 2.1, "lat": None}, Precision.WORDS),
        ({"lon": 181, "lat": 54.1}, Precision.WORDS),
        ({"lon": True, "lat": True}, Precision.WORDS),
        ({"lon": "2.1", "lat": "54.1"}, Precision.WORDS),
    ],
)
def test_a_place_is_as_exact_as_it_was_given(place, precision):
    assert read(real() | {"place": place}).spot.precision is precision


def test_a_time_that_ends_before_it_starts_is_not_said():
    when = {
        "start": "2026-11-22T10:00:00+00:00",
        "end": "2026-11-22T09:00:00+00:00",
        "precision": "hours",
    }
    happening = read(real() | {"when": when}).happening
    assert (happening.starts_at, happening.time_precision) == (None, "not said")
