"""What a profile says of other languages: who approved which part, and the force's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from safehold.domain.languages import Approval

Row = dict[str, Any]


class Reader(Protocol):
    """What reads one table of a profile and remembers what was wrong (`force._Reader`)."""

    def has(self, name: str) -> bool: ...
    def words(self, name: str) -> str: ...
    def matching(self, name: str, pattern: str, described: str) -> str: ...
    def day(self, name: str) -> date: ...
    def refuse_unknown(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the force in another language, with whoever approved them: hours, a unit's name."""

    language: str
    english: str
    words: str
    approved_by: str
    on: date


def read(rows: Iterable[Reader]) -> tuple[tuple[Approval, ...], tuple[Phrase, ...]]:
    """Read the tables [[translations]]: each approves a part by its digest, or gives a phrase."""
    approvals: list[Approval] = []
    phrases: list[Phrase] = []
    for row in rows:
        language, by, on = row.words("language"), row.words("approved_by"), row.day("on")
        if row.has("english"):
            phrases.append(Phrase(language, row.words("english"), row.words("words"), by, on))
        else:
            digest = row.matching(
                "digest", r"[0-9a-f]{32}", "the 32 digits of `safehold languages`"
            )
            approvals.append(Approval(language, row.words("part"), digest, by, on))
        row.refuse_unknown()
    return tuple(approvals), tuple(phrases)
