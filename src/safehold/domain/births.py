"""A birth as it is typed and as it is said: between two dates, both included. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from safehold import rules
from safehold.domain.dates import Span, span

# How far off a guess of an age may be, in years either way.
SLACK_YEARS: Final[int] = rules.load("people").tables["limits"]["age_slack_years"]
EARLIEST: Final = date(1890, 1, 1)
OLDEST: Final = 130  # years
_AGE: Final = re.compile(r"(?:about|around|age|aged)\s+(\d{1,3})", re.IGNORECASE)


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
    return span(said)


def _age(born: date, on: date) -> int:
    before = (on.month, on.day) < (born.month, born.day)
    return max(0, on.year - born.year - before)


def _years_before(on: date, years: int) -> date:
    year = max(1, on.year - years)
    return date(year, on.month, min(on.day, calendar.monthrange(year, on.month)[1]))
