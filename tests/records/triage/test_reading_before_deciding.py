"""Whoever decides that it is a crime, or ends the work, has read what was told."""

from __future__ import annotations

import pytest

from safehold.crypto.errors import EnvelopeRefused
from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.beside import operations as beside
from safehold.records.incidents import operations as incidents
from safehold.records.incidents.models import Incident, TimePrecision
from safehold.records.staff.models import StaffMember
from safehold.records.triage import endings, envelopes, operations
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, arrive, has_read, member, send_harm

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
SOMETHING = incidents.Happening(
    starts_at=None,
    ends_at=None,
    time_precision=TimePrecision.NOT_SAID,
    days=(),
    parts_of_day=(),
    environment=(),
    behaviours=(),
    changes=(),
    rules_version="2",
)
DOMESTIC = Decisions(None, "", "", "domestic")


@pytest.fixture
def boss() -> StaffMember:
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def incident() -> Incident:
    return accepted(member())


def accepted(officer: StaffMember) -> Incident:
    report = send_harm()
    opened(report, officer)
    return operations.accept_report(report_id=report, decisions=DOMESTIC, by=officer, at=AT)


def opened(report, by) -> None:
    operations.open_account(report_id=report, reason=REASON, by=by, at=AT)


def decide(incident: Incident, by: StaffMember) -> Incident:
    return incidents.decide_crime(
        incident_id=incident.pk, decision="crime", reason=REASON, by=by, at=AT
    )


def rests_on() -> str:
    return str(AuditEvent.objects.get(action="crime decided").detail["rests on"])


def test_a_supervisor_reads_it_before_she_decides(incident, boss):
    with pytest.raises(incidents.Unread, match="Whoever decides whether it is a crime has read it"):
        decide(incident, boss)
    assert not AuditEvent.objects.filter(action="crime decided").exists()
    opened(incident.report_id, boss)
    assert decide(incident, boss).crime_decided_by == boss
    assert rests_on() == "account"


@pytest.mark.parametrize("aside", [False, True])
def test_whoever_accepted_it_or_set_it_aside_read_it_and_that_is_not_enough(boss, aside):
    officer, report = member(), send_harm()
    opened(report, officer)
    if aside:
        operations.set_aside_report(report_id=report, reason=REASON, by=officer, at=AT)
    else:
        operations.accept_report(report_id=report, decisions=DOMESTIC, by=officer, at=AT)
    with pytest.raises(incidents.Unread):
        decide(Incident.objects.get(), boss)


def test_of_several_reports_in_one_incident_each_is_read(boss):
    officer = member()
    found, other = accepted(officer), send_harm()
    opened(other, officer)
    pair = {"report_id": other, "other_id": found.report_id, "by": officer, "at": AT}
    TriageSlip.objects.update(cell="891969d2b4fffff")
    beside.decide(verdict="same", reason=REASON, **pair)
    beside.join(note="", **pair)
    opened(found.report_id, boss)
    with pytest.raises(incidents.Unread) as refused:
        decide(found, boss)
    assert refused.value.reports == [other]
    opened(other, boss)
    decide(found, boss)


def test_the_registrar_opens_no_account_and_the_audit_says_so(incident):
    decide(incident, member(Role.CRIME_REGISTRAR))
    assert rests_on() == "record"


def test_what_does_not_open_is_decided_by_what_is_recorded(incident, boss, monkeypatch):
    def broken(*args: object, **rest: object) -> None:
        raise EnvelopeRefused("No key opens it.")

    monkeypatch.setattr(envelopes, "payload", broken)
    with pytest.raises(incidents.Unread):
        decide(incident, boss)
    with pytest.raises(operations.AccountSealed):
        opened(incident.report_id, boss)
    decide(incident, boss)
    assert rests_on() == "record"
    with pytest.raises(incidents.Unread):  # that one tried says nothing of another
        decide(incident, member(Role.SUPERVISOR, name="Second Reader"))


def test_what_came_in_no_report_or_was_destroyed_has_no_account_to_read(incident, boss):
    TriageSlip.objects.update(destroyed_at=AT)
    decide(incident, boss)
    older = incidents.record_incident(
        report_id=None,
        place=None,
        happening=SOMETHING,
        classification="environment",
        note="",
        police_party=False,
        by=member(),
        at=AT,
    )
    decide(older, boss)


def test_whoever_ends_the_work_has_read_it(incident, boss):
    decide(incident, member(Role.CRIME_REGISTRAR))
    end = {"report_id": incident.report_id, "reason": REASON, "by": boss, "at": AT}
    with pytest.raises(endings.Unread, match="Whoever ends the work on a report has read it"):
        endings.end_report(**end)
    assert TriageSlip.objects.get().ended_at is None
    opened(incident.report_id, boss)
    assert endings.end_report(**end).ended_by == boss


def test_reading_one_report_is_not_reading_another(incident, boss):
    has_read(arrive(), by=boss)
    with pytest.raises(incidents.Unread):
        decide(incident, boss)
