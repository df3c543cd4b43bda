"""When somebody can be reached safely, on every day and through nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safehold.domain.safe_contact import (
    DAY,
    DAYS,
    NOT_KNOWN,
    NotAWeek,
    Wait,
    Week,
    can_wait,
    next_window,
    week_from_plain,
    week_of,
)

LONDON = ZoneInfo("Europe/London")
PARTS = ("morning", "afternoon", "evening", "late", "night")
# Hours of 2026 and 2027, both clock changes among them.
MOMENTS = st.integers(0, 2 * 365 * 24 * 12).map(
    lambda steps: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=5 * steps)
)
WEEKS = st.builds(week_of, st.lists(st.sampled_from(DAYS)), st.lists(st.sampled_from(PARTS)))


def is_safe(week: Week, at: datetime) -> bool:
    """Tell by hand, minute by minute, whether a moment is safe."""
    local = at.astimezone(LONDON)
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in week.days[local.weekday()])


@given(WEEKS, MOMENTS)
def test_a_window_is_now_exactly_when_this_minute_is_safe(week: Week, at: datetime) -> None:
    window = next_window(week, at, LONDON)
    assert (window is not None and window.start <= at < window.end) is is_safe(week, at)


@given(WEEKS, MOMENTS, st.integers(0, 8 * 24 * 12 - 1))
@example(week_of(["sun"], ["night"]), datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 0)
@example(week_of(["sun"], ["night"]), datetime(2026, 10, 24, 22, 0, tzinfo=UTC), 36)
def test_no_safe_minute_before_the_next_window_is_passed_over(
    week: Week, at: datetime, steps: int
) -> None:
    window = next_window(week, at, LONDON)
    later = at + timedelta(minutes=5 * steps)
    if window is None:
        assert not week.known
    elif later < window.start:
        assert not is_safe(week, later)


@given(WEEKS.filter(lambda week: week.known), MOMENTS, st.integers(1, 9 * 24 * 60))
def test_a_clock_can_wait_exactly_when_a_safe_minute_comes_before_it(
    week: Week, at: datetime, minutes: int
) -> None:
    due = at + timedelta(minutes=minutes)
    waits = can_wait(week, due, at, LONDON)
    comes = any(is_safe(week, at + timedelta(minutes=step)) for step in range(0, minutes))
    assert (waits is not Wait.TOO_LATE) is comes


@given(WEEKS, MOMENTS, st.integers(1, 10_000), st.integers(1, 10_000))
def test_more_time_never_makes_it_too_late(
    week: Week, at: datetime, minutes: int, more: int
) -> None:
    due = at + timedelta(minutes=minutes)
    if can_wait(week, due, at, LONDON) is Wait.IN_TIME:
        assert can_wait(week, due + timedelta(minutes=more), at, LONDON) is Wait.IN_TIME


def test_a_friday_clock_cannot_wait_for_monday_morning() -> None:
    week = week_of(["mon"], ["morning"])
    friday = datetime(2026, 11, 27, 17, 0, tzinfo=LONDON)
    assert can_wait(week, friday + timedelta(hours=24), friday, LONDON) is Wait.TOO_LATE
    assert can_wait(week, friday + timedelta(days=4), friday, LONDON) is Wait.IN_TIME
    monday = datetime(2026, 11, 30, 9, 0, tzinfo=LONDON)
    assert can_wait(week, monday + timedelta(hours=9), monday, LONDON) is Wait.SAFE_NOW


def test_parts_that_touch_are_one_window_over_midnight() -> None:
    week = week_of([], ["late", "night"])
    window = next_window(week, datetime(2026, 11, 27, 23, 0, tzinfo=LONDON), LONDON)
    assert window is not None
    assert window.end == datetime(2026, 11, 28, 6, 0, tzinfo=LONDON)


def test_what_was_not_said_is_not_known_to_be_safe() -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    assert week_of([], []) == NOT_KNOWN
    assert can_wait(NOT_KNOWN, at, at, LONDON) is Wait.NOT_KNOWN


@given(st.lists(st.text(max_size=5)), st.lists(st.text(max_size=5)))
def test_words_that_the_rules_do_not_know_make_nothing_safe(
    days: list[str], parts: list[str]
) -> None:
    strange_days = [day for day in days if day not in DAYS]
    strange_parts = [part for part in parts if part not in PARTS]
    week = week_of(strange_days, strange_parts)
    assert week == NOT_KNOWN


@given(WEEKS)
def test_a_week_is_read_as_it_was_kept(week: Week) -> None:
    assert week_from_plain([[list(span) for span in spans] for spans in week.days]) == week


@pytest.mark.parametrize(
    "value",
    [None, [], "mon", [[]] * 6, [[[0, DAY + 1]]] * 7, [[[60, 0]]] * 7, [[[0, 90], [60, 120]]] * 7],
)
def test_what_is_no_week_is_refused(value: object) -> None:
    with pytest.raises(NotAWeek):
        week_from_plain(value)
