"""What an import did, as it is told: counts, totals, lines and columns; never a value of a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LINES = 50  # named of each thing that is told: enough to look at, few enough to keep
MOST_TOLD = 300  # different things of one file; more is one sentence


class Outcome(StrEnum):
    """What became of one row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    REFUSED = "refused"


class Weight(StrEnum):
    """What a thing that is told means for its row."""

    REFUSED = "refused"
    DANGLING = "dangling"
    CONFLICT = "conflict"
    FIELD = "field"
    NOTE = "note"


@dataclass(slots=True)
class Told:
    """One thing that is told of rows: on how many lines, and which are the first of them."""

    count: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The report of one file. `totals` are counts by our own words, to hold against the source."""

    label: str
    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    totals: dict[str, Counter[str]] = field(default_factory=dict)
    told: dict[tuple[str, str, str], Told] = field(default_factory=dict)
    sentence: str = ""
    digest: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Tell whether the file was not taken at all."""
        return bool(self.sentence)

    def tell(self, weight: Weight, column: str, says: str, line: int) -> None:
        """Tell one thing of a line."""
        which = (str(weight), column, says)
        if which not in self.told and len(self.told) >= MOST_TOLD:
            which = (str(weight), "", "more of this kind, not told apart")
        told = self.told.setdefault(which, Told())
        told.count += 1
        if len(told.lines) < LINES:
            told.lines.append(line)

    def count(self, outcome: Outcome) -> None:
        """Count one row."""
        self.counts["read"] += 1
        self.counts[str(outcome)] += 1

    def total(self, what: str, word: str) -> None:
        """Count one of our words of a row that was taken."""
        self.totals.setdefault(what, Counter())[word] += 1

    def weigh(self, weight: Weight) -> int:
        """Count what was told of one weight."""
        return sum(told.count for (of, _, _), told in self.told.items() if of == weight)

    def as_kept(self) -> dict[str, Any]:
        """Return the report as a batch keeps it."""
        return {
            "totals": {what: dict(sorted(of.items())) for what, of in sorted(self.totals.items())},
            "told": [
                {"weight": weight, "column": column, "says": says, "count": told.count,
                 "lines": told.lines}
                for (weight, column, says), told in sorted(self.told.items())
            ],
            "notes": self.notes,
        }  # fmt: skip
