"""Which two records may be of one person, and why, in words. A prompt to look, and never more.

Pure. A reason says that something is alike and not what it is, so that it can stand in a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from safehold.domain import persons, spelling

_RULES: Final = persons.RULES.tables["alike"]
NEAR_NAME: Final[float] = _RULES["near_name"]
MOST: Final[int] = _RULES["most"]
_NAME_POINTS: Final = 40
Born = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What of a person is compared. `addresses` are keys, none of a protected address."""

    names: tuple[str, ...] = ()
    births: tuple[Born, ...] = ()
    contacts: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two may be one, why they may not, and how strongly, from 0 to 100."""

    reasons: tuple[str, ...]
    against: tuple[str, ...]
    strength: int


def compared(contact: str) -> str:
    """Return a number or an address online as it is compared."""
    return contact.replace(" ", "").lower()


def likeness(one: Sketch, other: Sketch) -> Likeness | None:
    """Say why two may be one person; None where nothing says so.

    A near name alone is no reason, and neither is a shared number or home alone: couples, children
    and lodgers share both.
    """
    near = _nearest(one.names, other.names)
    named = near >= NEAR_NAME
    born = _born(one.births, other.births)
    contact = bool(one.contacts & other.contacts)
    home = bool(one.addresses & other.addresses)
    beside_the_name = born > 0 or contact or home
    if not (named and beside_the_name) and not (contact and born > 0):
        return None
    said = (
        (named, "Their names are alike" if near < 1 else "They have the same name"),
        (born == _RULES["same_day_points"], "They were born on the same day"),
        (born == _RULES["born_points"], "They may have been born at the same time"),
        (contact, "The same number or address online is recorded of both"),
        (home, "Both are recorded at one address"),
    )
    against = ((born < 0, "They were born at different times"), (not named, "Their names differ"))
    points = _NAME_POINTS * near + max(0, born)
    points += _RULES["contact_points"] * contact + _RULES["home_points"] * home
    return Likeness(_said(said), _said(against), min(100, round(points)))


def _said(told: Iterable[tuple[bool, str]]) -> tuple[str, ...]:
    return tuple(words for holds, words in told if holds)


def _nearest(ones: Iterable[str], others: Iterable[str]) -> float:
    """Compare the longer name with the shorter: each word of it counts, so "John" is no name."""
    best = 0.0
    for one in ones:
        for other in others:
            longer, shorter = sorted((one, other), key=lambda name: -len(spelling.words_of(name)))
            best = max(best, spelling.nearness(spelling.words_of(longer), shorter))
    return best


def _born(ones: Iterable[Born], others: Iterable[Born]) -> int:
    """Give points where births overlap, 0 where one is not known, less where none does."""
    pairs = [(one, other) for one in ones for other in others]
    if not pairs:
        return 0
    if any(one == other and one[0] == one[1] for one, other in pairs):
        return int(_RULES["same_day_points"])
    if any(one[0] <= other[1] and other[0] <= one[1] for one, other in pairs):
        return int(_RULES["born_points"])
    return -1
