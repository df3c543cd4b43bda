"""Questions made of lists in the rules, and the answers that several journeys have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from safehold.domain.journey.specification import Condition, Field, Kind, Option, Question

RATHER_NOT = Option("rather_not", "I would rather not say")
NOT_SURE = Option("not_sure", "I am not sure")
# Said wherever a name may be typed; the program is `records/intake/names.py`.
NAMES_COMPARED = (
    "A program compares names with those of our staff and of people close to them. If one may "
    "match, only professional standards can open this."
)
YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def options(table: Mapping[str, Any]) -> tuple[Option, ...]:
    """Read the answers on offer out of a table of rules."""
    rows: Sequence[Mapping[str, Any]] = table["options"]
    return tuple(
        Option(row["key"], row["label"], row.get("hint", ""), row.get("alone", False))
        for row in rows
    )


def own_words(limit: int, label: str = "Something else, in your own words") -> Field:
    """Give a box for whatever a list does not hold; `limit` is in characters."""
    return Field("more", Kind.TEXT, label, limit=limit)


def one(
    key: str,
    heading: str,
    choices: tuple[Option, ...],
    *,
    group: str,
    field: str = "answer",
    hint: str = "",
    asked: Condition | None = None,
) -> Question:
    """Make a question with one of a list of answers."""
    fields = (Field(field, Kind.ONE, heading, options=choices),)
    made = Question(key, heading, fields, hint=hint, group=group)
    return made if asked is None else replace(made, asked=asked)


def several(
    key: str,
    heading: str,
    choices: tuple[Option, ...],
    *,
    group: str,
    hint: str = "",
    more: Field | None = None,
) -> Question:
    """Make a question with any of a list of answers, under the question's own name."""
    fields = [Field(key, Kind.SEVERAL, heading, options=choices), *([more] if more else [])]
    said = f"{hint} Choose as many as you like.".strip()
    return Question(key, heading, tuple(fields), hint=said, group=group)


def words(
    key: str,
    heading: str,
    *,
    group: str,
    hint: str = "",
    limit: int,
    asked: Condition | None = None,
) -> Question:
    """Make a question for words; `limit` is in characters."""
    made = Question(
        key,
        heading,
        (Field("text", Kind.TEXT, heading, limit=limit),),
        hint=hint,
        group=group,
    )
    return made if asked is None else replace(made, asked=asked)
