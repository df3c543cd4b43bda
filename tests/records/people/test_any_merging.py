"""Whatever is done in whatever order, and by two at once, people are what was decided of them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Role
from safehold.records.people.facts import KINDS
from safehold.records.people.models import Merge, Person
from tests.bad_input.held import rolled_back
from tests.desk import member
from tests.merged import clusters, merge, person, reach, unmerge

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["record", "merge", "unmerge", "add", "end"]),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=10,
)


class Model:
    """What should hold, kept the simplest way: rows, and which merges hold between which two."""

    def __init__(self) -> None:
        self.rows: list[UUID] = []
        self.merges: dict[UUID, tuple[UUID, UUID]] = {}

    def clusters(self) -> set[frozenset[UUID]]:
        found = [{row} for row in self.rows]
        for one, other in self.merges.values():
            joined = [rows for rows in found if one in rows or other in rows]
            found = [rows for rows in found if rows not in joined] + [set().union(*joined)]
        return {frozenset(rows) for rows in found}


def standing() -> list[UUID]:
    return sorted(set(Person.objects.values_list("identity", flat=True)), key=str)


def stored() -> Iterator[tuple[str, UUID]]:
    for what, kind in KINDS.items():
        for key in kind.objects.values_list("pk", flat=True):
            yield what, key


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(ACTS)
def test_whatever_is_done_each_fact_is_one_persons_and_nothing_goes(boss, acts) -> None:
    with rolled_back():
        model, written = Model(), set()
        model.rows = [*Person.objects.values_list("pk", flat=True)]
        for what, first, second in [("record", 0, 0), ("record", 0, 0), *acts]:
            one = standing()[first % len(standing())] if standing() else None
            other = standing()[second % len(standing())] if standing() else None
            if what == "record":
                model.rows.append(person(boss))
            elif what == "add":
                reach(boss, one, f"07700 9{first:05}")
            elif what == "merge" and one != other:
                before = clusters()
                made = merge(boss, one, other)
                if second % 2:  # unmerge(merge(x)) is x
                    unmerge(boss, made)
                    assert clusters() == before
                else:
                    model.merges[made.pk] = (one, other)
            elif what == "unmerge" and model.merges:
                key = sorted(model.merges, key=str)[first % len(model.merges)]
                unmerge(boss, Merge.objects.get(pk=key))
                del model.merges[key]
            assert clusters() == model.clusters()
            assert written <= set(stored()), "something is gone"
            written = set(stored())
        facts_of = {
            (what, key): identity
            for what, kind in KINDS.items()
            for key, identity in kind.objects.values_list("pk", "person__identity")
        }
        assert set(facts_of) == written
        assert set(facts_of.values()) <= set(standing())
