"""How dates and counts are written on a page."""

from datetime import date, datetime

from django.utils.timezone import localtime


def day(value: date) -> str:
    """Write a date as people say it: 22 November 2026. A datetime is put in local time first."""
    if isinstance(value, datetime):
        value = localtime(value)
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Write an aware datetime in local time: 22 November 2026, 09:12."""
    return f"{day(value)}, {localtime(value):%H:%M}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun: 1 report, 2 reports, 1,204 reports."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
