"""When looking is unusual: thresholds as they are written, and no verdict."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import looking, spelling
from safehold.domain.looking import Names, Opened, Reason, Searched

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)
NAMES = Names(
    "Dena Okafor", ("Thessaly Marchbanks",), frozenset({frozenset(spelling.words_of("Pell Lisle"))})
)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Dena Okafor", Reason.OWN_NAME),
        ("dena okafar", Reason.OWN_NAME),
        ("Tessaly Marchbanks", Reason.CLOSE_NAME),
        ("Lisle, Pell", Reason.COLLEAGUE_NAME),
    ],
)
def test_a_search_for_a_name_that_says_something(typed: str, reason: Reason) -> None:
    assert looking.names_met([Searched(AT, typed)], NAMES) == {reason: 1}


@pytest.mark.parametrize("typed", ["Dena", "Ilka Brandreth", "", "Dena Brandreth"])
def test_another_name_says_nothing(typed: str) -> None:
    assert looking.names_met([Searched(AT, typed)], NAMES) == {}


def test_one_wild_day_before_hides_none() -> None:
    usual = [10, 11, 9, 10, 12, 10, 11] * 4
    assert looking.far_above(60, usual)
    assert looking.far_above(60, [*usual, 900])
    assert not looking.far_above(14, usual)


def test_nothing_is_said_where_little_is_known_or_looks_are_few() -> None:
    assert not looking.far_above(500, [1] * 19)
    assert not looking.far_above(29, [1] * 40)


@given(st.lists(st.integers(1, 200), min_size=20, max_size=60), st.integers(0, 300))
def test_more_looks_are_never_less_unusual(usual: list[int], count: int) -> None:
    if looking.far_above(count, usual):
        assert looking.far_above(count + 1, usual)


def test_browsing_is_opening_somebody_of_another_name_soon_after_a_search() -> None:
    called = {ONE: ["Ilka Brandreth"], TWO: ["Oswin Tarrant"]}
    searched = [Searched(AT, "Oswin Tarrant")]
    soon = AT + timedelta(minutes=20)
    opened = [Opened(soon, ONE), Opened(soon, TWO)]
    assert looking.browsed(opened, searched, called) == {ONE}
    assert looking.browsed([Opened(AT + timedelta(hours=2), ONE)], searched, called) == frozenset()
    assert looking.browsed([Opened(AT - timedelta(minutes=1), ONE)], searched, called) == set()
    assert looking.browsed(opened, [], called) == frozenset()


@pytest.mark.parametrize("missing", ["names", "volume", "reasons", "outcomes", "browsing"])
def test_a_table_with_a_gap_is_refused(missing: str) -> None:
    source = rules.load("looking")
    tables = {name: each for name, each in source.tables.items() if name != missing}
    with pytest.raises(looking.LookingRulesError, match=missing):
        looking.parse(dataclasses.replace(source, tables=tables))


def test_a_count_of_nought_is_refused() -> None:
    source = rules.load("looking")
    tables = {**source.tables, "again": {"days": 0, "at_least": 4}}
    with pytest.raises(looking.LookingRulesError, match="whole number"):
        looking.parse(dataclasses.replace(source, tables=tables))
