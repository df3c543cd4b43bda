"""Clare's Law: what comes before a decision, who is told, and figures that tell nothing of one."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import dvds, dvds_figures
from safehold.domain.dvds import Standing, Wanted
from safehold.domain.dvds_figures import Quarter

standings = st.builds(
    Standing,
    asker=st.sampled_from(["", "self", "third", "nobody"]),
    danger=st.booleans(),
    case_linked=st.booleans(),
    identity=st.booleans(),
    abuser=st.sampled_from(["", "no", "may_be"]),
    unsearched=st.integers(0, 8),
    agencies=st.integers(0, 3),
)
wishes = st.builds(
    Wanted,
    decision=st.sampled_from(["tell", "not_tell"]),
    whom=st.sampled_from(["", "at_risk", "applicant", "other"]),
    third_why=st.sampled_from(["", "She cannot be reached"]),
    emergency_why=st.sampled_from(["", "He comes out tonight"]),
)
COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), min_size=2)


@given(standings, wishes)
def test_nothing_is_decided_before_everything_was_checked(
    standing: Standing, wanted: Wanted
) -> None:
    if dvds.refusal(standing, wanted):
        return
    assert standing.asker
    assert standing.identity
    assert standing.abuser
    assert not standing.unsearched
    assert not standing.danger or standing.case_linked
    assert standing.agencies or wanted.emergency_why


@given(standings, wishes)
def test_whoever_may_abuse_is_never_told_and_a_third_party_not_by_one(
    standing: Standing, wanted: Wanted
) -> None:
    if wanted.decision != "tell" or wanted.whom != "applicant" or dvds.refusal(standing, wanted):
        return
    assert standing.abuser == "no"
    assert standing.asker in {"self", "third"}
    if standing.asker == "third":
        assert wanted.third_why
        assert dvds.needs_second(wanted)


@given(standings, wishes)
def test_whoever_asked_for_themselves_and_may_abuse_is_not_told_as_the_one_in_danger(
    standing: Standing, wanted: Wanted
) -> None:
    told = wanted.decision == "tell" and not dvds.refusal(standing, wanted)
    if told and standing.asker == "self" and wanted.whom == "at_risk":
        assert standing.abuser == "no"


@pytest.mark.parametrize(
    ("third_why", "emergency_why", "may"),
    [("", "", False), ("x", "", True), ("", "x", False), ("x", "x", False)],
)
def test_somebody_else_is_told_only_by_two_and_for_a_reason_of_its_own(
    third_why: str, emergency_why: str, *, may: bool
) -> None:
    ready = Standing(asker="self", identity=True, abuser="no", agencies=1)
    wanted = Wanted("tell", "other", third_why, emergency_why)
    assert (dvds.refusal(ready, wanted) == "") is may


def test_no_way_of_reaching_them_leaves_anything_written() -> None:
    assert {key for key, _ in dvds.choices("reached")} == {"in_person", "call", "supporter"}


@given(COUNTS, st.integers(2, 9))
def test_what_is_held_back_can_be_nought_and_can_be_the_least(
    counts: dict[str, int], least: int
) -> None:
    given_, total = dvds_figures.table(counts, least=least)
    if total is None:
        assert sum(counts.values()) < least
        assert set(given_.values()) == {None}
        return
    shown = {name: count for name, count in given_.items() if count is not None}
    assert all(count >= least for count in shown.values())
    held = len(given_) - len(shown)
    assert held == 0 or held >= 2


@pytest.mark.parametrize("least", [2, 3, 4])
@pytest.mark.parametrize("cells", [2, 3, 4])
def test_no_table_tells_a_count_that_it_holds_back(least: int, cells: int) -> None:
    # Every table there can be: what reads the same has to leave each held count open.
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(least + 3), repeat=cells):
        named = {str(number): count for number, count in enumerate(counts)}
        given_, total = dvds_figures.table(named, least=least)
        alike.setdefault((*given_.values(), total), []).append(counts)
    for read, tables in alike.items():
        for place, said in enumerate(read[:-1]):
            if said is None:
                assert len({counts[place] for counts in tables}) > 1, (read, tables)


def test_a_least_below_two_holds_nothing_back() -> None:
    with pytest.raises(ValueError, match="below 2"):
        dvds_figures.held_back({"a": 1}, least=1)


def test_only_quarters_that_are_over_are_counted() -> None:
    quarters = dvds_figures.finished(date(2026, 11, 28))
    assert quarters[0] == Quarter(2026, 3)
    assert len(quarters) == 8
    assert quarters[0].words == "July to September 2026"
    assert (Quarter(2026, 4).over, Quarter(2026, 1).before) == (date(2027, 1, 1), Quarter(2025, 4))
