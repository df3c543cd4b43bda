"""Deadlines: never early, never late, whatever the calendar does; and as people count them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain import bank_holidays, deadline_rules
from safehold.domain.deadlines import (
    LONDON,
    Arithmetic,
    Calendar,
    Due,
    Length,
    NoDate,
    Unknown,
    by,
    last_day,
    reckon,
)
from tools import deadline_examples

CALENDAR = Calendar(2019, 2028)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATEST = datetime(2028, 10, 1)  # noqa: DTZ001 - as hypothesis draws it; made aware below
EDGE_OF_TIME = LATEST.replace(tzinfo=UTC)


def called(example: dict[str, Any]) -> str:
    return f"{example['rule']} {example.get('start', 'unknown')}"


@pytest.mark.parametrize("example", deadline_examples.examples(), ids=called)
def test_it_is_reckoned_as_it_was_by_hand(example: dict[str, Any]) -> None:
    rule = deadline_rules.every()[example["rule"]]
    length = rule.length(
        enhanced=example.get("enhanced", True),
        number=example.get("number"),
        rung=example.get("rung", 0),
    )
    at = example.get("start")
    start = at.replace(tzinfo=LONDON) if at else Unknown(example["missing"])
    found = reckon(start, length, calendar=deadline_rules.calendar())
    if "no_date" in example:
        assert found == NoDate(example["no_date"])
        return
    assert isinstance(found, Due)
    if "due" in example:
        assert found.at == example["due"].replace(tzinfo=LONDON)
    else:
        assert last_day(found.at) == example["end_of"]
        assert found.at.time() == time()
    assert found.steps[-1] == f"It is due {by(found.at)}."


def test_there_are_examples_of_every_arithmetic() -> None:
    rules = deadline_rules.every()
    shown = [rules[example["rule"]].arithmetic for example in deadline_examples.examples()]
    assert set(shown) == set(Arithmetic)
    assert len(shown) >= 25


def test_the_page_says_what_the_rules_and_the_examples_say() -> None:
    assert deadline_examples.PAGE.read_text(encoding="utf-8") == deadline_examples.page()


# The reference: slow, and written another way.


def is_skipped(day: date) -> bool:
    named = day.weekday() < 5 and bank_holidays.is_bank_holiday(day)
    return day.weekday() == 6 or (day.month, day.day) == (12, 25) or named


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and not bank_holidays.is_bank_holiday(day)


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + DAY, time(), tzinfo=LONDON)


def months_on(day: date, months: int) -> tuple[date, bool]:
    """Count month by month; tell whether that month has the day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last), last == day.day
        except ValueError:
            continue
    return date(year, month, day.day), True


def minute_by_minute(start: datetime, minutes: int, *, skips: bool) -> datetime:
    at, left = start.astimezone(UTC), minutes
    while left:
        here = at.astimezone(LONDON)
        left -= not (skips and is_skipped(here.date()))
        at += MINUTE
    return at


def day_by_day(start: datetime, length: Length) -> datetime:
    day, many = start.astimezone(LONDON).date(), length.number
    day += DAY * length.next_day
    way = length.arithmetic
    if way is Arithmetic.DAYS_BEGINNING:
        days = [day]
        while len(days) < many:
            days.append(days[-1] + DAY)
        return midnight_after(days[-1])
    if way is Arithmetic.DAYS_AFTER:
        for _ in range(many):
            day += DAY
        return midnight_after(day)
    if way is Arithmetic.WORKING_DAYS:
        while many:
            day += DAY
            many -= is_worked(day)
        return midnight_after(day)
    last, exists = months_on(day, many)
    if way is Arithmetic.MONTHS_BEGINNING and exists:
        last -= DAY
    return midnight_after(last)


def reference(start: datetime, length: Length) -> datetime:
    if length.arithmetic.needs_the_hour:
        skips = length.arithmetic is Arithmetic.HOURS_SKIPPING
        return minute_by_minute(start, length.number * 60, skips=skips)
    return day_by_day(start, length)


EDGES = [
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the clocks go forward
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # and back: 01:30 comes twice
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 4, 2, 23, 0, tzinfo=UTC),  # the first minute of Good Friday, in local time
    datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 24, 18, 0, tzinfo=UTC),
]
drawn = st.datetimes(datetime(2019, 1, 1), LATEST, timezones=st.just(UTC))  # noqa: DTZ001 - as above
around = st.builds(
    lambda edge, minutes: edge + minutes * MINUTE, st.sampled_from(EDGES), st.integers(-4000, 4000)
)
starts = st.one_of(drawn, around).map(lambda at: at.replace(second=0, microsecond=0))
hours = st.builds(
    Length, st.sampled_from([Arithmetic.HOURS, Arithmetic.HOURS_SKIPPING]), st.integers(1, 72)
)
MOST = {Arithmetic.WORKING_DAYS: 30, Arithmetic.MONTHS_BEGINNING: 18, Arithmetic.MONTHS_AFTER: 18}
by_days = st.sampled_from([way for way in Arithmetic if not way.needs_the_hour]).flatmap(
    lambda way: st.builds(
        Length, st.just(way), st.integers(1, MOST.get(way, 182)), next_day=st.booleans()
    )
)


