"""No list of the records names a report to whoever is kept from it, or who may not know of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from safehold.domain.access import Refused, Role
from safehold.records.conflicts import recusals
from safehold.records.duty import queries as duty
from safehold.records.retention import destroying, runs
from safehold.records.retention import operations as retention_acts
from safehold.records.retention import queries as retention
from safehold.records.retention.models import Certificate, Destruction, DueReport, State
from safehold.records.shares import queries as shares
from safehold.records.staff.models import StaffMember
from safehold.records.triage import name_requests, passing, waiting
from safehold.records.triage import operations as triage
from safehold.records.triage import queries as slips
from tests.desk import AT, REASON, arrive, member, send_harm
from tests.partners import partner, plan, share, told
from tests.records.triage.test_name_requests import HIDDEN
from tests.whole_reports import set_aside_and_ended

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
OVER = AT + timedelta(days=20 * 365)
DANGER = {"danger": [{"prompt": "weapon", "reason": "Speaks of a weapon"}]}
SUPERVISOR, KEEPER = Role.SUPERVISOR, Role.IDENTITY_KEEPER
Prepared = Callable[[], UUID]


def accepted() -> UUID:
    by = member()
    report_id = send_harm()
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    how = triage.Decisions(None, "", "", "domestic", "")
    triage.accept_report(report_id=report_id, decisions=how, by=by, at=AT)
    return report_id


def shared(basis: str = "vital") -> UUID:
    by, to = member(), partner()
    report_id = told(by=by)
    share(report_id, plan(to, basis, "what"), by=by)
    return report_id


def asked_for() -> UUID:
    by = member()
    report_id = send_harm(**HIDDEN)
    triage.take_report(report_id=report_id, by=by, at=AT)
    name_requests.ask(report_id=report_id, reason=REASON, soon="now", by=by, at=AT)
    return report_id


def due() -> UUID:
    report_id = set_aside_and_ended()
    retention_acts.note_what_is_due(at=OVER)
    return report_id


def held() -> UUID:
    report_id = set_aside_and_ended()
    by = member(SUPERVISOR)
    retention_acts.set_hold(report_id=report_id, ground="court", reason=REASON, by=by, at=AT)
    return report_id


def proposed() -> UUID:
    report_id = set_aside_and_ended()
    runs.propose(report_ids=[report_id], reason=REASON, by=member(SUPERVISOR), at=OVER)
    return report_id


def destroyed() -> UUID:
    report_id = proposed()
    run = Destruction.objects.get(report_id=report_id).run
    runs.confirm(run_id=run.pk, digest=run.digest, by=member(SUPERVISOR), at=OVER)
    destroying.carry_out(at=OVER + timedelta(days=30))
    assert Certificate.objects.filter(report_id=report_id).exists()
    return report_id


def keys(rows: Any, name: str = "report_id") -> list[UUID]:
    return [getattr(row, name) for row in rows]


LISTS: dict[str, tuple[Prepared, Role, Callable[[StaffMember], Any]]] = {
    "reports": (arrive, SUPERVISOR, lambda by: keys(slips.inbox(by=by, state="new"))),
    "unowned": (arrive, SUPERVISOR, lambda by: keys(waiting.unowned(by=by, limit=9))),
    "late": (
        arrive,
        SUPERVISOR,
        lambda by: keys(waiting.late(by=by, at=AT + timedelta(days=9))),
    ),
    "undecided on crime": (accepted, SUPERVISOR, lambda by: keys(waiting.undecided_crime(by=by))),
    "alarms": (
        lambda: arrive(slip=DANGER),
        SUPERVISOR,
        lambda by: keys(duty.open_alarms(by=by)),
    ),
    "all shares": (shared, SUPERVISOR, lambda by: keys(shares.page_of(by=by, page=1))),
    "shares to review": (shared, SUPERVISOR, lambda by: keys(shares.to_review(by=by))),
    "shares to agree": (
        lambda: shared("safeguarding"),
        SUPERVISOR,
        lambda by: keys(shares.to_agree(by=by)),
    ),
    "names asked for": (
        asked_for,
        KEEPER,
        lambda by: [each.request.slip_id for each in name_requests.waiting(by=by, at=AT)],
    ),
    "due": (due, SUPERVISOR, lambda by: keys(retention.due(by=by))),
    "due, counted": (due, SUPERVISOR, lambda by: retention.to_decide(by=by).count()),
    "on hold": (held, SUPERVISOR, lambda by: [hold.report_id for hold, _ in retention.held(by=by)]),
    "lists to destroy": (
        proposed,
        SUPERVISOR,
        lambda by: [key for run in retention.open_runs(by=by) for key in keys(run.reports.all())],
    ),
    "a list to destroy": (
        proposed,
        SUPERVISOR,
        lambda by: keys(retention.reports_of(Destruction.objects.get().run, by=by)),
    ),
    "certificates": (destroyed, SUPERVISOR, lambda by: keys(retention.certificates(by=by))),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_names_no_report_to_whoever_is_kept_from_it(name: str) -> None:
    prepared, role, listed = LISTS[name]
    report_id = prepared()
    kept, other = member(role), member(role)
    assert listed(kept)
    recusals.recuse(report_id=report_id, member=kept, at=AT)
    assert not listed(kept)
    assert listed(other)


def test_whoever_is_kept_from_a_report_opens_neither_its_time_nor_its_certificate() -> None:
    report_id = destroyed()
    kept = member(SUPERVISOR)
    made = Certificate.objects.get()
    assert retention.certificate(certificate_id=made.pk, by=kept) == made
    recusals.recuse(report_id=report_id, member=kept, at=AT)
    with pytest.raises(Refused):
        retention.certificate(certificate_id=made.pk, by=kept)


@pytest.mark.parametrize("name", ["due", "due, counted", "lists to destroy", "a list to destroy"])
def test_what_was_passed_on_is_on_no_list_of_those_who_had_it(name: str) -> None:
    prepared, role, listed = LISTS[name]
    report_id = prepared()
    unit, standards = member(role), member(Role.PROFESSIONAL_STANDARDS)
    reader = member()
    triage.open_account(report_id=report_id, reason=REASON, by=reader, at=AT)
    assert listed(unit)
    passing.pass_to_standards(report_id=report_id, reason=REASON, by=reader, at=OVER)
    assert not listed(unit)

    retention_acts.note_what_is_due(at=OVER + timedelta(days=9_000))
    assert not retention.to_decide(by=unit).count()
    assert keys(retention.due(by=standards)) == [report_id]
    triage.open_account(report_id=report_id, reason=REASON, by=standards, at=OVER)
    passing.pass_to_unit(report_id=report_id, reason=REASON, by=standards, at=OVER)
    assert not DueReport.objects.exists()


def test_a_report_that_was_passed_on_comes_off_its_list_and_the_certificate_is_theirs() -> None:
    report_id = proposed()
    row = Destruction.objects.get()
    runs.confirm(run_id=row.run_id, digest=row.run.digest, by=member(SUPERVISOR), at=OVER)
    reader = member()
    triage.open_account(report_id=report_id, reason=REASON, by=reader, at=AT)
    passing.pass_to_standards(report_id=report_id, reason=REASON, by=reader, at=OVER)
    row.refresh_from_db()
    assert (row.state, row.police_party) == (State.CALLED_OFF, True)
    assert row.run.closed_at == OVER
    assert destroying.carry_out(at=OVER + timedelta(days=30)) == []
