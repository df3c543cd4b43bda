"""Whether an order holds at a moment, and whether it is shown that he knew. Pure: no store.

An order holds to the end of its last day. A notice lapses where no court has heard it in
time; where only the day is known on which it was served, there are hours in which nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from safehold.domain import deadline_rules
from safehold.domain.deadlines import LONDON, Due, reckon
from safehold.domain.orders import Order

_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """What an order is at a moment."""

    NOT_YET = "not_yet"
    HOLDS = "holds"
    MAY_HAVE_LAPSED = "may_have_lapsed"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    ENDED = "ended"


HOLDING: Final = frozenset({State.HOLDS, State.MAY_HAVE_LAPSED})
OVER: Final = frozenset({State.LAPSED, State.EXPIRED, State.ENDED})


@dataclass(frozen=True, slots=True)
class Terms:
    """From when to when an order holds. `lapses` is the first and the last moment it may lapse."""

    begins: date | None = None
    expires: date | None = None
    ended_on: date | None = None
    lapses: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """That it was served: `at` is None where nobody knows when, `whole_day` where only the day."""

    at: datetime | None
    whole_day: bool = False


def state(terms: Terms, *, at: datetime) -> State:
    """Return what an order is at a moment."""
    today = at.astimezone(LONDON).date()
    if terms.ended_on is not None and terms.ended_on <= today:
        return State.ENDED
    if terms.expires is not None and terms.expires < today:
        return State.EXPIRED
    if terms.lapses is not None and at >= terms.lapses[1]:
        return State.LAPSED
    if terms.begins is not None and terms.begins > today:
        return State.NOT_YET
    if terms.lapses is not None and at >= terms.lapses[0]:
        return State.MAY_HAVE_LAPSED
    return State.HOLDS


def lapse(sort: Order, served: Iterable[Served]) -> tuple[datetime, datetime] | None:
    """Return between which moments a notice lapses that no court has heard.

    None for what does not lapse, and where nobody knows when it was served or can reckon it.
    """
    times = [each for each in served if each.at is not None]
    if not sort.hearing or not times:
        return None
    # By the first of them, as it may have been at the earliest and at the latest.
    bounds = [_bounds(each) for each in times]
    first, last = (_due(sort, min(each[end] for each in bounds)) for end in (0, 1))
    return (first, last) if first is not None and last is not None else None


def knew(terms: Terms, served: Iterable[Served]) -> bool:
    """Tell whether it was served before it was over; where nobody knows when, it was."""
    return any(each.at is None or state(terms, at=_bounds(each)[0]) not in OVER for each in served)


def _bounds(served: Served) -> tuple[datetime, datetime]:
    if served.at is None:
        raise ValueError("Nobody knows when that was.")
    if not served.whole_day:
        return served.at, served.at
    day = served.at.astimezone(LONDON).date()
    midnights = (datetime.combine(each, time(), tzinfo=LONDON) for each in (day, day + _DAY))
    begins, over = midnights
    return begins, over


def _due(sort: Order, start: datetime) -> datetime | None:
    length = deadline_rules.every()[sort.hearing].length(enhanced=True)
    found = reckon(start, length, calendar=deadline_rules.calendar())
    return found.at if isinstance(found, Due) else None
