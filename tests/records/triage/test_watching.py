"""From arrival on somebody is waited for: a team, clocks, and what stops each of them."""

from datetime import timedelta

import pytest

from safehold.crypto.errors import EnvelopeRefused
from safehold.domain.access import Refused, Role
from safehold.domain.answering import Waits, length
from safehold.protection import clock_words
from safehold.protection.duty import dangers
from safehold.records.audit.models import AuditEvent
from safehold.records.clocks.models import Clock
from safehold.records.contacts import operations as contacts
from safehold.records.contacts.lists import DUE
from safehold.records.contacts.models import Profile
from safehold.records.duty.models import Alarm
from safehold.records.incidents import operations as incidents
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.triage import (
    arrivals,
    endings,
    forgetting,
    handing_on,
    operations,
    piles,
    waiting,
    watching,
)
from safehold.records.triage.endings import NotEnded, NotOver
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, arrive, has_read, member, send_ask, send_harm

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(hours=1)
PLACE = Decisions(
    place_id=None, place_name="Elm Row path", place_kind="path", classification="behaviour"
)
DANGER = {"danger": [{"prompt": "weapon", "reason": "Speaks of a weapon"}]}
REACHABLE = {
    "identity": {"how": "named"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}


def running(report):
    found = Clock.objects.filter(report_id=report, stopped_at=None)
    return {Waits(clock.waits) for clock in found}


def decided(report, who, at=LATER):
    operations.open_account(report_id=report, reason=REASON, by=who, at=at)
    return operations.accept_report(report_id=report, decisions=PLACE, by=who, at=at)


def test_a_report_arrives_with_its_team_and_its_clocks():
    report = arrive()
    slip = TriageSlip.objects.get(pk=report)
    assert slip.team == "night"
    assert running(report) == {Waits.OWNER, Waits.READ, Waits.DECIDED, Waits.CRIME}
    crime = Clock.objects.get(report_id=report, waits=Waits.CRIME)
    assert crime.starts_at == slip.received_at
    assert crime.due_at == slip.received_at + timedelta(hours=24)


def test_whoever_waits_for_an_answer_has_a_clock_for_it():
    report = send_harm(about={"about": ["home"]}, **REACHABLE)
    assert Waits.ANSWER in running(report)
    assert TriageSlip.objects.get(pk=report).team == "safeguarding"


def test_each_act_stops_its_clock_and_is_its_proof():
    who, report = member(), arrive()
    operations.take_report(report_id=report, by=who, at=LATER)
    assert running(report) == {Waits.READ, Waits.DECIDED, Waits.CRIME}
    operations.open_account(report_id=report, reason=REASON, by=who, at=LATER)
    assert running(report) == {Waits.DECIDED, Waits.CRIME}
    operations.accept_report(report_id=report, decisions=PLACE, by=who, at=LATER)
    assert running(report) == {Waits.CRIME}
    incident, boss = Incident.objects.get(report_id=report), member(Role.SUPERVISOR)
    has_read(report, by=boss)
    incidents.decide_crime(
        incident_id=incident.pk,
        decision=CrimeDecision.NOT_CRIME,
        reason=REASON,
        by=boss,
        at=LATER,
    )
    assert running(report) == set()
    stopped = Clock.objects.get(report_id=report, waits=Waits.OWNER)
    assert (stopped.stopped_by, stopped.stopped_how) == (who, "report taken")


def test_reaching_her_as_agreed_stops_the_clock_for_an_answer():
    who = member()
    report = send_harm(about={"about": ["home"]}, **REACHABLE)
    operations.open_account(report_id=report, reason=REASON, by=who, at=LATER)
    profile = Profile.objects.get(report_id=report)
    due = contacts.set_due(
        profile_id=profile.pk,
        why=next(iter(DUE)),
        due_at=LATER + timedelta(days=2),
        by=who,
        at=LATER,
    )
    assert Waits.ANSWER in running(report)
    contacts.end_due(due_id=due.pk, how="Rang her at ten as agreed", by=who, at=LATER)
    assert Waits.ANSWER not in running(report)


def test_a_report_set_aside_has_an_incident_that_somebody_decides_about():
    who, report = member(), arrive()
    operations.open_account(report_id=report, reason=REASON, by=who, at=LATER)
    operations.set_aside_report(report_id=report, reason="Sent twice by her", by=who, at=LATER)
    incident = Incident.objects.get(report_id=report)
    assert incident.set_aside
    assert incident.note == "Set aside: Sent twice by her"
    assert incident.crime_decision == CrimeDecision.NOT_YET
    assert running(report) == {Waits.CRIME}


def test_what_is_accepted_after_all_is_decided_again():
    who, boss, report = member(), member(Role.SUPERVISOR), arrive()
    operations.open_account(report_id=report, reason=REASON, by=who, at=LATER)
    operations.set_aside_report(report_id=report, reason="Sent twice by her", by=who, at=LATER)
    aside = Incident.objects.get(report_id=report)
    has_read(report, by=boss)
    incidents.decide_crime(
        incident_id=aside.pk,
        decision=CrimeDecision.NOT_CRIME,
        reason=REASON,
        by=boss,
        at=LATER,
    )
    incident = operations.accept_report(report_id=report, decisions=PLACE, by=who, at=LATER)
    assert incident.pk == aside.pk
    kept = Incident.objects.get(pk=incident.pk)
    assert not kept.set_aside
    assert kept.place is not None
    assert kept.crime_decision == CrimeDecision.NOT_YET
    assert running(report) == {Waits.CRIME}


def test_the_registrar_has_the_last_word():
    registrar, boss = member(Role.CRIME_REGISTRAR), member(Role.SUPERVISOR)
    incident = decided(arrive(), member())
    has_read(incident.report_id, by=boss)
    crime = {"incident_id": incident.pk, "reason": REASON, "at": LATER}
    incidents.decide_crime(decision=CrimeDecision.NOT_CRIME, by=boss, **crime)
    incidents.decide_crime(decision=CrimeDecision.CRIME, by=registrar, **crime)
    with pytest.raises(incidents.Settled):
        incidents.decide_crime(decision=CrimeDecision.NOT_CRIME, by=boss, **crime)
    incidents.decide_crime(decision=CrimeDecision.NOT_CRIME, by=registrar, **crime)
    assert Incident.objects.get().crime_decision == CrimeDecision.NOT_CRIME


def test_nothing_ends_without_a_decision_on_crime():
    boss, report = member(Role.SUPERVISOR), arrive()
    has_read(report, by=boss)
    with pytest.raises(NotOver, match="neither accepted nor set aside"):
        endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)
    incident = decided(report, member())
    with pytest.raises(NotOver, match="whether it is a crime"):
        endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)
    incidents.decide_crime(
        incident_id=incident.pk, decision=CrimeDecision.CRIME, reason=REASON, by=boss, at=LATER
    )
    ended = endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)
    assert ended.ended_at == LATER
    assert running(report) == set()


