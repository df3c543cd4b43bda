"""What a journey makes of its answers: what goes into each envelope, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import h3

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.place_questions import RULES
from safehold.domain.journey.specification import Field, Kind, Question
from safehold.domain.journey.summary import labels_of, values_of
from safehold.domain.journey.whereabouts import Whereabouts
from safehold.domain.triage_slip import FINEST_CELL, Said

# A point further off than this would put a report in a cell where nothing happened.
CELL_WITHIN_METRES = RULES.tables["precision"]["cell_within"]

# What stands beside every child in a report, whoever told.
SAFEGUARDING = (
    "This child’s safety comes first: who must be told? Nobody rings home before it is known "
    "whether that is safe."
)


class NotWhole(ValueError):
    """Answers without one that the report needs; the message says which, for our own people."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report ready to be sealed. `identity` is None where nothing is to be hidden apart."""

    slip: dict[str, Any]
    account: dict[str, Any]
    identity: dict[str, Any] | None = None


def said_of_party(answers: Answers) -> Said:
    """Say whether someone in it works for the police or a partner, as the slip says it."""
    if not answers.has("works"):
        return Said.NOT_ASKED
    plain = {"yes": Said.YES, "no": Said.NO, "not_sure": Said.NOT_SURE}
    return plain.get(answers.one("works", "party"), Said.NOT_SAID)


def cell_of(place: Whereabouts) -> str:
    """Give the cell of a place that is known well enough to have one, or an empty text."""
    if place.lon is None or place.lat is None or place.metres is None:
        return ""
    if place.metres > CELL_WITHIN_METRES:
        return ""
    return str(h3.latlng_to_cell(place.lat, place.lon, FINEST_CELL))


def answered(question: Question, answers: Answers) -> dict[str, Any]:
    """Give one question as an account holds it: as it was put, and what was said."""
    entry = answers.entry(question.key)
    chosen = {
        field.name: list(answers.chosen(question.key, field.name))
        for field in question.fields
        if field.name in entry and _was_asked(field)
    }
    return {
        "key": question.key,
        "question": question.heading,
        "fields": chosen,
        "said": list(values_of(question, answers)),
        # Beside each of them: "Ring my mother" under another label is read as what to do.
        "labels": list(labels_of(question, answers)),
        "notice": question.notice,
        "skipped": not question.notice and not says_something(question, entry),
    }


def says_something(question: Question, entry: Entry) -> bool:
    """Tell whether an entry holds anything that somebody said."""
    return any(
        entry.get(field.name) for field in question.fields if field.kind is not Kind.ASKED_ON
    )


def _was_asked(field: Field) -> bool:
    # What the screen worked out of a place is under `place`, once.
    return field.kind is not Kind.WORKED_OUT
