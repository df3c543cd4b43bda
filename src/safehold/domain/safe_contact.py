"""When somebody can be reached safely, and whether a clock lets the unit wait for it.

Pure: a week of safe times, a moment and a zone in; windows out. A week is kept as seven days of
spans in minutes after midnight, local time, Monday first; no span crosses midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Any

from safehold import rules

DAY = 24 * 60  # minutes
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD = 8  # days: a week, and the day on which it is asked

Span = tuple[int, int]  # minutes after midnight: from, until


class NotAWeek(ValueError):
    """Times that are no week of safe times; the message says what is wrong."""


class Wait(StrEnum):
    """Whether a clock lets the unit wait for the next safe time."""

    SAFE_NOW = "safe_now"
    IN_TIME = "in_time"
    TOO_LATE = "too_late"
    NOT_KNOWN = "not_known"


def _check_day(spans: Sequence[Span]) -> None:
    if any(not 0 <= start < end <= DAY for start, end in spans):
        raise NotAWeek("A safe time begins and ends within one day.")
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise NotAWeek("The safe times of a day come one after another.")


@dataclass(frozen=True, slots=True)
class Week:
    """The safe times of a week. Without a span nothing is known of when it is safe."""

    days: tuple[tuple[Span, ...], ...] = ((),) * len(DAYS)

    def __post_init__(self) -> None:
        if len(self.days) != len(DAYS):
            raise NotAWeek("A week has seven days.")
        for spans in self.days:
            _check_day(spans)

    @property
    def known(self) -> bool:
        """Tell whether anything is known of when it is safe."""
        return any(self.days)


NOT_KNOWN = Week()


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which it is safe, both ends aware; `start` may have passed."""

    start: datetime
    end: datetime


def week_of(days: Sequence[str], parts: Sequence[str]) -> Week:
    """Give the week of the days and the parts of a day that somebody chose.

    No day means every day, and no part the whole day; neither means that nothing was said. A key
    that the rules do not know is passed over: less is safe then, never more.
    """
    hours = {
        option["key"]: (option["from"] * 60, option["to"] * 60)
        for option in rules.load("unsafe_places").tables["parts_of_day"]["options"]
    }
    known_days = [day for day in DAYS if day in days]
    spans = sorted({hours[part] for part in parts if part in hours})
    if (days and not known_days) or (parts and not spans) or not (days or parts):
        return NOT_KNOWN
    whole = _joined(spans) if spans else ((0, DAY),)
    return Week(tuple(whole if day in (known_days or DAYS) else () for day in DAYS))


def week_from_plain(value: Any) -> Week:
    """Read a week from plain lists. Raises NotAWeek."""
    try:
        return Week(tuple(tuple((int(a), int(b)) for a, b in spans) for spans in value))
    except (TypeError, ValueError) as error:
        raise NotAWeek("This is not a week of safe times.") from error


def next_window(week: Week, at: datetime, zone: tzinfo) -> Window | None:
    """Give the safe time that is now, or else the next; None where none is known.

    `at` is aware. Times are those of the clock on the wall in `zone`: on a night when the clocks
    change a window is an hour shorter or longer. Windows that touch at midnight are one.
    """
    found: Window | None = None
    for window in _windows(week, at.astimezone(zone).date(), zone):
        if found is not None:
            if window.start > found.end:
                break
            found = Window(found.start, max(found.end, window.end))
        elif window.end > at:
            found = window
    return found


def can_wait(week: Week, due: datetime, at: datetime, zone: tzinfo) -> Wait:
    """Tell whether a clock that runs out at `due` lets the unit wait for a safe time.

    It is too late where no safe time begins before `due`, and where `due` has passed outside one.
    """
    window = next_window(week, at, zone)
    if window is None:
        return Wait.NOT_KNOWN
    if window.start <= at:
        return Wait.SAFE_NOW
    return Wait.IN_TIME if window.start < due else Wait.TOO_LATE


def _windows(week: Week, first: date, zone: tzinfo) -> Iterator[Window]:
    # From the day before: one that touches midnight goes on into this one.
    for ahead in range(-1, _LOOK_AHEAD + 1):
        day = first + timedelta(days=ahead)
        for start, end in week.days[day.weekday()]:
            yield Window(_moment(day, start, zone), _moment(day, end, zone))


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    if minute == DAY:
        day, minute = day + timedelta(days=1), 0
    # In UTC: two moments of one zone are compared by the wall clock, which repeats an hour.
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
