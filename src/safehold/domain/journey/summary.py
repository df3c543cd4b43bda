"""The answers as they are read back before they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.specification import Field, Journey, Kind, Question
from safehold.domain.journey.walk import cleared, reachable


@dataclass(frozen=True, slots=True)
class Row:
    """One question with what was said; no values when it was skipped.

    `chosen` is the same as the answers keep it, each beside its field.
    """

    question: Question
    values: tuple[str, ...]
    chosen: tuple[tuple[Field, str], ...] = ()


def summary(journey: Journey, answers: Answers) -> tuple[Row, ...]:
    """List every question passed, in order, with its answers in the words of the page."""
    kept = cleared(journey, answers)
    return tuple(
        Row(question, tuple(values_of(question, kept)), tuple(_chosen(question, kept)))
        for question in reachable(journey, kept)
        if kept.has(question.key) and not question.notice
    )


def values_of(question: Question, answers: Answers) -> Iterator[str]:
    """Give the answers to one question as a person reads them."""
    for field, value in _chosen(question, answers):
        yield _in_words(field, value)


def label_beside(question: Question, field: Field) -> str:
    """Give the label without which a value of this field would be read as another's, or "".

    A question of one field says in its heading what the answer is; so does a field that repeats it.
    """
    several = sum(each.shown for each in question.fields) > 1
    return field.label if several and field.label != question.heading else ""


def labels_of(question: Question, answers: Answers) -> Iterator[str]:
    """Give the label beside each of the values, in their order; empty where the heading says it."""
    for field, _ in _chosen(question, answers):
        yield label_beside(question, field)


def under_labels(lines: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Gather values that follow each other under one label, each value beside its label."""
    return tuple(
        (label, tuple(value for _, value in same))
        for label, same in groupby(lines, key=lambda line: line[0])
    )


def _chosen(question: Question, answers: Answers) -> Iterator[tuple[Field, str]]:
    for field in question.fields:
        if field.shown:
            for value in answers.chosen(question.key, field.name):
                yield field, value


def _in_words(field: Field, value: str) -> str:
    if field.kind is not Kind.DATE:
        return field.label_of(value)
    given = date.fromisoformat(value)
    return f"{given.day} {given:%B %Y}"
