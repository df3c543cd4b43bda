"""How dates and counts are written on a page, in the language of the page."""

from datetime import date, datetime
from typing import Final

from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from safehold.design.languages import is_english, said

# As they stand in a whole date: many a language says a month otherwise on its own.
MONTHS: Final = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)


def day(value: date) -> str:
    """Write a date as people say it: 22 November 2026. A datetime is put in local time first."""
    if isinstance(value, datetime):
        value = localtime(value)
    parts = {"day": value.day, "month": said(MONTHS[value.month - 1]), "year": value.year}
    return said("%(day)s %(month)s %(year)s") % parts


def moment(value: datetime) -> str:
    """Write an aware datetime in local time: 22 November 2026, 09:12."""
    parts = {"day": day(value), "time": f"{localtime(value):%H:%M}"}
    return said("%(day)s, %(time)s") % parts


def number(value: int) -> str:
    """Write a whole number with its thousands apart: 1,204."""
    return f"{value:,}" if is_english() else number_format(value, force_grouping=True)


def counted(number: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun: 1 report, 2 reports, 1,204 reports.

    For staff pages, which are in English: a language may have more forms than two, so what the
    public reads is a whole sentence with a place for its number.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def whereabouts(town: str, bearing: str, metres: int) -> str:
    """Name an area by its town: "Merehaven, about 1 km north-east of the middle"."""
    if not town:
        return gettext("Away from towns")
    return gettext("%(town)s, %(where)s") % {
        "town": town,
        "where": from_the_middle(bearing, metres),
    }


def from_the_middle(bearing: str, metres: int) -> str:
    """Say where an area lies in its town; `bearing` is one of eight (n, ne, ...), or empty."""
    directions = {
        "n": gettext("north of the middle"),
        "ne": gettext("north-east of the middle"),
        "e": gettext("east of the middle"),
        "se": gettext("south-east of the middle"),
        "s": gettext("south of the middle"),
        "sw": gettext("south-west of the middle"),
        "w": gettext("west of the middle"),
        "nw": gettext("north-west of the middle"),
    }
    if bearing not in directions:
        return gettext("the middle")
    kilometres = f"{metres / 1_000:g}"
    return gettext("about %(km)s km %(where)s") % {"km": kilometres, "where": directions[bearing]}


def phone(value: str) -> str:
    """Keep a phone number in one piece and in its order, on lines that run right to left too."""
    return value.replace(" ", "\N{NO-BREAK SPACE}")
