"""A day, a month or a year as somebody types it: the days between which it lies. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

_MONTHS: Final = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_SHORT_MONTHS: Final = {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name}
_YEAR: Final = re.compile(r"(\d{4})")
_YEARS: Final = re.compile(r"(\d{4})\s*(?:-|–|to|or)\s*(\d{4})", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED: Final = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]+)\.?\s+(\d{4})")

Span = tuple[date, date]


def span(said: str) -> Span | None:
    """Return the first and the last day that are meant, None for what is no date.

    Understands a year, years ("1990 to 1992"), a month, and a date with the day first.
    """
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
