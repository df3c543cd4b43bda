"""What holds of plans, actions and markers, whatever the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import safety
from safehold.domain.safety import Standing, Urgency

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants them without a zone
KINDS = st.sampled_from(safety.keys("markers"))


@given(DAYS, st.integers(-3, 3), st.booleans())
def test_a_marker_never_holds_after_its_day_or_end(expires: date, days: int, ended: bool) -> None:
    on = expires + timedelta(days=days)
    standing = safety.marker_stands(expires=expires, ended=ended, on=on)
    assert (standing is Standing.HOLDS) == (on <= expires and not ended)


@given(KINDS, DAYS, st.integers(-400, 400))
def test_a_marker_is_given_no_longer_than_the_rules_say(kind: str, on: date, days: int) -> None:
    expires = on + timedelta(days=days)
    if on <= expires <= safety.latest_expiry(kind, on):
        safety.must_expire_in_time(kind, expires, on=on)
    else:
        with pytest.raises(safety.TooFar):
            safety.must_expire_in_time(kind, expires, on=on)


@given(MOMENTS, MOMENTS)
def test_an_action_is_late_from_the_moment_that_it_is_due(due: datetime, at: datetime) -> None:
    assert (safety.urgency(due, at) is Urgency.LATE) == (due <= at)


def test_every_kind_of_action_has_a_time_and_every_topic_a_heading_that_gives_nothing_away() -> (
    None
):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert all(safety.usually_due(kind, at) > at for kind in safety.keys("action_kinds"))
    for topic in safety.TOPICS:
        assert topic.label
        assert topic.asks
        for word in ("safe", "leav", "plan", "police", "abuse", "escape", "if "):
            assert word not in topic.paper.lower()


def test_what_a_grade_starts_is_on_the_list() -> None:
    wanted = {"marac_referral", "idva_referral", "outreach", "victim_care", "suicide_pathway"}
    assert wanted <= set(safety.keys("action_kinds"))
