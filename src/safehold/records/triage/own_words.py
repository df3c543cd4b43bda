"""What somebody wrote in an account, as against what was chosen from lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.specification import Kind


def own_words(answers: Iterable[Mapping[str, Any]], journey: str) -> str:
    """Return all that was written in boxes for words, in its order; names and addresses are not."""
    return "\n".join(_words(answers, journey))


def _words(answers: Iterable[Mapping[str, Any]], journey: str) -> Iterator[str]:
    for answer in answers:
        fields = answer.get("fields")
        if not isinstance(fields, Mapping):
            continue
        for name in _boxes(journey, answer.get("key")):
            values = fields.get(name)
            if isinstance(values, list):
                yield from (each for each in values if isinstance(each, str))


def _boxes(journey: str, key: object) -> tuple[str, ...]:
    try:
        question = JOURNEYS[journey].question(str(key))
    except KeyError:
        return ()
    return tuple(field.name for field in question.fields if field.kind is Kind.TEXT)
