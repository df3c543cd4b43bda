"""Lists of answers out of the rules, and the fields that several journeys have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from safehold.domain.journey.specification import Field, Kind, Option

RATHER_NOT = Option("rather_not", "I would rather not say")
NOT_SURE = Option("not_sure", "I am not sure")
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
