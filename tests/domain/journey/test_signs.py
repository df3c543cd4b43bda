"""What a visitor is told of signs of danger, held to what a slip does with each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.made import MadeReport
from safehold.domain.journey.place import place_report
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.reporter_questions import RULES
from safehold.domain.journey.signs import SIGNS, told
from safehold.domain.journey.specification import Kind
from safehold.domain.triage_slip import MOST_PROMPTS, causes, from_mapping
from tests.domain.journey.walks import leading_to

AT = datetime(2026, 7, 1, tzinfo=UTC)
MAKES: dict[str, Callable[..., MadeReport]] = {HARM.key: harm_report, PLACE.key: place_report}
WHERE = {"where": {"how": "words"}, "words": {"text": "The path"}}


def _answers(journey: str) -> Iterator[str]:
    for question in JOURNEYS[journey].questions:
        for field in question.fields:
            yield from (f"{question.key}.{field.name}.{each.key}" for each in field.options)


def _slip(journey: str, answers: Answers) -> set[str]:
    needed = WHERE if journey == PLACE.key else {}
    given = Answers({**needed, **answers.entries})
    slip = from_mapping(MAKES[journey](given, at=AT, zone=UTC).slip)
    # As the rule reads it: what is for professional standards is put first all the same.
    found = causes(danger=bool(slip.danger), child_present=slip.child_present, for_standards=False)
    return {*found, *(each.prompt for each in slip.danger)}


def _counts(journey: str, answer: str) -> bool:
    question, name, value = answer.split(".")
    before = leading_to(JOURNEYS[journey], question)
    several = JOURNEYS[journey].question(question).field(name).kind is Kind.SEVERAL
    after = before.putting(question, {name: (value,) if several else value})
    return bool(_slip(journey, after) - _slip(journey, before))


@pytest.mark.parametrize("journey", MAKES)
def test_a_form_tells_every_sign_that_counts_and_no_other(journey: str) -> None:
    listed = [answer for sign in SIGNS[journey] for answer in sign["of"]]
    assert len(listed) == len(set(listed))
    assert set(listed) == {each for each in _answers(journey) if _counts(journey, each)}


def test_a_sign_is_said_in_few_words() -> None:
    for journey in MAKES:
        assert all(len(each.split()) <= 24 for each in told(journey))
    assert told("ask") == ()


def _prompts(journey: str, **given: dict[str, object]) -> list[str]:
    made = MAKES[journey](
        Answers({**(WHERE if journey == PLACE.key else {}), **given}), at=AT, zone=UTC
    )
    return [each.prompt for each in from_mapping(made.slip).danger]


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("He put his hands ROUND my neck on Tuesday", "words-neck"),
        ("I couldn’t breathe", "words-neck"),
        ("He keeps a knife in the car", "words-weapon"),
        ("He’s outside", "words-now"),
        ("she says he will kill me", "words-kill"),
    ],
)
def test_what_is_written_counts_where_nothing_was_ticked(text: str, prompt: str) -> None:
    assert _prompts(HARM.key, what={"text": text}) == [prompt]


def test_what_was_ticked_is_said_once() -> None:
    risk = {"risk": ("strangled", "weapon")}
    text = {"text": "He had me by the throat, and a knife"}
    assert _prompts(HARM.key, what=text, risk=risk) == ["strangled", "weapon"]


def test_ordinary_words_and_names_raise_nothing() -> None:
    assert _prompts(HARM.key, what={"text": "He shouts, reads my phone and keeps my money"}) == []
    named = {"identity": {"how": "named"}, "name": {"name": "Ann Axe Gunn, he is here"}}
    assert _prompts(HARM.key, **named) == []


def test_a_slip_holds_every_prompt_at_once() -> None:
    most = len({each["prompt"] for each in RULES.tables["danger"]["prompts"]})
    assert most + len(RULES.tables["words"]["list"]) <= MOST_PROMPTS