def test_what_was_set_aside_with_danger_ends_only_once_somebody_else_confirmed():
    who, boss, report = member(), member(Role.SUPERVISOR), arrive(slip=DANGER)
    operations.open_account(report_id=report, reason=REASON, by=who, at=LATER)
    operations.set_aside_report(report_id=report, reason=REASON, by=who, at=LATER)
    has_read(report, by=boss)
    incidents.decide_crime(
        incident_id=Incident.objects.get().pk,
        decision=CrimeDecision.NOT_CRIME,
        reason=REASON,
        by=boss,
        at=LATER,
    )
    with pytest.raises(NotOver, match="nobody else has confirmed"):
        endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)


def test_an_application_ends_on_its_own_page():
    report = send_ask()
    TriageSlip.objects.filter(pk=report).update(
        state=State.ACCEPTED, closed_at=AT, closed_by=member()
    )
    with pytest.raises(NotOver, match="Clare’s Law"):
        endings.end_report(report_id=report, reason=REASON, by=member(Role.SUPERVISOR), at=LATER)


def test_the_work_can_begin_again_and_both_stay_on_record():
    boss, report = member(Role.SUPERVISOR), arrive()
    incident = decided(report, member())
    has_read(report, by=boss)
    incidents.decide_crime(
        incident_id=incident.pk, decision=CrimeDecision.CRIME, reason=REASON, by=boss, at=LATER
    )
    with pytest.raises(NotEnded):
        endings.begin_again(report_id=report, reason=REASON, by=boss, at=LATER)
    endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)
    endings.begin_again(report_id=report, reason=REASON, by=boss, at=LATER)
    assert TriageSlip.objects.get(pk=report).ended_at is None
    written = AuditEvent.objects.filter(action__startswith="work on a report")
    assert written.count() == 2
    assert not running(report)


