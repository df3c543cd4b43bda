"""What can be an answer: one sentence a field, which never repeats what was sent."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.journey import checking
from safehold.domain.journey.checking import check
from safehold.domain.journey.place_questions import PLACE, WORDS_LIMIT
from safehold.domain.journey.specification import Question

TODAY = date(2026, 11, 22)
DATE = PLACE.question("date")
WORDS = PLACE.question("words")
CHANGED = PLACE.question("changed")


def sent_date(day: str, month: str, year: str) -> dict[str, list[str]]:
    return {"date_day": [day], "date_month": [month], "date_year": [year]}


@pytest.mark.parametrize("question", PLACE.questions, ids=lambda question: question.key)
def test_nothing_sent_is_never_a_problem(question: Question) -> None:
    assert check(question, {}, today=TODAY).problems == {}


@given(
    st.sampled_from(PLACE.questions),
    st.text(min_size=12, max_size=40),
)
def test_a_problem_never_repeats_what_was_sent(question: Question, marker: str) -> None:
    sent = {
        name: [marker]
        for field in question.fields
        for name in (field.name, *(f"{field.name}_{part}" for part in checking.DATE_PARTS))
    }
    for sentence in check(question, sent, today=TODAY).problems.values():
        assert marker not in sentence
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (sent_date("23", "11", "2026"), checking.DATE_FUTURE),
        (sent_date("1", "1", "9999"), checking.DATE_FUTURE),
        (sent_date("31", "2", "2026"), checking.DATE_NEVER),
        (sent_date("0", "2", "2026"), checking.DATE_NEVER),
        (sent_date("1", "2", "26"), checking.DATE_TOO_OLD),
        (sent_date("1", "", "2026"), checking.DATE_INCOMPLETE),
        (sent_date("-1", "2", "2026"), checking.DATE_INCOMPLETE),
        (sent_date("1", "2", "20260"), checking.DATE_INCOMPLETE),
        (sent_date("१", "2", "2026"), checking.DATE_INCOMPLETE),
    ],
)
def test_a_date_that_cannot_be_is_refused_clearly(
    sent: dict[str, list[str]], sentence: str
) -> None:
    assert check(DATE, sent, today=TODAY).problems == {"date": sentence}


@given(st.dates(max_value=TODAY, min_value=TODAY - timedelta(days=36_000)))
def test_a_date_that_has_been_is_kept(day: date) -> None:
    sent = sent_date(str(day.day), f" {day.month} ", str(day.year))
    assert check(DATE, sent, today=TODAY).entry == {"date": day.isoformat()}


def test_too_many_words_are_counted_and_not_cut() -> None:
    for length, shown in ((5_000, "all of it"), (1_000_000, "only its beginning")):
        checked = check(WORDS, {"text": ["x" * length]}, today=TODAY)
        assert checked.entry == {}
        assert checked.problems == {
            "text": f"Shorten this to 1,000 characters or fewer. It has {length:,} now, "
            f"and {shown} is still in the box."
        }


@given(st.text(max_size=WORDS_LIMIT))
def test_words_are_kept_without_what_cannot_be_seen(text: str) -> None:
    kept = check(WORDS, {"text": [text]}, today=TODAY).entry.get("text", "")
    assert isinstance(kept, str)
    assert "\0" not in kept
    assert not set(kept) & set("\u202e\u2066\r\t\x1b\x7f")


def test_a_line_stays_one_line() -> None:
    checked = check(PLACE.question("where"), {"find": ["Elm\u202e \x00Row\r\n\tMere"]}, today=TODAY)
    assert checked.entry == {"find": "Elm Row Mere"}


def test_an_answer_that_is_not_on_offer_is_refused() -> None:
    assert check(PLACE.question("now"), {"danger": ["<b>"]}, today=TODAY).problems == {
        "danger": checking.NOT_ON_OFFER
    }
    assert check(CHANGED, {"changes": ["on_guard", "<b>"]}, today=TODAY).problems == {
        "changes": checking.NOT_ALL_ON_OFFER
    }


def test_nothing_changed_cannot_stand_beside_a_change() -> None:
    problem = check(CHANGED, {"changes": ["nothing", "clothes"]}, today=TODAY).problems["changes"]
    assert problem.startswith("Choose either “I changed nothing”")
    assert check(CHANGED, {"changes": ["nothing"]}, today=TODAY).entry == {"changes": ("nothing",)}


def test_an_answer_that_takes_a_day_carries_it() -> None:
    checked = check(PLACE.question("when"), {"when": ["today"]}, today=TODAY)
    assert checked.entry == {"when": "today", "asked_on": "2026-11-22"}