def due(start: datetime, length: Length) -> datetime:
    found = reckon(start, length, calendar=CALENDAR)
    assert isinstance(found, Due), found
    # In UTC: two moments of one zone are compared by what its clocks show, and two of different
    # zones are never alike in the hour that comes twice.
    return found.at.astimezone(UTC)


@settings(max_examples=40, deadline=None)
@given(starts, hours)
def test_hours_are_never_early_and_never_late(start: datetime, length: Length) -> None:
    assert due(start, length) == reference(start, length)


@settings(max_examples=300, deadline=None)
@given(starts, by_days)
def test_days_and_months_are_never_early_and_never_late(start: datetime, length: Length) -> None:
    assert due(start, length) == reference(start, length)


@settings(max_examples=200, deadline=None)
@given(starts, st.integers(0, 10_000), st.one_of(hours, by_days))
def test_what_starts_later_is_never_due_sooner(start: datetime, later: int, length: Length) -> None:
    assert due(start, length) <= due(min(start + later * MINUTE, EDGE_OF_TIME), length)


@given(starts, st.one_of(hours, by_days), st.sampled_from(["UTC", "America/New_York"]))
def test_where_a_moment_was_written_down_does_not_matter(start, length, zone) -> None:
    there = reckon(start.astimezone(ZoneInfo(zone)), length, calendar=CALENDAR)
    here = reckon(start, length, calendar=CALENDAR)
    assert there == here
    assert isinstance(there, Due)
    assert there.at.tzinfo is LONDON


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        reckon(LATEST, Length(Arithmetic.HOURS, 1), calendar=CALENDAR)


@pytest.mark.parametrize("way", list(Arithmetic))
def test_an_unknown_start_never_gives_a_date(way: Arithmetic) -> None:
    found = reckon(Unknown("the hour of service"), Length(way, 3), calendar=CALENDAR)
    assert found == NoDate("Start not known: the hour of service")


@pytest.mark.parametrize("way", [Arithmetic.HOURS_SKIPPING, Arithmetic.WORKING_DAYS])
@pytest.mark.parametrize("year", [2018, 2031])
def test_what_needs_holidays_that_are_not_loaded_says_so(way: Arithmetic, year: int) -> None:
    start = datetime(year, 6, 5, 12, tzinfo=LONDON)
    found = reckon(start, Length(way, 20), calendar=CALENDAR)
    assert found == NoDate(f"Cannot be told: the holidays of {year} are not loaded.")


def test_every_rule_can_be_kept_and_read_back() -> None:
    for rule in deadline_rules.every().values():
        again = deadline_rules.of_plain(json.loads(json.dumps(rule.plain())))
        assert again == rule
        assert again.digest == rule.digest


def test_every_rule_has_what_a_reader_asks() -> None:
    for rule in deadline_rules.every().values():
        assert rule.url.startswith("https://"), rule.key
        assert all([rule.label, rule.starts_with, rule.owner, rule.stops, rule.proof, rule.source])
        assert rule.escalates_to in {deadline_rules.SUPERVISOR, deadline_rules.WATCH}
        assert not (rule.ladder and rule.least), rule.key
        assert {rank for step in rule.ladder for rank in step.may} <= set(deadline_rules.ranks())
        assert [step.number for step in rule.ladder] == sorted({s.number for s in rule.ladder})
        assert len(rule.label) <= 120
        assert len(rule.key) <= 40


def test_words_of_a_rule_may_change_and_its_time_may_not_unseen() -> None:
    rule = deadline_rules.every()["bail"]
    assert replace(rule, label="Other words", url="https://example.org/").digest == rule.digest
    assert replace(rule, next_day=False).digest != rule.digest
    assert replace(rule, ladder=rule.ladder[:-1]).digest != rule.digest


def test_enhanced_rights_are_the_shorter_time() -> None:
    rule = deadline_rules.every()["vc6_arrest"]
    assert rule.length(enhanced=True).number == 1
    assert rule.length(enhanced=False).number == 5
    assert deadline_rules.every()["vc4_referral"].length(enhanced=True).number == 2


@pytest.mark.parametrize("number", [None, 13, 29])
def test_a_length_that_is_given_stays_within_its_bounds(number: int | None) -> None:
    with pytest.raises(deadline_rules.NotThatLong, match="14 to 28"):
        deadline_rules.every()["dvpo_ends"].length(enhanced=True, number=number)


def test_an_order_that_is_not_live_here_is_refused_in_a_sentence() -> None:
    rules = deadline_rules.every()
    assert "not live here" in deadline_rules.refusal(rules["dapn_hearing"], live_here=())
    assert not deadline_rules.refusal(rules["dapn_hearing"], live_here=("dapn",))
    assert not deadline_rules.refusal(rules["dvpn_hearing"], live_here=())
    assert not deadline_rules.refusal(rules["bail"], live_here=())
