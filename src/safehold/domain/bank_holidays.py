"""Bank holidays of England and Wales (https://www.gov.uk/bank-holidays): the two have the same."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def is_bank_holiday(day: date) -> bool:
    """Tell whether a day is a bank holiday of England and Wales."""
    return day in _bank_holidays(day.year)


def name_of(day: date) -> str:
    """Return what a bank holiday is called; empty for any other day."""
    return _bank_holidays(day.year).get(day, "").replace("(observed)", "(substitute day)")


@lru_cache(maxsize=8)
def _bank_holidays(year: int) -> dict[date, str]:
    import holidays  # 20 MB that a process needs only when somebody asks

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))
