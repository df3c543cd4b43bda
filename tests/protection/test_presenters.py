"""Words of the unit's screens claim no more than is known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.protection import presenters

HOUR = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(minutes=42), "less than an hour"),
        (timedelta(minutes=60), "about an hour"),
        (timedelta(hours=2, minutes=59), "about 2 hours"),
        (timedelta(hours=23), "about 23 hours"),
        (timedelta(hours=24), "about 1 day"),
        (timedelta(days=3, hours=5), "about 3 days"),
        (-timedelta(minutes=1), "less than an hour"),
    ],
)
def test_an_age_is_no_finer_than_the_hour_that_is_kept(later, words):
    assert presenters.age(HOUR, at=HOUR + later) == words


@given(st.timedeltas(timedelta(), timedelta(hours=23)), st.timedeltas(timedelta(), timedelta(1)))
def test_an_age_in_hours_is_never_an_hour_wrong(into, waited):
    sent = HOUR + into
    kept = sent.replace(minute=0, second=0, microsecond=0)
    said = presenters.age(kept, at=sent + waited)
    assert "minute" not in said
    if said.startswith("about") and "hour" in said:
        hours = 1 if "an hour" in said else int(said.split()[1])
        assert abs(waited / timedelta(hours=1) - hours) <= 1
