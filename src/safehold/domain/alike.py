"""Which reports may tell of the same, and why, in words. A prompt to look, and never more.

Pure. A reason says what can be seen without opening an account, or what a keyed mark of an account
that somebody opened says: that the words are the same, and nothing of what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import h3

from safehold import rules

_TABLES = rules.load("alike").tables
DAYS = timedelta(days=_TABLES["slips"]["days"])
RING: int = _TABLES["slips"]["ring"]
MOST: int = _TABLES["slips"]["most"]
HOURS = timedelta(hours=_TABLES["incidents"]["hours"])
MOST_INCIDENTS: int = _TABLES["incidents"]["most"]
FEWEST_LETTERS: int = _TABLES["words"]["fewest_letters"]
_TOGETHER = tuple(frozenset(group) for group in _TABLES["kinds"]["together"])
_WORDS: dict[str, str] = dict(_TABLES["kinds"]["words"])
_NUMBERS = ("", "a day", "two days", "three days", "four days", "five days", "six days", "a week")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a report without opening it.

    `marks` is empty where nobody opened it; the rest of the lower half is there once it was
    accepted: `place` is a key, both ends are aware and may be open, `to_the_hour` says that the
    time is known that well.
    """

    kind: str
    cell: str
    received_at: datetime
    marks: frozenset[str] = frozenset()
    classification: str = ""
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    to_the_hour: bool = False


def squares_near(cell: str) -> tuple[str, ...]:
    """Give a square and those around it; none for a report without one."""
    return tuple(sorted(h3.grid_disk(cell, RING))) if cell and h3.is_valid_cell(cell) else ()


def kinds_with(kind: str) -> frozenset[str]:
    """Give the kinds that may tell of the same happening as this one, itself among them."""
    return frozenset({kind}).union(*(group for group in _TOGETHER if kind in group))


def reasons(one: Sketch, other: Sketch) -> tuple[str, ...]:
    """Say why two reports may tell of the same, the strongest reason first; none is no reason."""
    return tuple(_reasons(one, other))


def plain_words(text: str) -> str:
    """Give words as they are compared: without case, marks and spaces; empty where too few."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return letters if len(letters) >= FEWEST_LETTERS else ""


def _reasons(one: Sketch, other: Sketch) -> Iterator[str]:
    if one.marks & other.marks:
        yield "The same words, letter for letter: sent twice, or told twice"
    if near := _near(one, other):
        yield near
    if one.place and one.place == other.place and _overlap(one, other):
        yield "Accepted at the same place, and the times may be the same"
    elif (
        one.classification
        and one.classification == other.classification
        and one.to_the_hour
        and other.to_the_hour
        and _overlap(one, other)
    ):
        yield "Accepted as the same sort of happening, and the hours may be the same"


def _near(one: Sketch, other: Sketch) -> str:
    apart = abs(one.received_at - other.received_at)
    if other.cell not in squares_near(one.cell) or apart > DAYS:
        return ""
    if other.kind not in kinds_with(one.kind):
        return ""
    where = "same square" if one.cell == other.cell else "next square"
    return f"{where.capitalize()} of about 350 m, {_apart(apart)}{_both(one.kind, other.kind)}"


def _apart(apart: timedelta) -> str:
    days = apart.days
    if not days:
        return "received within a day"
    return f"received {_NUMBERS[days] if days < len(_NUMBERS) else f'{days} days'} apart"


def _both(one: str, other: str) -> str:
    if one != other:
        return f", about {_WORDS.get(one, one)} and {_WORDS.get(other, other)}"
    return f", both about {_WORDS[one]}" if one in _WORDS else ""


def _overlap(one: Sketch, other: Sketch) -> bool:
    if not (one.starts_at and one.ends_at and other.starts_at and other.ends_at):
        return False
    return one.starts_at <= other.ends_at + HOURS and other.starts_at <= one.ends_at + HOURS
