"""Figures about applications under Clare's Law, from which nothing of one can be worked out. Pure.

A quarter is counted once it is over. How many there were is given with every table, so a table
holds back what is few and enough beside it: what is missing is never the difference to the whole.
After complementary suppression as the Office for National Statistics describes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from safehold import rules
from safehold.domain import dvds, suppression

_MONTHS: Final = 3
WITHIN: Final = 28  # days in all, by the rule `dvds_answer`; to be confirmed there


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year, from 1 to 4."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """Return how an address names it."""
        return f"{self.year}-{self.number}"

    @property
    def words(self) -> str:
        """Return how a reader names it."""
        first, last = _NAMES[self.number - 1]
        return f"{first} to {last} {self.year}"

    @property
    def begins(self) -> date:
        """Return its first day."""
        return date(self.year, _MONTHS * (self.number - 1) + 1, 1)

    @property
    def over(self) -> date:
        """Return the day after its last."""
        return self.next.begins

    @property
    def next(self) -> Quarter:
        """Return the quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """Return the quarter before it."""
        year, number = divmod(self.year * 4 + self.number - 2, 4)
        return Quarter(year, number + 1)


_NAMES: Final = (
    ("January", "March"),
    ("April", "June"),
    ("July", "September"),
    ("October", "December"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One table: what is counted of whom, where it is from, and how it is defined.

    `rows` has None for what is held back, and `total` None where all of it is.
    """

    title: str
    unit: str
    cohort: str
    basis: str
    definition: str
    rows: tuple[tuple[str, int | None], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The true counts of one quarter; `characteristics` by of whom, then list, then option."""

    asked: Mapping[str, int]
    decided: Mapping[str, int]
    told: Mapping[str, int]
    days_to_decide: Sequence[int]
    days_to_answer: Sequence[int]
    characteristics: Mapping[str, Mapping[str, Mapping[str, int]]]


def finished(today: date) -> tuple[Quarter, ...]:
    """Return the quarters that are over and are shown, the newest first."""
    now = Quarter(today.year, (today.month - 1) // _MONTHS + 1).before
    found = [now]
    for _ in range(_figures()["quarters"] - 1):
        found.append(found[-1].before)
    return tuple(found)


def least() -> int:
    """Return the smallest number that is given."""
    return int(_figures()["least"])


def held_back(counts: Mapping[str, int], *, least: int) -> frozenset[str]:
    """Return which counts are not given, where their total is.

    All that are few are held back. Where what is left of the total would tell one of them, all are.
    Raises ValueError for a `least` below 2.
    """
    if least < 2:
        raise ValueError("A least count below 2 holds nothing back.")
    held = {name for name, count in counts.items() if count < least}
    together = sum(counts[name] for name in held)
    if held and not suppression.may_be_given(together, over=len(held), least=least):
        return frozenset(counts)
    return frozenset(held)


def table(counts: Mapping[str, int], *, least: int) -> tuple[dict[str, int | None], int | None]:
    """Return what is given of counts and of their total, None where it is not."""
    total = sum(counts.values())
    if total < least:
        return dict.fromkeys(counts), None
    held = held_back(counts, least=least)
    return {name: None if name in held else count for name, count in counts.items()}, total


def figures(counted: Counted) -> list[Figure]:
    """Return every figure of a quarter."""
    late = {
        "Within 28 days": sum(1 for days in counted.days_to_answer if days <= WITHIN),
        "Later": sum(1 for days in counted.days_to_answer if days > WITHIN),
    }
    found = [
        _figure(
            "How applications began",
            "Applications",
            "Asked in the quarter",
            "Right to Ask: somebody asked. Right to Know: the police or an agency began it.",
            counted.asked,
        ),
        _figure(
            "What was decided",
            "Applications",
            "Decided in the quarter, whenever they were asked",
            "By two people, or by one where it could not wait. Tell: something is told in person.",
            counted.decided,
        ),
        _figure(
            "Who was told in person",
            "Applications",
            "Answered in the quarter, whenever they were asked",
            "Nothing told: it was decided not to tell, or there was nothing to tell.",
            counted.told,
        ),
        _figure(
            "Answered within the days",
            "Applications",
            "Answered in the quarter, whenever they were asked",
            "Days from the day of asking to the day on which somebody was told in person. 28 days "
            "are to be confirmed.",
            late,
        ),
        _days("Days until it was decided", "Decided in the quarter", counted.days_to_decide),
        _days("Days until somebody was told", "Answered in the quarter", counted.days_to_answer),
    ]
    return [*found, *_characteristics(counted)]


def _characteristics(counted: Counted) -> Iterable[Figure]:
    for of, label in dvds.choices("of"):
        for name in dvds.COUNTED:
            yield _figure(
                f"{label}: {_TITLES[name]}",
                "Applications",
                "Asked in the quarter",
                f"{_SAID_BY[name]} Not asked: nobody asked, or nothing was recorded.",
                counted.characteristics[of][name],
            )


_TITLES: Final = {
    "gender": "gender",
    "age": "age",
    "ethnicity": "ethnic background",
    "ethnicity_seen": "ethnic appearance",
    "disability": "disabled",
    "sexuality": "sexuality",
}
_SAID_BY: Final = {
    "gender": "As they say it.",
    "age": "In years, on the day of asking.",
    "ethnicity": "As they say it, of the list of the census.",
    "ethnicity_seen": "As an officer saw it, where they do not say it.",
    "disability": "As they say it.",
    "sexuality": "As they say it.",
}


def _figure(
    title: str, unit: str, cohort: str, definition: str, counts: Mapping[str, int]
) -> Figure:
    given, total = table(counts, least=least())
    return Figure(title, unit, cohort, _BASIS, definition, tuple(given.items()), total)


def _days(title: str, cohort: str, days: Sequence[int]) -> Figure:
    middle = int(median(days)) if len(days) >= 2 * least() else None
    definition = "The middle one of all: as many took less as took longer. Whole days."
    return Figure(title, "Days", cohort, _BASIS, definition, (("Middle", middle),), None)


_BASIS: Final = (
    "What was recorded on applications here; none that is about a colleague. Counts below "
    "5 are held back, and enough beside them."
)


def _figures() -> Mapping[str, int]:
    found: Mapping[str, int] = rules.load("dvds").tables["figures"]
    return found
