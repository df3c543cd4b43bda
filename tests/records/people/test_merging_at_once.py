"""Two members who decide about one person at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from safehold.domain.access import Role
from safehold.records.people import merging
from tests.desk import member
from tests.merged import clusters, look, merge, person

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_stores")]


def test_two_members_who_decide_at_once_make_one_decision() -> None:
    boss, other_boss = member(Role.SUPERVISOR), member(Role.SUPERVISOR, name="Pell Lisle")
    a, b, c = (person(boss) for _ in range(3))
    look(other_boss, a, b, c)
    start = Barrier(2)

    def decide(by, kept: UUID, folded: UUID) -> str:
        start.wait()
        try:
            merge(by, kept, folded)
        except merging.DecidedMeanwhile:
            return "second"
        else:
            return "first"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(decide, boss, a, b), pool.submit(decide, other_boss, b, a)]
        assert sorted(each.result() for each in done) == ["first", "second"]
    assert clusters() == {frozenset({a, b}), frozenset({c})}