def test_what_only_the_end_had_stopped_waits_again_from_when_the_work_begins_again():
    boss, report = member(Role.SUPERVISOR), arrive()
    incident = decided(report, member())
    has_read(report, by=boss)
    said = {"decision": CrimeDecision.CRIME, "reason": REASON}
    incidents.decide_crime(incident_id=incident.pk, by=boss, at=LATER, **said)
    Clock.objects.filter(report_id=report, waits=Waits.READ).update(
        stopped_at=None, stopped_by=None, stopped_how=""
    )
    endings.end_report(report_id=report, reason=REASON, by=boss, at=LATER)
    assert not running(report)
    endings.begin_again(report_id=report, reason=REASON, by=boss, at=LATER)
    assert running(report) == {Waits.READ}
    assert Clock.objects.get(report_id=report, waits=Waits.READ).starts_at == LATER

    TriageSlip.objects.filter(pk=report).update(
        ended_at=LATER, ended_by=boss, ended_reason=REASON, owner=None, taken_at=None
    )
    endings.begin_again(report_id=report, reason=REASON, by=boss, at=LATER)
    assert Waits.OWNER in running(report)


def test_an_officer_does_not_end_what_they_worked_on():
    with pytest.raises(Refused):
        endings.end_report(report_id=arrive(), reason=REASON, by=member(), at=LATER)


def test_handed_on_without_a_name_nobody_owns_it_and_the_clock_runs_again():
    who, report = member(), arrive()
    due = Clock.objects.get(report_id=report, waits=Waits.OWNER).due_at
    operations.take_report(report_id=report, by=who, at=AT)
    hand_on(report, by=who, team="sexual")
    earlier = AuditEvent.objects.get(action="report handed on").detail["from"]
    assert earlier["owner due"] == due.isoformat()
    slip = TriageSlip.objects.get(pk=report)
    assert (slip.team, slip.owner) == ("sexual", None)
    assert Waits.OWNER in running(report)
    assert Clock.objects.get(report_id=report, waits=Waits.OWNER).starts_at == LATER
    boss = member(Role.SUPERVISOR)
    assert [each.pk for each in waiting.unowned(by=boss, limit=8)] == [report]


def test_handed_to_a_colleague_it_is_theirs():
    who, other, report = member(), member(name="Ayo Brand"), arrive()
    hand_on(report, by=who, member=str(other.pk))
    assert TriageSlip.objects.get(pk=report).owner == other
    assert Waits.OWNER not in running(report)


def test_danger_that_loses_its_owner_alarms_again():
    who, report = member(), arrive(slip=DANGER)
    operations.take_report(report_id=report, by=who, at=AT)
    assert not Alarm.objects.filter(ended_at=None).exists()
    hand_on(report, by=who)
    assert Alarm.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR, Role.AUDITOR])
def test_nobody_gets_a_report_who_may_not_own_it(role):
    other = member(role)
    with pytest.raises(handing_on.CannotTakeIt):
        hand_on(arrive(), by=member(), member=str(other.pk))


def test_nothing_gets_to_professional_standards_or_away_from_them_by_handing_on():
    standards = member(Role.PROFESSIONAL_STANDARDS)
    with pytest.raises(handing_on.NotATeam):
        hand_on(arrive(), by=member(), team="standards")
    theirs = arrive(slip={"party_is_police": "yes"})
    with pytest.raises(handing_on.NotATeam):
        hand_on(theirs, by=standards, team="night")
    with pytest.raises(Refused):
        hand_on(theirs, by=member(), team="standards")
    with pytest.raises(handing_on.CannotTakeIt):
        hand_on(theirs, by=standards, team="standards", member=str(member().pk))


def test_reports_of_an_earlier_version_get_their_clocks():
    report = arrive()
    Clock.objects.all().delete()
    TriageSlip.objects.update(team="")
    watching.escalate(at=AT)
    assert running(report) == {Waits.OWNER, Waits.READ, Waits.DECIDED, Waits.CRIME}
    assert TriageSlip.objects.get(pk=report).team == "night"


@pytest.fixture
def unreadable(monkeypatch):
    """Make slips unreadable until it is called."""

    def broken(envelope, **rest):
        raise EnvelopeRefused("No key opens it.")

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "open_envelope", broken)
        yield patched.undo


def alarmed():
    return list(Alarm.objects.filter(ended_at=None).values_list("report_id", "desk", "because"))


def test_what_cannot_be_read_is_danger_until_somebody_takes_it(unreadable):
    who, report = member(), arrive(slip=DANGER)
    assert TriageSlip.objects.get(pk=report).state == State.SEALED
    assert alarmed() == [(report, "unit", "danger")]
    assert running(report) == {Waits.OWNER}
    told = dangers(who, piles.open_piles(by=who), shown=8, at=LATER)
    assert ([row.why for row in told.lines], told.count) == ([clock_words.UNREAD], 1)
    operations.take_report(report_id=report, by=who, at=LATER)
    assert (alarmed(), running(report)) == ([], set())


