"""By when something has to happen: the arithmetic of deadlines. Pure: no clock, no store.

Moments are aware, and in local time of England and Wales when they come out. An hour is an elapsed
hour, also on the nights when the clocks change; a day ends at local midnight. What is due by the
end of a day is due at the midnight after it. A start that nobody knows gives no date, and neither
does a holiday that nobody has loaded: both say so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehold.domain import bank_holidays

LONDON = ZoneInfo("Europe/London")
_SUNDAY, _SATURDAY = 6, 5
_DAY = timedelta(days=1)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Arithmetic(StrEnum):
    """How a length of time is counted."""

    HOURS = "hours"
    HOURS_SKIPPING = "hours_skipping"
    DAYS_BEGINNING = "days_beginning"
    MONTHS_BEGINNING = "months_beginning"
    DAYS_AFTER = "days_after"
    MONTHS_AFTER = "months_after"
    WORKING_DAYS = "working_days"

    @property
    def needs_the_hour(self) -> bool:
        """Tell whether it counts from a moment, rather than from a day."""
        return self in {Arithmetic.HOURS, Arithmetic.HOURS_SKIPPING}


class HolidaysNotLoaded(LookupError):
    """A day lies outside the years of which the holidays are known; the message names the year."""


@dataclass(frozen=True, slots=True)
class Length:
    """So many hours, days or months. With `next_day`, day 1 is the day after what starts it."""

    arithmetic: Arithmetic
    number: int
    next_day: bool = False

    @property
    def words(self) -> str:
        """Say how long it is, and how that is counted."""
        after = " after" if self.next_day else ""
        return f"{_count(self)}{_SAID[self.arithmetic][1]}{after}"


_SAID: Mapping[Arithmetic, tuple[str, str]] = {
    Arithmetic.HOURS: ("hour", ""),
    Arithmetic.HOURS_SKIPPING: (
        "hour",
        ", without Sundays, Christmas Day, Good Friday and bank holidays",
    ),
    Arithmetic.DAYS_BEGINNING: ("day", " beginning with the day"),
    Arithmetic.MONTHS_BEGINNING: ("month", " beginning with the day"),
    Arithmetic.DAYS_AFTER: ("day", " after the day"),
    Arithmetic.MONTHS_AFTER: ("month", " after the day"),
    Arithmetic.WORKING_DAYS: ("working day", ""),
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A start that nobody knows yet, and what is missing to know it."""

    missing: str


@dataclass(frozen=True, slots=True)
class Due:
    """By when, and how that was reckoned: one sentence a step."""

    at: datetime
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoDate:
    """Why there is no date, in one sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which years' holidays are loaded, and which days are holidays in them."""

    first_year: int
    last_year: int
    holiday: Callable[[date], str] = field(default=bank_holidays.name_of)

    def skipped(self, day: date) -> str | None:
        """Say why hours skip a day: its name, empty for a Sunday; None where they do not.

        Raises HolidaysNotLoaded.
        """
        if day.weekday() == _SUNDAY:
            return ""
        return self._named(day)

    def not_worked(self, day: date) -> str | None:
        """Say why a day is no working day, as `skipped` does; empty for any weekend."""
        if day.weekday() >= _SATURDAY:
            return ""
        return self._named(day)

    def _named(self, day: date) -> str | None:
        if (day.month, day.day) == (12, 25):
            return "Christmas Day"
        if not self.first_year <= day.year <= self.last_year:
            raise HolidaysNotLoaded(str(day.year))
        # One that falls on a Saturday has a substitute day, and that is the one skipped: the date
        # that is earlier where the two readings differ.
        return (self.holiday(day) or None) if day.weekday() < _SATURDAY else None


def reckon(start: datetime | Unknown, length: Length, *, calendar: Calendar) -> Due | NoDate:
    """Reckon by when something is due.

    Raises ValueError for a start without a time zone.
    """
    if isinstance(start, Unknown):
        return NoDate(f"Start not known: {start.missing}")
    if start.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    begins = start.astimezone(UTC)
    try:
        due, steps = _WAYS[length.arithmetic](begins, length, calendar)
    except HolidaysNotLoaded as error:
        return NoDate(f"Cannot be told: the holidays of {error} are not loaded.")
    first = f"It starts on {_day(_local(begins))} at {begins.astimezone(LONDON):%H:%M}."
    return Due(due.astimezone(LONDON), (first, *steps, f"It is due {by(due)}."))


def by(due: datetime) -> str:
    """Say by when something is due: at a time, or by the end of a day."""
    here = due.astimezone(LONDON)
    if here.time() == time():
        return f"by the end of {_day(here.date() - _DAY)}"
    return f"by {here:%H:%M} on {_day(here.date())}"


