"""Whether what happened to a pair is a repeat, held against their last referral to a MARAC. Pure.

Source: SafeLives' definition of a repeat, and the older one; `rules/marac.toml` says which holds.
The months run from the last referral, so each referral begins them again.
"""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum
from typing import Final

from safehold import rules

RULES: Final = rules.load("marac").tables["repeat"]
MONTHS: Final[int] = RULES["months"]


class Definition(StrEnum):
    """Which of the two definitions holds."""

    ANY_ABUSE = "any_abuse"
    CRIMINAL = "criminal"


class Answer(StrEnum):
    """Whether it is a repeat; "cannot tell" is an answer of its own, and never a no."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


IN_FORCE: Final = Definition(RULES["definition"])


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, or the month's last where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(referred_on: date, *, months: int = MONTHS) -> date:
    """Return the last day on which something counts as within the months of a referral."""
    return months_after(referred_on, months)


def first_day(on: date, *, months: int = MONTHS) -> date:
    """Return the earliest day of a referral of which a day is within the months."""
    found = months_after(on, -months)
    # 28 February of a year without a 29th is within the months of either.
    while last_day(date.fromordinal(found.toordinal() - 1), months=months) >= on:
        found = date.fromordinal(found.toordinal() - 1)
    while last_day(found, months=months) < on:
        found = date.fromordinal(found.toordinal() + 1)
    return found


def is_repeat(
    referred_on: date | None,
    happened_on: date,
    *,
    criminal: bool | None,
    definition: Definition = IN_FORCE,
    months: int = MONTHS,
) -> Answer:
    """Say whether something between a pair is a repeat of their last referral.

    `referred_on` is None where it is known that there was none; `criminal` is None where nobody has
    decided. The day of the referral itself is what was referred.
    """
    if referred_on is None or not referred_on < happened_on <= last_day(referred_on, months=months):
        return Answer.NO
    if definition is Definition.ANY_ABUSE or criminal:
        return Answer.YES
    return Answer.CANNOT_TELL if criminal is None else Answer.NO
