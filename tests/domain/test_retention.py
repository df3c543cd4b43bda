"""How long a report is kept: properties of the rule, whatever the facts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain.retention import (
    Facts,
    Moment,
    RetentionRulesError,
    Standing,
    Status,
    after,
    day,
    list_digest,
    parse,
    retention,
    table,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MOMENTS = st.builds(Moment, DAYS, st.sampled_from(["a message", "a decision on crime"]))
FACTS = st.builds(
    Facts,
    status=st.sampled_from(Status),
    arrived_on=DAYS,
    ended_on=DAYS,
    moments=st.lists(MOMENTS, max_size=4).map(tuple),
    keep_until=st.lists(DAYS, max_size=2).map(tuple),
)
LATE = date(2200, 1, 1)
HERS = Moment(date(2027, 3, 3), "a message from whoever holds the code")
ENDED = Facts(Status.NOT_CRIME, date(2026, 11, 22), date(2026, 12, 1))


@given(FACTS, DAYS)
def test_nothing_is_due_before_its_time_after_what_was_added_last(facts, today):
    found = retention(facts, today=today)
    last = max([facts.ended_on, *(moment.on for moment in facts.moments)])
    assert found.until >= after(last, table().rules[facts.status].months)
    assert (found.standing is Standing.DUE) == (today >= found.until)


@given(FACTS, DAYS)
def test_a_hold_always_wins(facts, today):
    found = retention(replace(facts, holds=("A court order",)), today=today)
    assert (found.standing, found.until) == (Standing.HELD, None)
    assert "A court order" in found.why


@given(FACTS, MOMENTS, DAYS)
def test_what_is_new_never_makes_it_shorter(facts, new, today):
    before = retention(facts, today=today)
    added = retention(replace(facts, moments=(*facts.moments, new)), today=today)
    kept = retention(replace(facts, keep_until=(*facts.keep_until, new.on)), today=today)
    assert added.until >= before.until
    assert kept.until == max(before.until, new.on)


@given(FACTS, DAYS)
def test_new_content_today_restarts_the_time(facts, today):
    added = replace(facts, moments=(*facts.moments, Moment(today, "a message")))
    found = retention(added, today=today)
    assert found.standing is Standing.KEPT
    assert found.until >= after(today, 12)


@given(FACTS)
def test_what_is_not_ended_is_never_due_unless_nobody_can_ever_open_it(facts):
    found = retention(replace(facts, ended_on=None), today=LATE)
    if facts.status is Status.SEALED:
        assert found.standing is Standing.DUE
    else:
        assert (found.standing, found.until) == (Standing.OPEN, None)


@given(FACTS)
def test_what_nobody_has_decided_is_never_due(facts):
    assert retention(replace(facts, status=None), today=LATE).standing is Standing.OPEN


@given(FACTS)
def test_what_waits_for_somebody_is_never_due(facts):
    found = retention(replace(facts, waits=("somebody has still to be reached",)), today=LATE)
    assert found.standing is Standing.WAITS
    assert "still to be reached" in found.why


@given(FACTS, DAYS)
def test_it_explains_itself(facts, today):
    found = retention(facts, today=today)
    assert table().rules[facts.status].period in found.why
    assert day(found.until) in found.why


@given(DAYS, st.integers(1, 240), st.integers(1, 240))
def test_months_are_full_and_the_order_of_days_is_kept(start, months, more):
    end = after(start, months)
    assert end > start
    assert after(start, months + more) > end
    assert after(start + timedelta(days=1), months) >= end
    assert (end.year - start.year) * 12 + end.month - start.month in {months, months + 1}
    assert end.day in {start.day, 1}


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2026, 8, 31), 1, date(2026, 10, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2027, 11, 30), 3, date(2028, 3, 1)),
        (date(2026, 10, 31), 1, date(2026, 12, 1)),
    ],
)
def test_a_day_that_a_month_does_not_have_is_the_first_of_the_next(start, months, end):
    assert after(start, months) == end


def test_the_sentence_names_the_rule_what_came_last_and_the_day():
    found = retention(
        replace(ENDED, moments=(HERS,)),
        today=date(2027, 4, 1),
    )
    assert found.why == (
        "Accepted, not a crime: kept for 6 years from 3 March 2027, a message from whoever holds "
        "the code, which is until 3 March 2033."
    )


def test_the_end_is_named_where_something_else_was_on_the_same_day():
    found = retention(
        replace(ENDED, moments=(Moment(ENDED.ended_on, "a message"),)), today=date(2027, 4, 1)
    )
    assert "when work on it was over" in found.why


@given(st.lists(st.tuples(st.uuids().map(str), DAYS, st.sampled_from(["crime", "place"]))))
def test_a_list_is_the_same_in_any_order_and_another_with_anything_else_on_it(rows):
    found = list_digest(rows, version="1")
    assert found == list_digest(reversed(rows), version="1")
    assert found != list_digest(rows, version="2")
    assert found != list_digest([*rows, ("more", date(2026, 1, 1), "crime")], version="1")


def changed(change):
    source = rules.load("retention")
    tables = {key: dict(value) for key, value in source.tables.items()}
    change(tables)
    return replace(source, tables=tables)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tables: tables["status"].pop("crime"), "says nothing of crime"),
        (lambda tables: tables["status"].update(odd={}), "odd"),
        (
            lambda tables: tables["status"].update(
                crime={"label": "x", "from": "ended", "years": 0, "why": "x"}
            ),
            "0 is not a whole number",
        ),
        (
            lambda tables: tables["status"].update(
                crime={"label": "x", "from": "ended", "years": 1, "months": 2, "why": "x"}
            ),
            "years or months",
        ),
        (
            lambda tables: tables["status"].update(
                crime={"label": "x", "from": "made", "years": 1, "why": "x"}
            ),
            "neither",
        ),
        (lambda tables: tables.pop("backups"), "has no 'backups'"),
    ],
)
def test_rules_that_say_too_little_or_too_much_are_refused(change, says):
    with pytest.raises(RetentionRulesError, match=says):
        parse(changed(change))


def test_a_rule_may_count_months():
    def change(tables):
        tables["status"]["place"] = {"label": "x", "from": "ended", "months": 18, "why": "x"}

    assert parse(changed(change)).rules[Status.PLACE].period == "1 year and 6 months"


def test_every_length_is_still_to_be_confirmed():
    source = rules.load("retention")
    assert {"status", "keep", "destroying", "backups.days", "codes", "calls"} <= set(
        source.to_be_confirmed
    )
    assert source.source
