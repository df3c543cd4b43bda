"""The order of locks: that the watch over it sees what it should, and two who meet in earnest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from safehold.domain.access import Refused, Role
from safehold.records.incidents import operations as incidents
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.shares import following
from safehold.records.shares.queries import ShareNotFound
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from safehold.records.triage import passing
from tests.desk import AT, has_read, member
from tests.lock_order import LockOrder
from tests.partners import partner, plan, share, told

pytestmark = pytest.mark.database
WHY = "Her account says later that he is in the response team"

IN_ORDER = ('SELECT "triage_slip"."x" FROM "triage_slip" FOR NO KEY UPDATE', 'UPDATE "clock" SET')


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (IN_ORDER, []),
        (IN_ORDER[::-1], ["triage_slip after clock"]),
        ((*IN_ORDER, IN_ORDER[0]), []),  # its rows are locked already
        ((IN_ORDER[1], "RELEASE SAVEPOINT", "SAVEPOINT", IN_ORDER[0]), []),
        (('SELECT "clock"."x" FROM "clock"', 'UPDATE "share"'), []),
        (('DELETE FROM "duty_alarm"', 'UPDATE "share"'), ["share after duty_alarm"]),
    ],
)
def test_the_watch_sees_what_is_locked_too_late_in_one_transaction(statements, broken):
    order = LockOrder()
    order.note("SAVEPOINT")
    for each in statements:
        order.note(each)
    assert order.broken == broken


@dataclass(frozen=True)
class Report:
    """A report that is accepted, with an incident and a share whose file waits."""

    report_id: UUID
    incident_id: UUID
    share_id: UUID
    officer: StaffMember
    supervisor: StaffMember


def report() -> Report:
    officer, supervisor, to = member(), member(Role.SUPERVISOR), partner()
    report_id = told(by=officer)
    how = triage.Decisions(None, "", "", "domestic", "")
    made = triage.accept_report(report_id=report_id, decisions=how, by=officer, at=AT)
    row = share(report_id, plan(to, "consent", "what"), by=officer)
    return Report(report_id, made.pk, row.pk, officer, supervisor)


def passes(one: Report) -> None:
    passing.pass_to_standards(report_id=one.report_id, reason=WHY, by=one.officer, at=AT)


def decides(one: Report) -> None:
    has_read(one.report_id, by=one.supervisor)
    said = {"decision": "crime", "reason": WHY}
    incidents.decide_crime(incident_id=one.incident_id, by=one.supervisor, at=AT, **said)


def fetches(one: Report) -> None:
    following.fetch(share_id=one.share_id, answers={}, by=one.officer, at=AT)


@pytest.mark.usefixtures("committed_stores", "keys")
@pytest.mark.parametrize("other", [decides, fetches])
def test_passing_a_report_on_and_another_act_on_it_never_wait_for_each_other(other) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite has one writer: nobody can hold what another wants")
    for _ in range(4):
        one, together = report(), Barrier(2)

        def act(what: Callable[[Report], None], one=one, together=together) -> str:
            try:
                together.wait(10)
                what(one)
            except (Refused, ShareNotFound, IncidentNotFound):
                return "refused"
            finally:
                connections.close_all()
            return "done"

        with ThreadPoolExecutor(2) as threads:
            passed, done = threads.map(act, (passes, other))
        assert passed == "done"
        assert done in {"done", "refused"}
