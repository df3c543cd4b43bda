"""When something was, as an officer types it: a start, an end, and how exactly it is known. Pure.

Nothing is refused for being vague: "some time in March" is a first day that is a month, a week is
two days, and what nobody knows is not said. Times are local, without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from safehold.domain.dates import Span

EARLIEST: Final = date(1900, 1, 1)
_LAST_MINUTE: Final = time(23, 59)


class Known(StrEnum):
    """How exactly it is known when something happened; the words that an incident keeps."""

    HOURS = "hours"
    DAY = "day"
    BETWEEN = "between"
    OFTEN = "often"
    NOT_SAID = "not said"


class NotAnInterval(ValueError):
    """What was typed is no interval; `where` names the box, the message says what is wrong."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(says)
        self.where = where


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the boxes: days or longer, times of day, and that it goes on or comes again."""

    first: Span | None = None
    first_time: time | None = None
    last: Span | None = None
    last_time: time | None = None
    often: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, None where open, and how exactly they are known."""

    start: datetime | None
    end: datetime | None
    known: Known


def read(typed: Typed, *, now: datetime) -> Interval:
    """Return the interval that was meant. Raises NotAnInterval for what cannot have been."""
    _must_fit(typed)
    start, end = _start(typed), _end(typed)
    if start is not None and start > now:
        raise NotAnInterval("first", "An incident cannot begin in the future.")
    if start is not None and end is not None and end < start:
        where = "last_time" if typed.first == typed.last else "last"
        raise NotAnInterval(where, "The end lies before the start.")
    if typed.often:
        return Interval(start, _not_after(end, now) or now, Known.OFTEN)
    return Interval(start, _not_after(end, now), _known(typed))


def _must_fit(typed: Typed) -> None:
    for name, span, clock in (
        ("first", typed.first, typed.first_time),
        ("last", typed.last, typed.last_time),
    ):
        if span is not None and span[0] < EARLIEST:
            raise NotAnInterval(name, f"Write a year from {EARLIEST.year} on.")
        # The last day may be left out where it is the first.
        if clock is not None and span is None and (name == "first" or typed.first is None):
            raise NotAnInterval(name, "Write the day of this time too.")
        if clock is not None and span is not None and span[0] != span[1]:
            raise NotAnInterval(name, "Write the day of this time, not a month or a year.")


def _start(typed: Typed) -> datetime | None:
    if typed.first is None:
        return None
    return datetime.combine(typed.first[0], typed.first_time or time())


def _end(typed: Typed) -> datetime | None:
    span = typed.last or typed.first
    if span is None or (typed.last is None and typed.first_time and not typed.last_time):
        return None  # it began then; when it ended was not said
    return datetime.combine(span[1], typed.last_time or _LAST_MINUTE)


def _known(typed: Typed) -> Known:
    if typed.first is None and typed.last is None:
        return Known.NOT_SAID
    if typed.first_time and (typed.last_time or typed.last is None):
        return Known.HOURS
    first, last = typed.first, typed.last or typed.first
    return Known.DAY if first and last and _one_day(first, last) else Known.BETWEEN


def _one_day(first: Span, last: Span) -> bool:
    day: date = first[0]
    return first == last == (day, day)


def _not_after(end: datetime | None, now: datetime) -> datetime | None:
    return None if end is None else min(end, now)
