"""Where rooms meet: piles, alarms, joined incidents, passing on, and what was there before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from safehold.domain.access import Role
from safehold.domain.answering import Waits
from safehold.records.beside import operations as beside
from safehold.records.clocks.models import Clock
from safehold.records.conflicts import recusals
from safehold.records.duty import operations as duty
from safehold.records.duty.models import Alarm, Reach
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents.models import Incident
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.retention import facts
from safehold.records.staff.models import StaffMember
from safehold.records.triage import (
    endings,
    floods,
    handing_on,
    operations,
    passing,
    piles,
    waiting,
    watching,
)
from safehold.records.triage.models import Flood, TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, arrive, has_read, member, send_harm
from tests.flooded import flood

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
DANGER = [{"prompt": "followed-now", "reason": "Followed now"}]
DOMESTIC = Decisions(None, "", "", "domestic")
CELL = "891969d2b4fffff"


def accepted(by: StaffMember) -> tuple[UUID, Incident]:
    report = send_harm()
    operations.open_account(report_id=report, reason=REASON, by=by, at=AT)
    return report, operations.accept_report(report_id=report, decisions=DOMESTIC, by=by, at=AT)


def joined(by: StaffMember) -> tuple[UUID, UUID, Incident]:
    one, incident = accepted(by)
    other = send_harm()
    for each in (one, other):
        operations.open_account(report_id=each, reason=REASON, by=by, at=AT)
    TriageSlip.objects.filter(pk__in=[one, other]).update(cell=CELL)
    pair = {"report_id": other, "other_id": one, "by": by, "at": AT}
    beside.decide(verdict="same", reason=REASON, **pair)
    beside.join(note="", **pair)
    return one, other, incident


def boss(role: Role = Role.SUPERVISOR) -> StaffMember:
    return member(role, name="Pell Lisle")


def test_what_was_accepted_and_is_passed_on_waits_for_somebody_there() -> None:
    officer, standards = member(), boss(Role.PROFESSIONAL_STANDARDS)
    report, incident = accepted(officer)
    crime = {"decision": "crime", "reason": REASON, "at": AT}
    supervisor = boss()
    has_read(report, by=supervisor)
    incidents.decide_crime(incident_id=incident.pk, by=supervisor, **crime)
    passing.pass_to_standards(report_id=report, reason=REASON, by=officer, at=AT)
    assert waiting.all_unowned(by=standards).count() == 1
    running = Clock.objects.filter(report_id=report, stopped_at=None)
    assert {clock.waits for clock in running} == {Waits.OWNER, Waits.READ}


def test_a_pile_that_the_last_report_has_left_alarms_nobody() -> None:
    officer = member()
    flood(150, prompts=DANGER)
    pile = Flood.objects.get()
    for slip in piles.in_pile(pile):
        operations.take_report(report_id=slip.pk, by=officer, at=AT)
    assert not Alarm.objects.filter(report_id=pile.pk, ended_at=None).exists()


def test_what_is_handed_on_has_left_its_pile() -> None:
    officer = member()
    flood(150)
    slip = piles.in_pile(Flood.objects.get()).first()
    assert slip is not None
    handing_on.hand_on(report_id=slip.pk, team="night", member="", reason=REASON, by=officer, at=AT)
    assert slip.pk in {each.pk for each in waiting.unowned(by=boss(), limit=500)}


def test_of_two_reports_in_one_incident_the_one_passed_on_gets_its_own() -> None:
    officer, supervisor = member(), boss()
    one, other, incident = joined(officer)
    passing.pass_to_standards(report_id=other, reason=REASON, by=officer, at=AT)
    kept = incident_queries.decision_of(one)
    gone = incident_queries.decision_of(other)
    assert kept is not None
    assert gone is not None
    assert (kept.pk, kept.police_party, gone.police_party) == (incident.pk, False, True)
    has_read(one, by=supervisor)
    incidents.decide_crime(
        incident_id=kept.pk, decision="crime", reason=REASON, by=supervisor, at=AT
    )
    endings.end_report(report_id=one, reason=REASON, by=supervisor, at=AT)


def test_the_first_of_two_can_be_passed_on_as_well() -> None:
    officer = member()
    one, other, incident = joined(officer)
    passing.pass_to_standards(report_id=one, reason=REASON, by=officer, at=AT)
    kept, gone = incident_queries.decision_of(other), incident_queries.decision_of(one)
    assert kept is not None
    assert gone is not None
    assert (kept.pk, kept.report_id, kept.police_party) == (incident.pk, other, False)
    assert gone.police_party


def test_a_report_in_anothers_incident_is_due_some_day() -> None:
    supervisor = boss()
    one, other, incident = joined(member())
    for each in (one, other):
        has_read(each, by=supervisor)
    incidents.decide_crime(
        incident_id=incident.pk, decision="not_crime", reason=REASON, by=supervisor, at=AT
    )
    for each in (one, other):
        endings.end_report(report_id=each, reason=REASON, by=supervisor, at=AT)
    today = (AT + timedelta(days=365 * 40)).date()
    assert facts.look([other], today=today)[other].is_due


def test_whoever_is_kept_from_one_report_sees_no_incident_that_it_is_in() -> None:
    colleague = member(name="Other Person")
    _, other, incident = joined(member())
    recusals.recuse(report_id=other, member=colleague, at=AT)
    with pytest.raises(IncidentNotFound):
        incident_queries.get(incident_id=incident.pk, by=colleague)


def test_whoever_is_kept_from_a_report_does_not_find_it_in_a_pile() -> None:
    supervisor = boss()
    flood(150)
    pile = Flood.objects.get()
    slip = piles.in_pile(pile).first()
    assert slip is not None
    recusals.recuse(report_id=slip.pk, member=supervisor, at=AT)
    pages = range(1, 10)
    seen = {
        row.pk
        for page in pages
        for row in piles.members(flood_id=pile.pk, by=supervisor, page=page)
    }
    assert slip.pk not in seen


def test_a_slow_gateway_of_one_desk_keeps_no_other_waiting(monkeypatch: Any) -> None:
    unit, standards = boss(), boss(Role.PROFESSIONAL_STANDARDS)
    for each in (unit, standards):
        Reach.objects.create(member=each, mobile="+447700900111", email="")
    for theirs in (False, True):
        duty.raise_alarm(
            report_id=uuid4(), for_standards=theirs, because=duty.Because.DANGER, at=AT
        )
    told, passed = [], [0.0]
    monkeypatch.setattr(duty.time, "monotonic", lambda: passed[0])

    def slowly(reach: Reach, channel: Any, *, at: Any) -> bool:
        told.append(reach.member_id)
        passed[0] += 30
        return False

    monkeypatch.setattr(duty, "_reached", slowly)
    monkeypatch.setattr(duty, "transport", lambda channel: object())
    duty.send_due(at=AT)
    assert told == [unit.pk, standards.pk]


def test_danger_that_is_left_again_is_danger_again_and_no_opening_ends_it() -> None:
    officer, other = member(), member(name="Ayo Brand")
    report = arrive(slip={"danger": DANGER})
    late = AT + timedelta(days=2)
    watching.escalate(at=late)
    operations.take_report(report_id=report, by=officer, at=late)
    assert Alarm.objects.get(ended_at=None).because == "late"
    handing_on.hand_on(
        report_id=report, team="night", member="", reason=REASON, by=officer, at=late
    )
    operations.open_account(report_id=report, reason=REASON, by=other, at=late)
    assert Alarm.objects.get(ended_at=None).because == "danger"


def test_reports_decided_before_there_were_clocks_wait_for_a_decision_on_crime() -> None:
    officer, supervisor = member(), boss()
    report, _ = accepted(officer)
    aside = arrive()
    operations.open_account(report_id=aside, reason=REASON, by=officer, at=AT)
    operations.set_aside_report(report_id=aside, reason="Sent twice by her", by=officer, at=AT)
    Clock.objects.all().delete()
    Incident.objects.filter(report_id=aside).delete()
    watching.escalate(at=AT)
    running = Clock.objects.filter(stopped_at=None)
    assert {(each.report_id, each.waits) for each in running} == {
        (report, Waits.CRIME),
        (aside, Waits.CRIME),
    }
    assert waiting.count_undecided_crime(by=supervisor, at=AT)[0] == 2
    assert Incident.objects.get(report_id=aside).set_aside


def test_what_somebody_owned_before_there_were_clocks_alarms_nobody() -> None:
    report = arrive(slip={"danger": DANGER})
    operations.take_report(report_id=report, by=member(), at=AT)
    Clock.objects.all().delete()
    watching.escalate(at=AT)
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_putting_a_pile_back_leaves_what_the_registrar_settled() -> None:
    supervisor = boss()
    flood(150)
    pile = Flood.objects.get()
    first = piles.in_pile(pile)[0].pk
    for slip in piles.in_pile(pile)[: piles.still_to_open(flood=pile, by=supervisor)]:
        slip.openings.create(member=supervisor, at=AT, reason=REASON)
    floods.set_aside_together(
        flood_id=pile.pk, until=piles.last_in(pile), reason=REASON, by=supervisor, at=AT
    )
    settled = Incident.objects.get(report_id=first)
    incidents.decide_crime(
        incident_id=settled.pk,
        decision="crime",
        reason=REASON,
        by=boss(Role.CRIME_REGISTRAR),
        at=AT,
    )
    floods.put_back(flood_id=pile.pk, reason=REASON, by=supervisor, at=AT)
    settled.refresh_from_db()
    assert (settled.crime_decision, settled.crime_settled) == ("crime", True)
    assert Incident.objects.filter(crime_decision="not_yet").count() == len(
        Incident.objects.exclude(pk=settled.pk)
    )
