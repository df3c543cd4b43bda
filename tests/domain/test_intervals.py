"""When something was, as an officer types it: vague is an answer, impossible is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import dates, intervals
from safehold.domain.intervals import Interval, Known, NotAnInterval, Typed

local = datetime.fromisoformat  # without a zone, as it is typed
NOW = local("2026-11-22 09:12")


def typed(first: str = "", last: str = "", **more: object) -> Typed:
    return Typed(
        first=dates.span(first) if first else None,
        last=dates.span(last) if last else None,
        **more,  # type: ignore[arg-type]  # times and a mark
    )


@pytest.mark.parametrize(
    ("said", "start", "end", "known"),
    [
        (typed(), None, None, Known.NOT_SAID),
        (typed("March 2026"), local("2026-03-01 00:00"), local("2026-03-31 23:59"), Known.BETWEEN),
        (typed("2025"), local("2025-01-01 00:00"), local("2025-12-31 23:59"), Known.BETWEEN),
        (typed("27/3/2026"), local("2026-03-27 00:00"), local("2026-03-27 23:59"), Known.DAY),
        (
            typed("20/3/2026", "27/3/2026"),
            local("2026-03-20 00:00"),
            local("2026-03-27 23:59"),
            Known.BETWEEN,
        ),
        (typed("", "27/3/2026"), None, local("2026-03-27 23:59"), Known.BETWEEN),
        (
            typed("27/3/2026", first_time=time(22, 30), last_time=time(23)),
            local("2026-03-27 22:30"),
            local("2026-03-27 23:00"),
            Known.HOURS,
        ),
        (
            typed("27/3/2026", "28/3/2026", first_time=time(22, 30), last_time=time(1)),
            local("2026-03-27 22:30"),
            local("2026-03-28 01:00"),
            Known.HOURS,
        ),
        (
            typed("27/3/2026", first_time=time(22, 30)),
            local("2026-03-27 22:30"),
            None,
            Known.HOURS,
        ),
        (
            typed("March 2026", often=True),
            local("2026-03-01 00:00"),
            local("2026-03-31 23:59"),
            "often",
        ),
        (typed(often=True), None, NOW, Known.OFTEN),
        (typed("November 2026"), local("2026-11-01 00:00"), NOW, Known.BETWEEN),
    ],
)
def test_what_is_typed_is_an_interval(said, start, end, known) -> None:
    assert intervals.read(said, now=NOW) == Interval(start, end, Known(known))


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (typed(first_time=time(22, 30)), "first"),
        (typed(last_time=time(22, 30)), "last"),
        (typed("March 2026", first_time=time(22, 30)), "first"),
        (typed("20/3/2026", "March 2026", last_time=time(22, 30)), "last"),
        (typed("23/11/2026"), "first"),
        (typed("27/3/2026", "20/3/2026"), "last"),
        (typed("27/3/2026", "27/3/2026", first_time=time(9), last_time=time(8)), "last_time"),
        (typed("1/1/0200"), "first"),
    ],
)
def test_what_cannot_have_been_names_the_box(said, where) -> None:
    with pytest.raises(NotAnInterval) as refused:
        intervals.read(said, now=NOW)
    assert refused.value.where == where


_DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(lambda day: (day, day))
_SPANS = st.none() | _DAYS | _DAYS.map(lambda span: (span[0], span[0] + timedelta(days=30)))


@given(
    st.builds(
        Typed,
        first=_SPANS,
        last=_SPANS,
        first_time=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        last_time=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        often=st.booleans(),
    )
)
def test_an_interval_is_in_order_and_not_in_the_future(said) -> None:
    try:
        found = intervals.read(said, now=NOW)
    except NotAnInterval:
        return
    ends = [end for end in (found.start, found.end) if end is not None]
    assert ends == sorted(ends)
    assert all(end <= NOW for end in ends)
