"""Danger alarms whoever holds the watch, at any hour, until somebody has the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.domain.nudging import Channel
from safehold.records.audit.models import AuditEvent
from safehold.records.duty import operations as duty
from safehold.records.duty import queries
from safehold.records.duty.models import Alarm, Desk, Watch
from safehold.records.nudges.transports import NotDelivered
from safehold.records.triage import operations as triage
from safehold.records.triage import watching
from tests.desk import AT, REASON, arrive, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
NIGHT = AT.replace(hour=3)
MINUTE = timedelta(minutes=1)
DANGER = {"danger": [{"prompt": "danger-now", "reason": "Says that the danger is now"}]}


@dataclass
class Carrier:
    """Takes messages instead of a gateway."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    broken: bool = False

    def send(self, address: str, subject: str, text: str, *, until: datetime) -> None:
        if self.broken:
            raise NotDelivered("The gateway cannot be reached.")
        self.sent.append((address, text))


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    one = Carrier()
    ways = {Channel.TEXT: one, Channel.EMAIL: one}
    monkeypatch.setattr(duty, "transport", ways.get)
    monkeypatch.setattr(queries, "transport", ways.get)
    return one


def on_watch(role: Role = Role.SUPERVISOR, mobile: str = "+447700900111") -> Any:
    who = member(role)
    duty.take_watch(by=who, at=AT)
    duty.keep_reach(mobile=mobile, email="", by=who, at=AT)
    return who


def danger(at: datetime = NIGHT, **slip: Any) -> Any:
    return arrive(at=at, slip={**DANGER, **slip})


def test_danger_at_three_at_night_is_told_at_once_to_whoever_holds_the_watch(carrier):
    on_watch()
    danger()
    assert duty.send_due(at=NIGHT) == 1
    ((address, text),) = carrier.sent
    assert address == "+447700900111"
    assert "duty page" in text


def test_what_has_no_danger_wakes_nobody(carrier):
    on_watch()
    arrive(at=NIGHT)
    assert duty.send_due(at=NIGHT) == 0
    assert carrier.sent == []


def test_it_is_told_again_until_somebody_has_taken_the_report(carrier):
    who = on_watch()
    report = danger()
    for minutes in (0, 1, 5, 6, 10):
        duty.send_due(at=NIGHT + minutes * MINUTE)
    assert len(carrier.sent) == 3
    triage.take_report(report_id=report, by=who, at=NIGHT + 11 * MINUTE)
    duty.send_due(at=NIGHT + 60 * MINUTE)
    assert len(carrier.sent) == 3
    assert not queries.open_alarms(by=who)


def test_everybody_who_supervises_is_told_when_it_goes_on(carrier):
    on_watch()
    other = member(Role.SUPERVISOR, name="Pell Lisle")
    duty.keep_reach(mobile="+447700900222", email="", by=other, at=AT)
    danger()
    for minutes in (0, 5, 10):
        duty.send_due(at=NIGHT + minutes * MINUTE)
    assert [address for address, _ in carrier.sent].count("+447700900222") == 1


def test_where_nobody_holds_the_watch_everybody_who_supervises_is_told_at_once(carrier):
    other = member(Role.SUPERVISOR)
    duty.keep_reach(mobile="", email="duty@example.org", by=other, at=AT)
    danger()
    duty.send_due(at=NIGHT)
    assert [address for address, _ in carrier.sent] == ["duty@example.org"]


def test_whoever_has_left_is_told_nothing_and_others_are(carrier):
    gone = on_watch()
    gone.is_active = False
    gone.save()
    other = member(Role.SUPERVISOR)
    duty.keep_reach(mobile="+447700900222", email="", by=other, at=AT)
    danger()
    duty.send_due(at=NIGHT)
    assert [address for address, _ in carrier.sent] == ["+447700900222"]
    assert not queries.standing(Desk.UNIT).reaches_holder


def test_a_hundred_alarms_are_one_message_a_person(carrier):
    on_watch()
    for _ in range(12):
        danger()
    assert duty.send_due(at=NIGHT) == 1
    assert len(carrier.sent) == 1
    assert Alarm.objects.filter(sent=1, reached=1).count() == 12