@pytest.mark.parametrize(("slip", "alarms"), [({}, 0), (DANGER, 1)])
def test_what_is_read_at_last_waits_by_its_own_rule(unreadable, slip, alarms):
    boss, report = member(Role.SUPERVISOR), arrive(slip=slip)
    unreadable()
    operations.try_slip_again(report_id=report, by=boss, at=LATER)
    assert len(alarmed()) == alarms
    assert running(report) == {Waits.OWNER, Waits.READ, Waits.DECIDED, Waits.CRIME}
    clock = Clock.objects.get(report_id=report, waits=Waits.OWNER)
    row = TriageSlip.objects.get(pk=report)
    assert clock.due_at - row.received_at == length(Waits.OWNER, watching.arrived(row))


def test_who_took_it_unread_keeps_it_and_not_where_it_is_about_a_colleague(unreadable):
    who, boss = member(), member(Role.SUPERVISOR)
    plain, colleague = arrive(slip=DANGER), arrive(slip={**DANGER, "party_is_police": "yes"})
    for report in (plain, colleague):
        operations.take_report(report_id=report, by=who, at=LATER)
    unreadable()
    for report in (plain, colleague):
        operations.try_slip_again(report_id=report, by=boss, at=LATER)
    assert alarmed() == [(colleague, "standards", "danger")]
    assert Waits.OWNER not in running(plain)
    assert TriageSlip.objects.get(pk=plain).owner == who
    assert TriageSlip.objects.get(pk=colleague).owner is None


def test_what_an_earlier_version_could_not_read_alarms_too(unreadable):
    report = arrive()
    Clock.objects.all().delete()
    Alarm.objects.all().delete()
    watching.escalate(at=AT)
    assert alarmed() == [(report, "unit", "danger")]
    forgetting.forget(report, at=LATER)
    assert (alarmed(), running(report)) == ([], set())


def test_what_somebody_took_since_the_list_was_read_alarms_nobody(monkeypatch):
    who, report = member(), arrive(slip=DANGER)
    Clock.objects.all().delete()
    Alarm.objects.all().delete()
    start_one = watching._start_one

    def taken_first(row, *, at):
        operations.take_report(report_id=report, by=who, at=at)
        start_one(row, at=at)

    monkeypatch.setattr(watching, "_start_one", taken_first)
    watching.escalate(at=AT)
    assert (alarmed(), Waits.OWNER in running(report)) == ([], False)


def test_queues_count_what_waits_with_each_team():
    boss, report = member(Role.SUPERVISOR), arrive()
    arrive()
    send_harm(about={"about": ["home"]})
    operations.take_report(report_id=report, by=boss, at=AT)
    at = AT + timedelta(hours=20)
    late = waiting.late_counts(by=boss, at=at)
    assert (late.count, late.own) == (2, 0)
    assert waiting.late_counts(by=boss, at=at + timedelta(hours=20)).own == 1
    queues = {queue.key: queue for queue in waiting.by_team(by=boss, late=late)}
    assert set(queues) == {"night", "safeguarding"}
    assert (queues["night"].waiting, queues["night"].unowned, queues["night"].late) == (2, 1, 1)


def test_the_registrar_counts_decisions_in_time_and_late_ones():
    registrar, boss = member(Role.CRIME_REGISTRAR), member(Role.SUPERVISOR)
    for hours in (2, 30):
        incident = decided(arrive(), boss)
        incidents.decide_crime(
            incident_id=incident.pk,
            decision=CrimeDecision.CRIME,
            reason=REASON,
            by=boss,
            at=AT + timedelta(hours=hours),
        )
    arrive()
    arrive(slip={"party_is_police": "yes"})
    at = AT + timedelta(hours=31)
    figure = waiting.decided_in_time(by=registrar, at=at)
    assert (figure.decided, figure.in_time) == (2, 1)
    assert waiting.count_undecided_crime(by=registrar, at=at) == (1, 1)
    days_late = AT + timedelta(days=4)
    assert not waiting.colleagues_undecided(by=registrar, at=at)
    assert waiting.colleagues_undecided(by=registrar, at=days_late)
    assert not waiting.colleagues_undecided(by=boss, at=days_late)
    assert len(waiting.undecided_crime(by=registrar)) == 1
    assert len(waiting.decided_crime(by=registrar)) == 2
    with pytest.raises(Refused):
        waiting.undecided_crime(by=member(Role.ANALYST))


def hand_on(report, *, by, team="night", member="", at=LATER):
    return handing_on.hand_on(
        report_id=report, team=team, member=member, reason=REASON, by=by, at=at
    )
