"""One row an act: inside its transaction, by somebody, at the end of an unbroken chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connections, transaction

from safehold.domain.audit_chain import GENESIS, NotCanonical, Verdict, verify
from safehold.records import chain_rows
from safehold.records.audit import actions, operations, presenters, queries
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, AnonymousActor, System
from safehold.records.audit.models import CHAIN, AuditEvent
from safehold.records.staff.models import StaffMember

AT = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
OFFICER = StaffMember(pk=7, username="pc.4711", agency="Mereshire Police")
REPORT = About("report", "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11")

in_a_test = pytest.mark.django_db(databases=["default", "intake"])
committing = pytest.mark.usefixtures("committed_stores")


def note(**changes: Any) -> AuditEvent:
    act: dict[str, Any] = {
        "action": Action.SLIP_OPENED,
        "by": OFFICER,
        "subject": REPORT,
        "at": AT,
        **changes,
    }
    with transaction.atomic():
        return operations.append(**act)


@transaction.atomic
def take_in_a_member(*, then_fail: bool = False) -> None:
    StaffMember.objects.create_user("pc.1")
    operations.append(action=Action.MEMBER_CREATED, by=OFFICER, subject=REPORT, at=AT)
    if then_fail:
        StaffMember.objects.create_user("pc.1")


def verdict() -> Verdict:
    return verify(chain_rows.stored_links(AuditEvent, using="default"), chain=CHAIN)


@pytest.mark.database
@in_a_test
def test_a_row_says_who_did_what_to_which_and_when() -> None:
    detail = {"envelope": "a" * 64, "cells": ["8a", None], "count": 3, "late": True}
    event = note(reason="Allocated to me – “today”", detail=detail)
    stored = AuditEvent.objects.get()
    assert (stored.sequence, stored.previous, stored.hash) == (1, GENESIS, event.hash)
    assert (stored.actor, stored.actor_id, stored.actor_kind) == ("pc.4711", "7", "person")
    assert stored.agency == "Mereshire Police"
    assert (stored.action, stored.subject_kind, stored.subject_id) == (
        "slip opened",
        "report",
        REPORT.identifier,
    )
    assert (stored.at, stored.reason, stored.detail) == (AT, "Allocated to me – “today”", detail)


@pytest.mark.database
@in_a_test
def test_rows_chain_as_the_databases_give_them_back() -> None:
    for number in range(1, 30):
        note(
            at=AT + timedelta(microseconds=number),
            reason="" if number % 2 else 'Ünïcode ‘quoted’ 😀 \\ " \n',
            detail={"big": 2**53 + number, "b": {"z": [1, {"y": None}], "a": "é"}},
        )
    found = verdict()
    assert found.broken is None
    assert found.rows == 29


@pytest.mark.database
@in_a_test
def test_an_act_without_its_own_transaction_is_refused() -> None:
    with pytest.raises(operations.OutsideTransaction):
        operations.append(action=Action.LOOKED, by=OFFICER, subject=REPORT, at=AT)


@pytest.mark.database
@committing
def test_an_act_in_autocommit_is_refused() -> None:
    with pytest.raises(operations.OutsideTransaction):
        operations.append(action=Action.LOOKED, by=OFFICER, subject=REPORT, at=AT)
    assert AuditEvent.objects.count() == 0


@pytest.mark.database
@in_a_test
@pytest.mark.parametrize(
    "nobody", [AnonymousUser(), None, System(""), StaffMember(username="unsaved")]
)
def test_an_act_by_nobody_is_refused(nobody: Any) -> None:
    with pytest.raises(AnonymousActor):
        note(by=nobody)
    assert AuditEvent.objects.count() == 0


@pytest.mark.database
@in_a_test
def test_a_process_acts_by_its_name() -> None:
    event = note(by=System("worker"))
    assert (event.actor, event.actor_kind, event.actor_id) == ("worker", "system", "")


@pytest.mark.database
@in_a_test
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"action": "peeked"}, actions.UnknownAction),
        ({"detail": {"ratio": 0.5}}, NotCanonical),
        ({"reason": "nul\0"}, NotCanonical),
        ({"at": AT.replace(tzinfo=None)}, NotCanonical),
        ({"detail": {"account": "x" * 5_000}}, operations.DetailTooLong),
    ],
)
def test_what_does_not_belong_in_a_row_is_refused(change: dict[str, Any], refusal: type) -> None:
    with pytest.raises(refusal):
        note(**change)
    assert AuditEvent.objects.count() == 0


@pytest.mark.database
@committing
def test_a_failed_row_takes_its_act_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(AuditEvent, "save", broken)
    with pytest.raises(OSError, match="full"):
        take_in_a_member()
    assert not StaffMember.objects.exists()


@pytest.mark.database
@committing
def test_a_failed_act_leaves_no_row_and_no_gap() -> None:
    note()
    with pytest.raises(IntegrityError):
        take_in_a_member(then_fail=True)
    note()
    assert [event.sequence for event in AuditEvent.objects.all()] == [1, 2]
    assert verdict().broken is None


@pytest.mark.database
@committing
def test_many_writers_make_one_chain() -> None:
    def write(worker: int) -> None:
        try:
            for number in range(10):
                note(by=System(f"worker {worker}"), detail={"n": number})
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, worker) for worker in range(4)]:
            done.result()
    found = verdict()
    assert found.broken is None
    assert found.rows == 40


@pytest.mark.database
@committing
def test_a_look_is_committed_before_it_returns() -> None:
    operations.record_look(by=OFFICER, reason=" Welfare check ", subject=REPORT, at=AT)
    connections["default"].close()
    stored = AuditEvent.objects.get()
    assert (stored.action, stored.reason) == ("looked", "Welfare check")


@pytest.mark.database
@committing
def test_a_look_that_could_be_undone_is_refused() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        operations.record_look(by=OFFICER, reason="Welfare check", subject=REPORT, at=AT)
    assert AuditEvent.objects.count() == 0


@pytest.mark.database
@in_a_test
@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_look_needs_a_reason(reason: str) -> None:
    with pytest.raises(operations.ReasonNeeded):
        operations.record_look(by=OFFICER, reason=reason, subject=REPORT, at=AT)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("action", list(Action))
def test_every_act_reads_as_a_sentence(action: Action) -> None:
    event = AuditEvent(
        sequence=1,
        at=AT,
        actor="pc.4711",
        action=str(action),
        subject_kind="report",
        subject_id="9",
    )
    line = presenters.present(event)
    assert (line.actor, line.subject) == ("pc.4711", About("report", "9"))
    assert "report 9" in line.verb.format(subject=line.subject)


def test_an_act_that_nobody_knows_is_a_loud_error() -> None:
    event = AuditEvent(sequence=1, at=AT, actor="pc.4711", action="peeked", subject_kind="report")
    with pytest.raises(actions.UnknownAction, match="peeked"):
        presenters.present(event)


@pytest.mark.database
@in_a_test
def test_what_happened_to_one_subject_and_by_one_member_can_be_asked() -> None:
    note()
    note(subject=About("place", "3"), by=System("worker"))
    note(action=Action.ACCOUNT_OPENED)
    assert [event.sequence for event in queries.events_about(REPORT)] == [3, 1]
    note(action=Action.SIGN_IN_FAILED, subject=About("member", "7"), by=System("sign-in"))
    note(subject=REPORT, by=System("7"))
    with_member = queries.events_with_member(About("member", "7"))
    assert [event.sequence for event in with_member] == [4, 3, 1]
    assert [event.sequence for event in queries.every_event()[:2]] == [5, 4]