def test_a_slow_gateway_keeps_nobody_out_for_ever_and_the_holder_is_first(carrier, monkeypatch):
    passed = [0.0]

    def slowly(address: str, *args: Any, **rest: Any) -> None:
        passed[0] += 7
        carrier.sent.append((address, ""))

    monkeypatch.setattr(carrier, "send", slowly)
    monkeypatch.setattr(duty.time, "monotonic", lambda: passed[0])
    for number in range(3):
        other = member(Role.SUPERVISOR)
        duty.keep_reach(mobile=f"+44770090020{number}", email="a@example.org", by=other, at=AT)
    on_watch(Role.TRIAGE_OFFICER)
    danger()
    rounds = []
    for number in range(6):
        carrier.sent.clear()
        duty.send_due(at=NIGHT + 30 * number * MINUTE)
        rounds.append([address for address, _ in carrier.sent])
    assert {told[0] for told in rounds} == {"+447700900111"}
    assert [told[1][-1] for told in rounds[2:]] == ["0", "1", "2", "0"]


def test_a_gateway_that_fails_is_seen_and_tried_again(carrier):
    who = on_watch()
    carrier.broken = True
    danger()
    duty.send_due(at=NIGHT)
    (alarm,) = queries.open_alarms(by=who)
    assert (alarm.sent, alarm.reached) == (1, 0)
    carrier.broken = False
    duty.send_due(at=NIGHT + 5 * MINUTE)
    assert len(carrier.sent) == 1


def test_what_is_about_a_colleague_alarms_professional_standards_and_nobody_else(carrier):
    unit = on_watch()
    standards = on_watch(Role.PROFESSIONAL_STANDARDS, "+447700900333")
    danger(party_is_police="yes")
    duty.send_due(at=NIGHT)
    assert [address for address, _ in carrier.sent] == ["+447700900333"]
    assert not queries.open_alarms(by=unit)
    assert len(queries.open_alarms(by=standards)) == 1


def test_a_clock_long_over_alarms_the_watch_once_and_ends_when_it_stops(carrier):
    who = on_watch()
    report = arrive(at=NIGHT)
    triage.take_report(report_id=report, by=who, at=NIGHT)
    late = NIGHT + timedelta(days=2)
    assert watching.escalate(at=late) == 1
    assert watching.escalate(at=late) == 0
    (alarm,) = queries.open_alarms(by=who)
    assert alarm.because == "late"
    # It is late to be read, to be decided, and to be decided on crime: each has to be stopped.
    triage.open_account(report_id=report, reason=REASON, by=who, at=late)
    assert queries.open_alarms(by=who)
    triage.set_aside_report(report_id=report, reason=REASON, by=who, at=late)
    assert queries.open_alarms(by=who)


def test_when_it_has_ended_no_minute_is_left(carrier):
    who = on_watch()
    report = danger(at=NIGHT.replace(minute=41))
    triage.take_report(report_id=report, by=who, at=NIGHT.replace(minute=52))
    alarm = Alarm.objects.get()
    assert {alarm.raised_at.minute, alarm.next_at.minute, alarm.ended_at.minute} == {0}
    assert AuditEvent.objects.filter(action="alarm sent").count() == 0


def test_the_first_telling_is_on_record_by_the_hour(carrier):
    on_watch()
    danger()
    duty.send_due(at=NIGHT.replace(minute=17))
    event = AuditEvent.objects.get(action="alarm sent")
    assert event.at == NIGHT.replace(minute=0)
    assert event.detail == {"reached": 1, "because": "danger"}


def test_the_watch_is_taken_over_and_one_holds_it(carrier):
    first, second = on_watch(), on_watch()
    assert queries.standing(Desk.UNIT).holder == second
    assert Watch.objects.get(member=first).until == AT
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(desk=Desk.UNIT, member=first, since=AT)


def test_taking_what_one_holds_changes_nothing(carrier):
    who = on_watch()
    duty.take_watch(by=who, at=AT + MINUTE)
    assert Watch.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.EDITOR, Role.IDENTITY_KEEPER])
def test_who_does_not_answer_reports_holds_no_watch(role):
    who = member(role)
    with pytest.raises(Refused):
        duty.take_watch(by=who, at=AT)
    assert not queries.open_alarms(by=who)
