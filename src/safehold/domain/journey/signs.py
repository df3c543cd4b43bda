"""Signs of danger: which answers put a report first, and how a visitor is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from safehold.domain.journey import place_questions, reporter_questions
from safehold.domain.journey.answers import Answers
from safehold.domain.triage_slip import DangerPrompt

# By the key of the journey: `says`, and the answers `of` which it tells (question.field.value).
SIGNS: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "harm": tuple(reporter_questions.RULES.tables["signs"]["list"]),
    "place": tuple(place_questions.RULES.tables["signs"]["list"]),
}


def told(journey: str) -> tuple[str, ...]:
    """Give what a form tells of its signs, before anything is answered; empty where none count."""
    return tuple(each["says"] for each in SIGNS.get(journey, ()))


def raised(rules: Iterable[Mapping[str, str]], answers: Answers) -> Iterator[DangerPrompt]:
    """Give the prompts whose answers were given, each once, in the order of the rules."""
    seen = set()
    for rule in rules:
        given = answers.chosen(rule["question"], rule["field"])
        if rule["value"] in given and rule["prompt"] not in seen:
            seen.add(rule["prompt"])
            yield DangerPrompt(rule["prompt"], rule["reason"])
