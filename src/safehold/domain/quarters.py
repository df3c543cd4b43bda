"""Quarters of a year: the whole and only periods in which places are published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_KEY = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three whole months; `number` is 1 to 4."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """Write it as it is stored: 2026-Q3."""
        return f"{self.year}-Q{self.number}"

    @property
    def first_day(self) -> date:
        """Return the day on which it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Return the day on which it ends."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """Return the quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """Return the quarter before it."""
        return quarter_of(self.first_day - timedelta(days=1))

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the moment at which it begins and the one at which the next does, in a zone."""
        begins = datetime.combine(self.first_day, time(), zone)
        return begins, datetime.combine(self.next.first_day, time(), zone)


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def last_full(today: date) -> Quarter:
    """Return the newest quarter that is over."""
    return quarter_of(today).before


def parse(key: str) -> Quarter:
    """Read a stored quarter. Raises ValueError for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key[:20]!r} is not a quarter such as 2026-Q3.")
    return Quarter(int(found[1]), int(found[2]))