def last_day(due: datetime) -> date:
    """Return the last local day on which something may still be done in time."""
    return (due.astimezone(LONDON) - timedelta(microseconds=1)).date()


_Reckoned = tuple[datetime, list[str]]


def _hours(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    due = begins + timedelta(hours=length.number)
    return due, [f"{_count(length)} count, all of them elapsed.", *_clocks_change(begins, due)]


def _hours_skipping(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    left, at, steps = timedelta(hours=length.number), begins, list[str]()
    while left:
        day = _local(at)
        over = _midnight(day + _DAY)
        why = calendar.skipped(day)
        if why is None:
            counts = min(left, over - at)
            left, at = left - counts, at + counts
            steps.append(f"{_elapsed(counts)} count on {_day(day)}.")
        else:
            at = over
            steps.append(f"{_day(day)} is skipped{f': {why}' if why else ''}.")
    return at, [*steps, *_clocks_change(begins, at)]


def _days_beginning(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    one = _day_one(begins, length)
    last = one + _DAY * (length.number - 1)
    return _midnight(last + _DAY), [
        f"Day 1 is {_day(one)}{', the day after' if length.next_day else ', the day itself'}.",
        f"Every day counts. Day {length.number} is {_day(last)}.",
    ]


def _months_beginning(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    one = _day_one(begins, length)
    over = _corresponding(one, length.number)
    steps = [f"Day 1 is {_day(one)}{', the day after' if length.next_day else ', the day itself'}."]
    if over is None:  # the month has no such day: the whole of it is in
        over = _months_on(one, length.number).replace(day=1)
        over = (over + 31 * _DAY).replace(day=1)
        steps.append("That month has no such day, so its last day is in.")
    steps.append(f"{_count(length)} end the day before {_day(over)}.")
    return _midnight(over), steps


def _days_after(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    last = _day_one(begins, length) + _DAY * length.number
    return _midnight(last + _DAY), [
        "The day on which it starts is not counted, and every day after it is.",
        f"Day {length.number} is {_day(last)}.",
    ]


def _months_after(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    one = _day_one(begins, length)
    last, steps = _corresponding(one, length.number), list[str]()
    if last is None:
        last = _months_on(one, length.number)
        steps.append("That month has no such day, so it ends with its last day.")
    steps.append(f"{_count(length)} end with {_day(last)}.")
    return _midnight(last + _DAY), steps


def _working_days(begins: datetime, length: Length, calendar: Calendar) -> _Reckoned:
    day, counted, weekends, named = _day_one(begins, length), 0, 0, list[str]()
    while counted < length.number:
        day += _DAY
        why = calendar.not_worked(day)
        if why is None:
            counted += 1
        elif why:
            named.append(f"{_day(day)} is not counted: {why}.")
        else:
            weekends += 1
    steps = ["The day on which it starts is not counted."]
    if weekends:
        said = "1 day of a weekend is" if weekends == 1 else f"{weekends} days of weekends are"
        steps.append(f"{said} not counted.")
    return _midnight(day + _DAY), [*steps, *named, f"Working day {length.number} is {_day(day)}."]


_WAYS: Mapping[Arithmetic, Callable[[datetime, Length, Calendar], _Reckoned]] = {
    Arithmetic.HOURS: _hours,
    Arithmetic.HOURS_SKIPPING: _hours_skipping,
    Arithmetic.DAYS_BEGINNING: _days_beginning,
    Arithmetic.MONTHS_BEGINNING: _months_beginning,
    Arithmetic.DAYS_AFTER: _days_after,
    Arithmetic.MONTHS_AFTER: _months_after,
    Arithmetic.WORKING_DAYS: _working_days,
}


def _day_one(begins: datetime, length: Length) -> date:
    return _local(begins) + (_DAY if length.next_day else timedelta())


def _corresponding(day: date, months: int) -> date | None:
    """Return the same day of a later month; None where that month has none."""
    found = _months_on(day, months)
    return found if found.day == day.day else None


def _months_on(day: date, months: int) -> date:
    """Return the same day of a later month, or its last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _local(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _midnight(day: date) -> datetime:
    # The clocks never change at midnight here, so there is one of each day.
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def _clocks_change(begins: datetime, due: datetime) -> list[str]:
    here, there = begins.astimezone(LONDON), due.astimezone(LONDON)
    if here.utcoffset() == there.utcoffset():
        return []
    return ["The clocks change in between: an hour is an hour that passes."]


def _count(length: Length) -> str:
    unit = _SAID[length.arithmetic][0]
    return f"{length.number} {unit if length.number == 1 else unit + 's'}"


def _elapsed(part: timedelta) -> str:
    minutes = part // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if rest or not hours:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " and ".join(said)


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
