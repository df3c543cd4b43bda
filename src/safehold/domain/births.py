"""A birth as it is typed and as it is said: between two dates, both included. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from safehold import rules

# How far off a guess of an age may be, in years either way.
SLACK_YEARS: Final[int] = rules.load("people").tables["limits"]["age_slack_years"]
EARLIEST: Final = date(1890, 1, 1)
OLDEST: Final = 130  # years
_MONTHS: Final = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_SHORT_MONTHS: Final = {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name}
_AGE: Final = re.compile(r"(?:about|around|age|aged)\s+(\d{1,3})", re.IGNORECASE)
_YEAR: Final = re.compile(r"(\d{4})")
_YEARS: Final = re.compile(r"(\d{4})\s*(?:-|–|to|or)\s*(\d{4})", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED: Final = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]+)\.?\s+(\d{4})")

Span = tuple[date, date]


class NotABirth(ValueError):
    """What was typed is no date, year or age; the message says what is understood."""


HOW: Final = "Write a year, a date such as 2 March 1991 or 2/3/1991, or “about 30”."


def read(text: str, *, on: date) -> Span:
    """Return the dates between which somebody was born, as it was typed on a day.

    Understands a year, years ("1990 to 1992"), a month, a date with the day first, and an age with
    "about" before it. Raises NotABirth for anything else, and for a birth in the future.
    """
    said = " ".join(text.split())
    found = _read(said, on)
    if found is None:
        raise NotABirth(HOW)
    earliest, latest = found
    if latest < earliest:
        raise NotABirth("The first year is later than the last.")
    if earliest < EARLIEST:
        raise NotABirth(f"Write a birth after {EARLIEST.year}.")
    if earliest > on:
        raise NotABirth("A birth cannot be in the future.")
    return earliest, min(latest, on)


def of_age(age: int, *, on: date) -> Span:
    """Return when somebody was born who looks an age, in years, on a day."""
    return (
        _years_before(on, age + SLACK_YEARS + 1) + timedelta(days=1),
        _years_before(on, max(0, age - SLACK_YEARS)),
    )


def ages(born: Span, *, on: date) -> tuple[int, int]:
    """Return the least and the most whole years that somebody has lived on a day."""
    return _age(born[1], on), _age(born[0], on)


def in_words(born: Span, *, on: date) -> str:
    """Say when somebody was born, and how old that makes them."""
    earliest, latest = born
    least, most = ages(born, on=on)
    old = f"{most}" if least == most else f"{least} to {most}"
    if earliest == latest:
        return f"{earliest.day} {calendar.month_name[earliest.month]} {earliest.year}, {old}"
    if (earliest.year, earliest.month) == (latest.year, latest.month):
        return f"{calendar.month_name[earliest.month]} {earliest.year}, {old}"
    if earliest.year == latest.year:
        return f"{earliest.year}, {old}"
    return f"between {earliest.year} and {latest.year}, {old}"


def _read(said: str, on: date) -> Span | None:
    if match := _AGE.fullmatch(said):
        age = int(match[1])
        return of_age(age, on=on) if age <= OLDEST else None
    if match := _YEARS.fullmatch(said):
        return _of_year(match[1], match[2])
    if match := _YEAR.fullmatch(said):
        return _of_year(match[1], match[1])
    if match := _ISO.fullmatch(said):
        return _of_day(int(match[3]), int(match[2]), int(match[1]))
    if match := _NUMBERS.fullmatch(said):
        return _of_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.fullmatch(said):
        return _of_month(match[1], match[2], int(match[3]))
    return None


def _of_year(first: str, last: str) -> Span | None:
    if not (int(first) and int(last)):
        return None
    return date(int(first), 1, 1), date(int(last), 12, 31)


def _of_day(day: int, month: int, year: int) -> Span | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _of_month(day: str | None, name: str, year: int) -> Span | None:
    month = _MONTHS.get(name.casefold()) or _SHORT_MONTHS.get(name[:3].casefold())
    if month is None or not year:
        return None
    if day:
        return _of_day(int(day), month, year)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _age(born: date, on: date) -> int:
    before = (on.month, on.day) < (born.month, born.day)
    return max(0, on.year - born.year - before)


def _years_before(on: date, years: int) -> date:
    year = max(1, on.year - years)
    return date(year, on.month, min(on.day, calendar.monthrange(year, on.month)[1]))
