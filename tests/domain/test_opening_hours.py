"""Opening hours: what clerks type, what is open at a moment, and how a week is put together."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.bank_holidays import is_bank_holiday
from safehold.domain.opening_hours import (
    DAY,
    Hours,
    HoursUnreadable,
    OnBankHolidays,
    OpenNow,
    closes,
    is_open,
    read_day,
    runs,
    write_day,
)

OFFICE = ((9 * 60, 17 * 60),)
NIGHT = ((18 * 60, 27 * 60),)
MONDAY = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - local time, as the rule takes it
CHRISTMAS = datetime(2026, 12, 25, 12, 0)  # noqa: DTZ001 - a Friday


def weekdays(spans=OFFICE, **more):
    return Hours(week=(spans,) * 5 + ((), ()), **more)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("9-5", ((540, 1020),)),
        ("9am-5pm", ((540, 1020),)),
        ("09:00 - 17:00", ((540, 1020),)),
        ("9.30 to 12", ((570, 720),)),
        ("9-5:30", ((540, 1050),)),
        ("10-4", ((600, 960),)),
        ("12-5", ((720, 1020),)),
        ("12:30-4:30", ((750, 990),)),
        ("9am-5", ((540, 1020),)),
        ("6-10pm", ((1080, 1320),)),
        ("1-4pm", ((780, 960),)),
        ("10-2pm", ((600, 840),)),
        ("8-10", ((480, 600),)),
        ("midnight-6am", ((0, 360),)),
        ("24:00-06:00", ((0, 360),)),
        ("9pm-2am", ((1260, 1560),)),
        ("9:00–12:00 and 18:00–21:00", ((540, 720), (1080, 1260))),
        ("18:00-02:00", ((1080, 1560),)),
        ("noon to midnight", ((720, 1440),)),
        ("12pm-12am", ((720, 1440),)),
        ("24 hours", ((0, 1440),)),
        ("closed", ()),
        ("  ", ()),
    ],
)
def test_hours_are_read_as_people_type_them(typed, spans):
    assert read_day(typed) == spans


@pytest.mark.parametrize(
    "typed",
    [
        "nine to five",
        "9",
        "25:00-26:00",
        "9:75-10",
        "13pm-2pm",
        "9-12, 11-14",
        "<b>9-5</b>",
        "1-5",
        "9-12 and 1-5",
        "09:00-09:00",
    ],
)
def test_what_is_no_time_gets_one_sentence(typed):
    with pytest.raises(HoursUnreadable, match=r"^(Write|Give) .*\.$"):
        read_day(typed)


minutes = st.integers(0, DAY - 1)


@st.composite
def days(draw):
    start = draw(minutes)
    return ((start, start + draw(st.integers(1, DAY - 1))),)


@given(days())
def test_what_is_written_is_read_the_same(spans):
    assert read_day(write_day(spans)) == spans


@pytest.mark.parametrize(
    ("hours", "at", "state"),
    [
        (weekdays(), MONDAY, OpenNow.OPEN),
        (weekdays(), MONDAY.replace(hour=9), OpenNow.OPEN),
        (weekdays(), MONDAY.replace(hour=17), OpenNow.CLOSED),
        (weekdays(), MONDAY - timedelta(days=1), OpenNow.CLOSED),
        (weekdays(NIGHT), MONDAY.replace(hour=2), OpenNow.CLOSED),
        (weekdays(NIGHT), MONDAY + timedelta(hours=14), OpenNow.OPEN),
        (weekdays(NIGHT), MONDAY + timedelta(days=4, hours=14), OpenNow.OPEN),
        (weekdays(NIGHT), MONDAY + timedelta(hours=15), OpenNow.CLOSED),
        (Hours(always=True), CHRISTMAS, OpenNow.OPEN),
        (Hours(always=True, on_bank_holidays=OnBankHolidays.CLOSED), CHRISTMAS, OpenNow.CLOSED),
        (Hours(), MONDAY, OpenNow.UNKNOWN),
        (weekdays(), CHRISTMAS, OpenNow.UNKNOWN),
        (weekdays(on_bank_holidays=OnBankHolidays.CLOSED), CHRISTMAS, OpenNow.CLOSED),
        (weekdays(on_bank_holidays=OnBankHolidays.OPEN), CHRISTMAS, OpenNow.OPEN),
        (weekdays(), CHRISTMAS.replace(hour=3), OpenNow.CLOSED),
    ],
)
def test_open_now(hours, at, state):
    assert is_open(hours, at) is state


def test_it_says_until_when():
    assert closes(weekdays(), MONDAY) == 17 * 60
    assert closes(weekdays(NIGHT), MONDAY + timedelta(hours=13)) == 3 * 60
    assert closes(weekdays(), MONDAY.replace(hour=20)) is None
    assert closes(Hours(always=True), MONDAY) is None
    assert closes(Hours(week=(((0, DAY),),) * 7), MONDAY) is None
    assert closes(Hours(week=(((0, DAY),),) + ((),) * 6), MONDAY) == DAY


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), days())  # noqa: DTZ001
def test_open_and_closing_agree(at, spans):
    hours = Hours(week=(spans,) * 7, on_bank_holidays=OnBankHolidays.OPEN)
    end = closes(hours, at)
    assert (end is not None) == (is_open(hours, at) is OpenNow.OPEN)
    if end is not None:
        assert is_open(hours, at.replace(hour=0, minute=0) + timedelta(minutes=end)) is not (
            OpenNow.OPEN
        )


def test_a_substitute_day_is_a_bank_holiday():
    # Boxing Day of 2026 is a Saturday: https://www.gov.uk/bank-holidays
    assert is_bank_holiday(date(2026, 12, 28))
    assert not is_bank_holiday(date(2026, 12, 29))


def test_days_in_a_row_are_one_run():
    found = runs(Hours(week=(OFFICE, OFFICE, (), OFFICE, NIGHT, NIGHT, ())))
    assert [(run.first, run.last) for run in found] == [(0, 1), (3, 3), (4, 5)]
