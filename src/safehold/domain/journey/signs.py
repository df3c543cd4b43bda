"""Signs of danger: which answers and words put a report first, and how a visitor is told of them.

Words are searched here, once, before anything is sealed; after that no program reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from safehold.domain import danger_words
from safehold.domain.journey import place_questions, reporter_questions
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.specification import Journey, Kind
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


_WORDS = reporter_questions.RULES.tables["words"]["list"]
_LISTS = danger_words.parse(_WORDS)
_UNLESS = {each["prompt"]: frozenset(each["unless"]) for each in _WORDS}


def written(journey: Journey, answers: Answers, *, told: Iterable[str]) -> Iterator[DangerPrompt]:
    """Give the prompts of words in what was written; `told` are those that answers raised.

    Only boxes for text count: names and numbers are not an account.
    """
    boxes = (
        answers.one(question.key, field.name)
        for question in journey.questions
        for field in question.fields
        if field.kind is Kind.TEXT
    )
    said = frozenset(told)
    for prompt in danger_words.prompts_in("\n".join(boxes), _LISTS):
        if not said & _UNLESS[prompt.prompt]:
            yield prompt


def prompts(
    rules: Iterable[Mapping[str, str]], journey: Journey, answers: Answers
) -> tuple[DangerPrompt, ...]:
    """Give every prompt that answers raise, and then those of the words that were written."""
    answered = tuple(raised(rules, answers))
    return (*answered, *written(journey, answers, told=[each.prompt for each in answered]))
