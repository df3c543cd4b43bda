"""Twelve months of a referral are neither a day short nor a day long, and no history is no "no"."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.repeats import Answer, Definition, first_day, is_repeat, last_day, months_after

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 36)


@pytest.mark.parametrize(
    ("referred", "last"),
    [
        (date(2025, 3, 14), date(2026, 3, 14)),
        (date(2024, 2, 29), date(2025, 2, 28)),  # a leap day has no day of its own a year later
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2025, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_last_day_by_hand(referred: date, last: date) -> None:
    assert last_day(referred) == last
    assert is_repeat(referred, last, criminal=False) is Answer.YES
    assert is_repeat(referred, last + timedelta(days=1), criminal=True) is Answer.NO


def test_the_older_definition_asks_whether_it_was_criminal() -> None:
    referred, then = date(2026, 1, 5), date(2026, 6, 1)
    older = Definition.CRIMINAL
    assert is_repeat(referred, then, criminal=True, definition=older) is Answer.YES
    assert is_repeat(referred, then, criminal=False, definition=older) is Answer.NO
    assert is_repeat(referred, then, criminal=None, definition=older) is Answer.CANNOT_TELL
    assert is_repeat(referred, then, criminal=None) is Answer.YES


@given(DAYS, MONTHS)
def test_months_end_on_the_same_day_or_on_the_last_there_is(day: date, months: int) -> None:
    then = months_after(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == day.day or (then + timedelta(days=1)).day == 1


@given(DAYS, MONTHS)
def test_the_first_day_of_a_referral_is_the_first_that_reaches(on: date, months: int) -> None:
    first = first_day(on, months=months)
    assert last_day(first, months=months) >= on
    assert last_day(first - timedelta(days=1), months=months) < on


@given(DAYS, DAYS, DAYS, st.sampled_from([True, False, None]))
def test_a_later_referral_never_makes_a_repeat_into_none(
    one: date, other: date, happened: date, criminal: bool | None
) -> None:
    earlier, later = sorted((one, other))
    if later < happened and is_repeat(earlier, happened, criminal=criminal) is Answer.YES:
        assert is_repeat(later, happened, criminal=criminal) is Answer.YES


@given(DAYS, DAYS, st.sampled_from([True, False, None]))
def test_what_the_older_definition_calls_a_repeat_the_newer_does_too(
    referred: date, happened: date, criminal: bool | None
) -> None:
    older = is_repeat(referred, happened, criminal=criminal, definition=Definition.CRIMINAL)
    newer = is_repeat(referred, happened, criminal=criminal, definition=Definition.ANY_ABUSE)
    assert newer is Answer.YES or older is Answer.NO


@given(DAYS)
def test_what_was_referred_is_no_repeat_of_itself_and_none_is_none(day: date) -> None:
    assert is_repeat(day, day, criminal=True) is Answer.NO
    assert is_repeat(None, day, criminal=True) is Answer.NO
