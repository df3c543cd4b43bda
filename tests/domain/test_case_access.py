"""The table of who sees what of a case: whole, readable, and giving nothing by accident."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import access, case_access
from safehold.domain.access import Permission, Role
from safehold.domain.case_access import Act, Agency, Part, Relation, Standing

STANDINGS = st.builds(
    Standing,
    role=st.sampled_from([str(role) for role in Role]),
    agency=st.sampled_from(Agency),
    relations=st.frozensets(st.sampled_from(Relation)),
)


@given(STANDINGS)
def test_whoever_may_change_a_part_may_see_it(standing: Standing) -> None:
    assert case_access.parts(standing, Act.CHANGE) <= case_access.parts(standing, Act.SEE)


@given(STANDINGS, st.sampled_from(Relation))
def test_a_further_relation_takes_nothing_away(standing: Standing, relation: Relation) -> None:
    more = replace(standing, relations=standing.relations | {relation})
    for act in Act:
        assert case_access.parts(standing, act) <= case_access.parts(more, act)


@given(STANDINGS)
def test_without_a_relation_there_is_nothing(standing: Standing) -> None:
    assert not case_access.parts(replace(standing, relations=frozenset()), Act.SEE)


@given(STANDINGS)
def test_a_partner_is_never_of_the_unit_and_never_reads_the_file_on_him(
    standing: Standing,
) -> None:
    partner = replace(standing, agency=Agency.PARTNER)
    assert not case_access.parts(partner, Act.SEE) & {Part.INCIDENTS, Part.PEOPLE, Part.PRINTS}
    unit = replace(partner, relations=frozenset({Relation.UNIT, Relation.GLASS}))
    assert not case_access.parts(unit, Act.SEE)


@given(st.sampled_from(Relation), st.sampled_from(Agency))
def test_an_auditor_and_whoever_works_on_no_case_see_nothing_of_one(
    relation: Relation, agency: Agency
) -> None:
    for role in Role:
        if Permission.SEE_CASES in access.granted(frozenset({str(role)})):
            continue
        standing = Standing(str(role), agency, frozenset({relation}))
        assert not case_access.parts(standing, Act.SEE), role


def test_how_she_may_be_reached_is_for_the_work_and_not_for_the_unit() -> None:
    for role in (Role.TRIAGE_OFFICER, Role.SAFEGUARDING_OFFICER, Role.SUPERVISOR):
        unit = Standing(str(role), Agency.FORCE, frozenset({Relation.UNIT}))
        assert Part.CONTACT not in case_access.parts(unit, Act.SEE)
        assert Part.PRINTS not in case_access.parts(unit, Act.SEE)


def test_every_cell_is_counted() -> None:
    cells = list(case_access.every_cell())
    assert len(cells) == len(Role) * len(Agency) * len(Relation) * len(Part) * len(Act)
    assert case_access.table().granted < set(cells)


def changed(where: str, key: str, word: Any) -> rules.Rules:
    loaded = rules.load("case_access")
    tables = copy.deepcopy(dict(loaded.tables))
    tables[where][key] = word
    return replace(loaded, tables=tables)


@pytest.mark.parametrize(
    ("where", "key", "word", "said"),
    [
        ("rows", 0, {"roles": ["chief"], "agency": "force", "relations": [], "sees": []}, "chief"),
        ("parts", "diary", "What she wrote", "diary"),
        ("routes", "protection:case", ["diary", "see"], "diary"),
        ("routes", "protection:case", ["case", "look"], "look"),
        ("glass", "hours", "long", "case_access.toml"),
    ],
)
def test_a_table_that_does_not_hold_together_is_one_sentence(
    where: str, key: str, word: Any, said: str
) -> None:
    with pytest.raises(case_access.CaseAccessError, match=said):
        case_access.parse(changed(where, key, word))


def test_a_change_without_the_look_is_refused() -> None:
    row = {
        "roles": ["advocate"],
        "agency": "partner",
        "relations": ["advocate"],
        "sees": [],
        "changes": ["people"],
    }
    with pytest.raises(case_access.CaseAccessError, match="unseen"):
        case_access.parse(changed("rows", 0, row))
