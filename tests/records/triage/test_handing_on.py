"""Work that has begun goes on with somebody else, and is nobody's in silence at no moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from safehold.domain.access import Refused, Role
from safehold.domain.answering import Waits
from safehold.domain.linking import Basis
from safehold.records.audit.models import AuditEvent
from safehold.records.clocks.models import Clock
from safehold.records.conflicts import recusals
from safehold.records.contacts import operations as contacts
from safehold.records.contacts.lists import DUE
from safehold.records.contacts.models import Profile
from safehold.records.duty.models import Alarm
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents.models import IncidentReport
from safehold.records.staff.models import StaffMember
from safehold.records.triage import (
    endings,
    forgetting,
    handing_on,
    operations,
    passing,
    queries,
    waiting,
)
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, arrive, member, send_harm

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(hours=1)
ILL = "Dena is ill, and nobody knows for how long"
DOMESTIC = Decisions(None, "", "", "domestic")
DANGER = {"danger": [{"prompt": "weapon", "reason": "Speaks of a weapon"}]}
REACHABLE = {
    "identity": {"how": "named"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}


def accepted(by: StaffMember, report: UUID | None = None) -> UUID:
    report = report or send_harm(**REACHABLE)
    operations.take_report(report_id=report, by=by, at=AT)
    operations.open_account(report_id=report, reason=REASON, by=by, at=AT)
    operations.accept_report(report_id=report, decisions=DOMESTIC, by=by, at=AT)
    return report


def hand_on(report: UUID, *, by: StaffMember, **to: Any) -> TriageSlip:
    given = {"team": "safeguarding", "member": "", "reason": ILL, "at": LATER, **to}
    return handing_on.hand_on(report_id=report, by=by, **given)


def incident_of(report: UUID) -> UUID:
    return incident_queries.accepted(report).pk


@pytest.fixture
def dena() -> StaffMember:
    return member(name="Dena Okafor")


@pytest.fixture
def ayo() -> StaffMember:
    return member(name="Ayo Brand")


@pytest.fixture
def boss() -> StaffMember:
    return member(Role.SUPERVISOR, name="Pell Lisle")


def test_what_hangs_on_an_accepted_report_goes_with_it(dena, ayo):
    report = accepted(dena)
    profile = Profile.objects.get(report_id=report)
    contacts.set_due(
        profile_id=profile.pk,
        why=next(iter(DUE)),
        due_at=LATER + timedelta(days=1),
        by=dena,
        at=AT,
    )
    before = set(Clock.objects.filter(stopped_at=None).values_list("waits", "due_at"))
    hand_on(report, by=dena, member=str(ayo.pk))
    assert TriageSlip.objects.get(pk=report).owner == ayo
    assert set(Clock.objects.filter(stopped_at=None).values_list("waits", "due_at")) == before
    reason = queries.standing_reason(incident_id=incident_of(report), by=ayo)
    assert reason == "Owner of the report that it came from"
    assert queries.standing_reason(incident_id=incident_of(report), by=dena) == ""
    event = AuditEvent.objects.get(action="report handed on")
    assert (event.reason, event.detail["from"]["owner"]) == (ILL, str(dena.pk))


def test_it_is_new_work_of_whoever_gets_it_until_they_open_it(dena, ayo, boss):
    report = accepted(dena)
    assert waiting.handed_to(by=dena) == []
    hand_on(report, by=boss, member=str(ayo.pk))
    (slip,) = waiting.handed_to(by=ayo)
    assert (slip.pk, slip.handed_by, slip.handed_reason) == (report, boss, ILL)
    assert waiting.handed_to(by=dena) == []
    operations.open_account(report_id=report, reason=REASON, by=ayo, at=LATER)
    assert waiting.handed_to(by=ayo) == []


def test_handed_to_a_team_a_supervisor_sees_it_and_the_clock_runs_again(dena, ayo, boss):
    report = accepted(dena, arrive_with_danger())
    assert waiting.unowned(by=boss, limit=8) == []
    hand_on(report, by=dena)
    assert [each.pk for each in waiting.unowned(by=boss, limit=8)] == [report]
    assert Clock.objects.get(report_id=report, waits=Waits.OWNER).starts_at == LATER
    assert Alarm.objects.filter(ended_at=None, report_id=report).count() == 1
    operations.take_report(report_id=report, by=ayo, at=LATER)
    assert waiting.unowned(by=boss, limit=8) == []
    assert not Alarm.objects.filter(ended_at=None).exists()


def arrive_with_danger() -> UUID:
    report = send_harm()
    TriageSlip.objects.filter(pk=report).update(danger=True)
    return report


def test_a_colleague_neither_hands_it_on_nor_takes_it_over(dena, ayo, boss):
    report = accepted(dena)
    with pytest.raises(Refused, match="Somebody works on this report"):
        hand_on(report, by=ayo, member=str(ayo.pk))
    with pytest.raises(Refused, match="Somebody works on this report"):
        operations.take_report(report_id=report, by=ayo, at=LATER, owner=str(dena.pk))
    assert not handing_on.may_hand_on(TriageSlip.objects.get(pk=report), by=ayo)
    with pytest.raises(Refused):  # a supervisor too hands it on, with a reason
        operations.take_report(report_id=report, by=boss, at=LATER, owner=str(dena.pk))
    assert TriageSlip.objects.get(pk=report).owner == dena


@pytest.mark.parametrize("taken", [False, True])
def test_what_somebody_had_who_left_stands_before_every_supervisor(dena, ayo, boss, taken):
    report, new = accepted(dena), arrive(slip=DANGER)
    operations.take_report(report_id=new, by=dena, at=AT)
    assert (
        waiting.all_unowned(by=boss).count() == queries.danger_without_owner(by=boss).count() == 0
    )
    StaffMember.objects.filter(pk=dena.pk).update(is_active=False)
    assert {each.pk for each in waiting.unowned(by=boss, limit=8)} == {report, new}
    assert queries.danger_without_owner(by=boss).count() == 1
    late = waiting.late_counts(by=boss, at=AT)
    assert sum(queue.unowned for queue in waiting.by_team(by=boss, late=late)) == 1
    for each in (report, new):
        if taken:
            operations.take_report(report_id=each, by=ayo, at=LATER, owner=str(dena.pk))
        else:
            team = TriageSlip.objects.get(pk=each).team
            hand_on(each, by=boss, team=team, member=str(ayo.pk))
    assert waiting.all_unowned(by=boss).count() == 0


def test_whoever_is_kept_from_it_or_from_another_of_its_incident_does_not_get_it(dena, ayo, boss):
    report, other = accepted(dena), send_harm(**REACHABLE)
    incidents.add_report(
        incident_id=incident_of(report),
        report_id=other,
        roles=[],
        basis=Basis(incident_queries.accepted(report).link_basis),
        note="",
        by=dena,
        at=AT,
    )
    recusals.recuse(report_id=other, member=ayo, at=AT)
    recusals.recuse(report_id=report, member=boss, at=AT)
    offered = handing_on.who_may_own(TriageSlip.objects.get(pk=report))
    assert not {ayo, boss} & set(offered)
    assert dena in offered
    for kept in (ayo, boss):
        with pytest.raises(handing_on.CannotTakeIt):
            hand_on(report, by=dena, member=str(kept.pk))


def test_what_is_about_a_colleague_stays_with_professional_standards(dena, boss):
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    second = member(Role.PROFESSIONAL_STANDARDS, name="Second Reader")
    report = accepted(standards, send_harm(works={"party": "yes"}))
    with pytest.raises(Refused):
        hand_on(report, by=boss, team="standards")
    with pytest.raises(handing_on.NotATeam):
        hand_on(report, by=standards, team="safeguarding")
    with pytest.raises(handing_on.CannotTakeIt):
        hand_on(report, by=standards, team="standards", member=str(dena.pk))
    hand_on(report, by=standards, team="standards", member=str(second.pk))
    assert [each.pk for each in waiting.handed_to(by=second)] == [report]


def test_a_reader_of_their_own_name_leaves_it_to_somebody_else_at_once():
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    second = member(Role.PROFESSIONAL_STANDARDS, name="Second Reader")
    report = send_harm(works={"party": "yes"}, what={"text": "It was Oriel Quayle who did it"})
    operations.take_report(report_id=report, by=standards, at=AT)
    with pytest.raises(Refused):
        operations.open_account(report_id=report, reason=REASON, by=standards, at=LATER)
    assert [each.pk for each in waiting.unowned(by=second, limit=8)] == [report]
    assert Clock.objects.get(report_id=report, waits=Waits.OWNER).stopped_at is None


def test_the_words_of_one_side_do_not_pass_to_the_other_nor_outlive_it(dena, ayo, boss):
    report = accepted(dena)
    hand_on(report, by=dena, member=str(ayo.pk))
    forgetting.forget(report, at=LATER)
    assert TriageSlip.objects.get(pk=report).handed_reason == forgetting.GONE
    report = accepted(dena)
    hand_on(report, by=dena, member=str(ayo.pk))
    passing.pass_to_standards(report_id=report, reason=REASON, by=dena, at=LATER)
    slip = TriageSlip.objects.get(pk=report)
    assert (slip.handed_by, slip.handed_at, slip.handed_reason) == (None, None, "")


def test_what_is_over_or_set_aside_is_not_handed_on(dena, boss):
    aside, over = send_harm(), accepted(dena, send_harm())
    operations.open_account(report_id=aside, reason=REASON, by=dena, at=AT)
    operations.set_aside_report(report_id=aside, reason="Sent twice by her", by=dena, at=AT)
    operations.open_account(report_id=over, reason=REASON, by=boss, at=AT)
    incidents.decide_crime(
        incident_id=incident_of(over), decision="crime", reason=REASON, by=boss, at=AT
    )
    endings.end_report(report_id=over, reason=REASON, by=boss, at=AT)
    for report, says in ((aside, "or one that is accepted"), (over, "is over")):
        with pytest.raises(handing_on.NothingToHandOn, match=says):
            hand_on(report, by=boss)


def test_nothing_is_handed_on_where_the_audit_fails(dena, ayo, monkeypatch):
    report = accepted(dena)

    def broken(**row: Any) -> None:
        raise OSError("No room")

    monkeypatch.setattr(handing_on.audit, "append", broken)
    with pytest.raises(OSError, match="No room"):
        hand_on(report, by=dena, member=str(ayo.pk))
    monkeypatch.undo()
    slip = TriageSlip.objects.get(pk=report)
    assert (slip.owner, slip.handed_by) == (dena, None)


def test_what_somebody_else_handed_on_meanwhile_is_not_handed_on_over_it(dena, ayo, boss):
    report = accepted(dena)
    team = TriageSlip.objects.get(pk=report).team
    hand_on(report, by=dena, team=team, member=str(ayo.pk), shown_owner=str(dena.pk))
    with pytest.raises(handing_on.NothingToHandOn, match="Somebody handed it on"):
        hand_on(report, by=boss, team=team, member="", shown_owner=str(dena.pk))
    assert TriageSlip.objects.get(pk=report).owner == ayo


def test_what_has_ended_and_a_sibling_of_what_one_is_kept_from_are_not_taken(dena, ayo, boss):
    report, other = accepted(dena), send_harm(**REACHABLE)
    StaffMember.objects.filter(pk=dena.pk).update(is_active=False)
    kept = IncidentReport.objects.get(pk=report)
    IncidentReport.objects.create(
        report_id=other,
        incident=kept.incident,
        link_basis=kept.link_basis,
        link_key=other if kept.link_key else None,
        added_at=AT,
        added_by=boss,
    )
    recusals.recuse(report_id=other, member=ayo, at=AT)
    with pytest.raises(Refused):
        operations.take_report(report_id=report, by=ayo, at=LATER, owner=str(dena.pk))
    slip = TriageSlip.objects.get(pk=report)
    slip.ended_at = LATER
    assert not handing_on.free_to_take(slip)
