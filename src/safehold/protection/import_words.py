"""An import in words: what it was of, what became of its rows, and what somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from safehold.design.words import moment

KINDS = {
    "people": "People",
    "facts": "More about people",
    "incidents": "Incidents",
    "roles": "Parts in incidents",
    "cases": "Open cases",
    "orders": "Orders",
    "marac": "MARAC referrals",
    "safe_contact": "Safe contact",
    "outcomes": "Outcomes",
    "must_not_receive": "Who must receive nothing",
}
_COUNTS = {
    "read": "Rows read",
    "new": "New",
    "unchanged": "Unchanged",
    "changed": "Changed",
    "refused": "Refused",
    "repeated": "The same row twice",
}
_WEIGHTS = {
    "refused": "Refused, nothing of the row was taken",
    "dangling": "Names somebody or something that is not here",
    "conflict": "Not as it stands here: somebody looks at it",
    "field": "Left out of its row",
    "note": "To know",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One import of the list."""

    path: str
    what: str
    system: str
    when: str
    who: str
    came: str
    finished: bool


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One thing that is told of lines."""

    weight: str
    column: str
    says: str
    count: int
    lines: str


def row(batch: Any) -> Row:
    """Say one import in a row."""
    counts = batch.counts
    parts = [
        f"{counts[key]:,} {words.lower()}"
        for key, words in _COUNTS.items()
        if key != "read" and counts.get(key)
    ]
    return Row(
        path=reverse("protection:import", args=[batch.pk]),
        what=KINDS.get(batch.kind, batch.kind),
        system=batch.system,
        when=moment(batch.begun_at),
        who=batch.by.name,
        came=", ".join(parts) if batch.finished_at else "Broken off: run the same command again.",
        finished=batch.finished_at is not None,
    )


def figures(batch: Any) -> list[tuple[str, str]]:
    """Say what became of an import's rows."""
    return [(words, f"{batch.counts.get(key, 0):,}") for key, words in _COUNTS.items()]


def told(batch: Any) -> list[ToldRow]:
    """Say what was told of lines, what refuses a row first."""
    rows = batch.told.get("told", [])
    order = list(_WEIGHTS)
    return [
        ToldRow(
            weight=_WEIGHTS[each["weight"]],
            column=each["column"],
            says=each["says"],
            count=each["count"],
            lines=_lines(each["lines"], each["count"]),
        )
        for each in sorted(rows, key=lambda each: order.index(each["weight"]))
    ]


def totals(batch: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Say the totals by our words, to be held against the source's own."""
    found = batch.told.get("totals", {})
    return [
        (what.replace("_", " "), [(word, f"{count:,}") for word, count in of.items()])
        for what, of in found.items()
    ]


def _lines(lines: list[int], count: int) -> str:
    shown = ", ".join(str(line) for line in lines)
    return f"{shown} and {count - len(lines):,} more" if count > len(lines) else shown
