"""Two officers at once in one case, each in a transaction of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from safehold.domain.access import Role
from safehold.records.cases import members, operations
from safehold.records.cases.models import Case, CaseIncident, CaseMember, Relation
from safehold.records.cases.operations import ActedMeanwhile, Closed
from tests import some_cases
from tests.desk import AT, REASON, member

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys", "committed_stores")]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; give what each returned, or was refused with."""
    together = Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        try:
            together.wait()
            return act()
        except (ActedMeanwhile, Closed) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def test_of_two_who_name_an_owner_the_second_reads_whose_it_is():
    supervisor = member(Role.SUPERVISOR)
    one, other = member(name="Ro Tarn"), member(name="Ada Venn")
    case = some_cases.case(by=supervisor)

    def name(who):
        return lambda: members.name_member(
            case_id=case.pk,
            member=who,
            relation=Relation.OWNER,
            why=REASON,
            shown_owner="",
            by=supervisor,
            at=AT,
        )

    answers = at_once(name(one), name(other))
    (owner,) = CaseMember.objects.filter(case=case, until=None)
    (refused,) = [each for each in answers if each is not None]
    assert isinstance(refused, ActedMeanwhile)
    assert f"It is {owner.member.name}’s now" in str(refused)


def test_what_is_added_while_a_case_is_closed_is_in_it_or_refused():
    officer = member()
    case = some_cases.case(by=officer, owner=officer)
    found = some_cases.incident(by=officer)

    answers = at_once(
        lambda: operations.close(case_id=case.pk, why=REASON, by=officer, at=AT),
        lambda: operations.add_incident(case_id=case.pk, incident_id=found.pk, by=officer, at=AT),
    )
    assert Case.objects.get().closed_at is not None
    is_there = CaseIncident.objects.filter(case=case).exists()
    assert is_there == (answers[1] is True)
    assert is_there or isinstance(answers[1], Closed)
