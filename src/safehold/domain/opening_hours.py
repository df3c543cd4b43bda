"""When a service is open: typed by a clerk, asked at a moment, said in lines.

A week is seven days of spans in minutes after midnight, local time. A span that ends at or before
its start runs into the next day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from safehold.domain.bank_holidays import is_bank_holiday

DAY = 24 * 60  # minutes
DAYS = 7
MOST_SPANS = 3
_SURELY_MORNING = 7 * 60
_SPLIT = re.compile(r"\s*(?:,|;|/|\band\b|&)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_DAY_CLOCK = re.compile(r"\d{2}[:.]\d{2}")
_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": DAY}

Span = tuple[int, int]  # minutes after midnight: from, until; until is beyond DAY for the next day


class OnBankHolidays(StrEnum):
    """What a service says of bank holidays."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class OpenNow(StrEnum):
    """Whether somebody answers at a moment; unknown is said as unknown."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class HoursUnreadable(ValueError):
    """What was typed is not hours of a day; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A week of opening hours. With neither `always` nor a span, the hours are not known."""

    always: bool = False
    week: tuple[tuple[Span, ...], ...] = ((),) * DAYS
    on_bank_holidays: OnBankHolidays = OnBankHolidays.UNKNOWN

    @property
    def known(self) -> bool:
        """Tell whether anything is known of when they are open."""
        return self.always or any(self.week)


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row with the same hours: 0 is Monday."""

    first: int
    last: int
    spans: tuple[Span, ...]


def is_open(hours: Hours, at: datetime) -> OpenNow:
    """Tell whether a service is open at a local time.

    On a bank holiday of England (https://www.gov.uk/bank-holidays) the week says nothing: what the
    service says of such days decides, and what it does not say is unknown.
    """
    if not hours.known:
        return OpenNow.UNKNOWN
    if hours.always:
        closed = hours.on_bank_holidays is OnBankHolidays.CLOSED and is_bank_holiday(at.date())
        return OpenNow.CLOSED if closed else OpenNow.OPEN
    minute = at.hour * 60 + at.minute
    yesterday = at.date() - timedelta(days=1)
    found = [
        _on(hours, at.date(), minute),
        _on(hours, yesterday, minute + DAY),
    ]
    for state in (OpenNow.OPEN, OpenNow.UNKNOWN):
        if state in found:
            return state
    return OpenNow.CLOSED


def closes(hours: Hours, at: datetime) -> int | None:
    """Return the minute after midnight, of today or tomorrow, at which they close; else None.

    None too where the next day's hours follow on at midnight without a break.
    """
    if hours.always or is_open(hours, at) is not OpenNow.OPEN:
        return None
    minute, today = at.hour * 60 + at.minute, at.weekday()
    ends = [end for start, end in hours.week[today] if start <= minute < end]
    if _on(hours, at.date() - timedelta(days=1), minute + DAY) is OpenNow.OPEN:
        ends += [end - DAY for _, end in hours.week[today - 1] if minute + DAY < end]
    until = max(ends, default=None)
    tomorrow = hours.week[(today + 1) % DAYS]
    follows = until is not None and any(start <= until - DAY < end for start, end in tomorrow)
    return None if follows else until


def runs(hours: Hours) -> tuple[Run, ...]:
    """Put days in a row that have the same hours together; days that are closed are left out."""
    found: list[Run] = []
    for day, spans in enumerate(hours.week):
        if not spans:
            continue
        if found and found[-1].spans == spans and found[-1].last == day - 1:
            found[-1] = Run(found[-1].first, day, spans)
        else:
            found.append(Run(day, day, spans))
    return tuple(found)


def read_day(text: str) -> tuple[Span, ...]:
    """Read the hours of one day as people type them: `9-5pm`, `09:00-12:00 and 18:00-02:00`.

    Empty, or `closed`, is no span; `24 hours` is the whole day. Raises HoursUnreadable.
    """
    typed = text.strip().lower()
    if typed in {"", "closed", "-", "–"}:
        return ()
    if typed in {"24 hours", "24h", "all day"}:
        return ((0, DAY),)
    parts = [part for part in _SPLIT.split(typed) if part]
    spans = sorted(_span(part) for part in parts)
    if len(spans) > MOST_SPANS or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise HoursUnreadable(
            f"Give at most {MOST_SPANS} times of a day, such as 9:00-12:00 and 18:00-21:00, none "
            "of them in another."
        )
    return tuple(spans)


def write_day(spans: Sequence[Span]) -> str:
    """Write the hours of one day so that `read_day` reads the same."""
    return " and ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _on(hours: Hours, day: date, minute: int) -> OpenNow:
    inside = any(start <= minute < end for start, end in hours.week[day.weekday()])
    if not inside:
        return OpenNow.CLOSED
    if not is_bank_holiday(day):
        return OpenNow.OPEN
    return OpenNow(hours.on_bank_holidays.value)


@dataclass(frozen=True, slots=True)
class _Time:
    """A time as it was typed; `exact` says that its half of the day is beyond doubt."""

    minute: int
    exact: bool
    half: str = ""


def _span(part: str) -> Span:
    ends = _BETWEEN.split(part)
    if len(ends) != 2:
        raise _unreadable()
    # `10:30-09:15`: two figures for each hour and minute are the clock of a day.
    by_the_day = all(_DAY_CLOCK.fullmatch(one.strip()) for one in ends)
    start, end = (_time(one, exact=by_the_day) for one in ends)
    begins, until = _begin(start, end), end.minute
    if not end.exact and until <= begins < DAY // 2 + 60:
        until += DAY // 2  # `9-5`, `12-4`: the afternoon is meant
    if until <= begins:
        if not end.exact or until == begins:
            raise _unreadable()
        until += DAY
    return begins, until


def _begin(start: _Time, end: _Time) -> int:
    """Tell when a span begins; `1-4pm` begins in the afternoon, and `10-2pm` does not."""
    if start.exact:
        return start.minute % DAY
    noon = DAY // 2
    if end.half == "pm" and start.minute < noon and start.minute + noon < end.minute:
        return start.minute + noon
    # One to six in figures alone may be before or after noon: nobody guesses.
    if start.minute < _SURELY_MORNING:
        raise _unreadable()
    return start.minute


def _time(text: str, *, exact: bool) -> _Time:
    typed = text.strip()
    if typed in _WORDS:
        return _Time(_WORDS[typed], exact=True)
    match = _TIME.fullmatch(typed)
    if match is None:
        raise _unreadable()
    hour, minutes, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise _unreadable()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour * 60 + minutes > DAY or minutes >= 60:
        raise _unreadable()
    exact = exact or bool(half) or match[1].startswith("0") or hour > 12
    return _Time(hour * 60 + minutes, exact, half)


def _unreadable() -> HoursUnreadable:
    return HoursUnreadable(
        "Write the hours of a day like 9:00-17:00 or 1pm-5pm. Leave it empty for closed."
    )


def _clock(minute: int) -> str:
    if minute == DAY:
        return "24:00"
    return f"{minute % DAY // 60:02}:{minute % 60:02}"
