"""Each fact alone holds a case, and none takes away what another holds."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.removal import CaseFacts, Ground, held

TODAY = date(2036, 11, 28)
OVER = CaseFacts(until=TODAY)
FACTS = st.builds(
    CaseFacts,
    until=st.none() | st.dates(date(2030, 1, 1), date(2040, 1, 1)),
    holds=st.lists(st.sampled_from(["A court order", "An inquiry"]), max_size=2).map(tuple),
    work=st.lists(st.sampled_from(["1 action", "2 referrals"]), max_size=2).map(tuple),
    clocks=st.integers(0, 3),
    orders=st.integers(0, 3),
    graded_high=st.booleans(),
    elsewhere=st.booleans(),
)
ALONE = {
    "until": (None, Ground.OPEN),
    "holds": (("A court order",), Ground.HOLD),
    "work": (("1 action",), Ground.WORK),
    "clocks": (1, Ground.CLOCK),
    "orders": (1, Ground.ORDER),
    "graded_high": (True, Ground.RISK),
    "elsewhere": (True, Ground.ELSEWHERE),
}


def grounds(facts: CaseFacts, today: date = TODAY) -> set[Ground]:
    return {each.ground for each in held(facts, today=today)}


def test_every_fact_alone_holds_and_a_case_without_any_is_held_by_nothing() -> None:
    assert set(ALONE) == {field.name for field in fields(CaseFacts)}
    for name, (value, ground) in ALONE.items():
        assert grounds(replace(OVER, **{name: value})) == {ground}, name
    assert grounds(OVER) == set()


def test_a_case_is_held_to_the_day_before_its_time_is_over() -> None:
    assert grounds(OVER, TODAY - timedelta(days=1)) == {Ground.TIME}


@given(FACTS, st.sampled_from(sorted(ALONE)))
def test_no_fact_takes_away_what_another_holds(facts: CaseFacts, name: str) -> None:
    more = replace(facts, **{name: ALONE[name][0]})
    lost = grounds(facts) - grounds(more)
    # A case that is opened again is not kept by its time any more: by being open, which is longer.
    assert lost <= ({Ground.TIME} if name == "until" else set())
    assert grounds(more)


@given(FACTS, st.integers(0, 4_000))
def test_a_later_day_holds_by_nothing_new(facts: CaseFacts, days: int) -> None:
    assert grounds(facts, TODAY + timedelta(days=days)) <= grounds(facts)
