"""Whoever is kept from a report since does not go on owning it, and nobody learns why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safehold.records.audit.models import AuditEvent
from safehold.records.clocks.models import Clock
from safehold.records.conflicts import recusals
from safehold.records.people import operations as people
from safehold.records.triage import kept_owners
from safehold.records.triage.models import TriageSlip
from tests.desk import AT, arrive, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(minutes=3)
SAID = people.Origin("seen")


@pytest.fixture
def owned() -> Any:
    officer = member(name="Ilka Brandreth")
    report = arrive()
    TriageSlip.objects.filter(pk=report).update(owner=officer, taken_at=AT)
    return report, officer


def owner_of(report: Any) -> Any:
    return TriageSlip.objects.get(pk=report).owner


def test_what_its_owner_is_kept_from_waits_for_another_with_a_row(owned) -> None:
    report, officer = owned
    other = arrive()
    TriageSlip.objects.filter(pk=other).update(owner=member(), taken_at=AT)
    recusals.recuse(report_id=report, member=officer, at=AT)
    assert kept_owners.let_go(at=LATER) == 1
    assert owner_of(report) is None
    assert owner_of(other) is not None
    row = AuditEvent.objects.order_by("-sequence")[0]
    assert (row.action, row.actor, row.reason) == ("report handed on", "scheduler", kept_owners.WHY)
    assert (row.detail["from"]["owner"], row.detail["owner"]) == (str(officer.pk), "")
    assert Clock.objects.filter(report_id=report, waits="owner", stopped_at=None).exists()
    assert kept_owners.let_go(at=LATER) == 0


def test_whoever_is_kept_from_nothing_keeps_what_they_own(owned) -> None:
    report, officer = owned
    assert kept_owners.let_go(at=LATER) == 0
    assert owner_of(report) == officer


def test_what_is_over_stays_with_whoever_ended_it(owned) -> None:
    report, officer = owned
    TriageSlip.objects.filter(pk=report).update(
        state="accepted",
        closed_at=AT,
        closed_by=officer,
        ended_at=AT,
        ended_by=officer,
        ended_reason="All of it is done",
    )
    recusals.recuse(report_id=report, member=officer, at=AT)
    assert kept_owners.let_go(at=LATER) == 0
