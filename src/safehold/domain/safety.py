"""Safety: the words of plans, actions, referrals and markers, and what of them holds when.

Pure: the lists are `rules/safety.toml`; moments and days come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from safehold import rules

RULES: Final = rules.load("safety")
LONGEST_WORDS: Final[int] = RULES.tables["limits"]["words"]
LONGEST_VALUE: Final[int] = RULES.tables["limits"]["value"]
A_PAGE: Final[int] = RULES.tables["limits"]["lists"]
SOON: Final = timedelta(hours=RULES.tables["limits"]["soon_hours"])
MADE_WITH_THEM: Final = "yes"
AGREED: Final = "yes"
NO_COPY: Final = "none"
TOLD: Final = "done"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a plan looks at; `asks` helps to make it, `paper` is its printed heading."""

    key: str
    label: str
    paper: str
    asks: str


class Standing(StrEnum):
    """What a marker is on a day. Nobody relies on one that does not hold."""

    HOLDS = "holds"
    OVER = "over"
    ENDED = "ended"


class Urgency(StrEnum):
    """How an open action stands against its time."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"


class TooFar(ValueError):
    """A day after which somebody has to look again lies too far off, or has passed."""


def options(name: str) -> list[tuple[str, str]]:
    """Return the keys and labels of one list of the rules. Raises KeyError for no such list."""
    return [(row["key"], row["label"]) for row in RULES.tables[name]]


def keys(name: str) -> list[str]:
    """Return the keys of one list of the rules. Raises KeyError for no such list."""
    return [row["key"] for row in RULES.tables[name]]


def label(name: str, key: str) -> str:
    """Return the words of one key of a list. Raises KeyError for one that is not on it."""
    return dict(options(name))[key]


def way_of(copy: str) -> str:
    """Return by which way a copy goes, empty where nothing is sent."""
    return _WAYS[copy]


def usually_due(kind: str, at: datetime) -> datetime:
    """Return by when an action of a kind is due, where nobody said a time."""
    return at + timedelta(days=_DAYS_OF_ACTIONS[kind])


def urgency(due_at: datetime, at: datetime) -> Urgency:
    """Tell how an open action stands: late from the moment it is due."""
    if due_at <= at:
        return Urgency.LATE
    return Urgency.SOON if due_at <= at + SOON else Urgency.LATER


def marker_stands(*, expires: date, ended: bool, on: date) -> Standing:
    """Tell whether a marker holds on a day: to the end of the day on which it expires."""
    if ended:
        return Standing.ENDED
    return Standing.HOLDS if on <= expires else Standing.OVER


def latest_expiry(kind: str, on: date) -> date:
    """Return the last day that a marker may be given on a day."""
    return on + timedelta(days=_DAYS_OF_MARKERS[kind])


def must_expire_in_time(kind: str, expires: date, *, on: date) -> None:
    """Raise TooFar for a day that has passed, or lies beyond what the rules allow."""
    if expires < on:
        raise TooFar("Choose a day from today on.")
    if expires > latest_expiry(kind, on):
        raise TooFar(
            f"This marker is looked at again within {_DAYS_OF_MARKERS[kind]} days: "
            "choose an earlier day."
        )


TOPICS: Final = tuple(
    Topic(row["key"], row["label"], row["paper"], row["asks"]) for row in RULES.tables["topics"]
)
_WAYS: Final[Mapping[str, str]] = {row["key"]: row["way"] for row in RULES.tables["copies"]}
_DAYS_OF_ACTIONS: Final[Mapping[str, int]] = {
    row["key"]: row["days"] for row in RULES.tables["action_kinds"]
}
_DAYS_OF_MARKERS: Final[Mapping[str, int]] = {
    row["key"]: row["days"] for row in RULES.tables["markers"]
}
