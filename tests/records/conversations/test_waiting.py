"""What a holder of a code wrote starts a clock once, and nothing but reading it stops that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from safehold.config import scheduler
from safehold.domain.access import Role
from safehold.domain.answering import Waits
from safehold.records.audit import operations as audit
from safehold.records.clocks.models import Clock
from safehold.records.conversations import operations as conversations
from safehold.records.conversations import unread
from safehold.records.conversations import waiting as room
from safehold.records.conversations.waiting import start_clocks
from safehold.records.duty.models import Alarm, Desk
from safehold.records.intake import returns
from safehold.records.triage import operations as triage
from safehold.records.triage import piles, waiting, watching
from safehold.records.triage.floods import set_aside_together
from safehold.records.triage.models import Flood, State, TriageSlip
from tests.desk import AT, REASON, member
from tests.desk_codes import send_with_code
from tests.whole_reports import end

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
HERS = "Monday is good, not before nine"
DAYS = timedelta(days=3)
LATE, OVER = AT + timedelta(hours=25), AT + timedelta(hours=37)


def written(*, at=AT, **answers: object) -> tuple[UUID, returns.Place]:
    report_id, place = send_with_code(**answers)
    returns.write(place, text=HERS, at=at)
    return report_id, place


def clock(report_id: UUID) -> Clock | None:
    return Clock.objects.filter(report_id=report_id, waits=Waits.MESSAGE, stopped_at=None).first()


def read(report_id: UUID, by, at=AT) -> None:
    conversations.open_conversation(report_id=report_id, reason=REASON, by=by, at=at)


def test_a_message_starts_a_clock_once_and_reading_it_is_what_stops_it():
    report_id, place = written()
    assert start_clocks(at=AT) == 1
    first = clock(report_id)
    hour = AT.replace(minute=0)
    assert (first.starts_at, first.due_at) == (hour, hour + timedelta(hours=24))
    returns.write(place, text=HERS, at=AT)
    later = AT + timedelta(hours=2)
    assert start_clocks(at=later) == 0
    assert clock(report_id) == first
    conversations.write(report_id=report_id, text="We ring", by=member(), at=later)
    assert clock(report_id) == first  # whoever only writes has read nothing
    read(report_id, member(), at=later)
    assert Clock.objects.get(pk=first.pk).stopped_how == "messages opened"
    assert start_clocks(at=later) == 0
    returns.write(place, text=HERS, at=later)
    assert start_clocks(at=later) == 1
    assert clock(report_id).starts_at == later.replace(minute=0)


def test_a_code_that_was_closed_waits_like_a_message():
    report_id, place = send_with_code()
    returns.close_code(place, AT)
    assert start_clocks(at=AT) == 1
    assert clock(report_id)


def test_nobody_gains_by_a_scheduler_that_stood_still():
    report_id, _ = written(at=AT - DAYS)
    start_clocks(at=AT)
    assert clock(report_id).starts_at.date() == (AT - DAYS + timedelta(days=1)).date()


def test_the_urgent_process_starts_it():
    report_id, _ = written()
    (job,) = [each for each in scheduler.urgent_jobs() if each.name == "start clocks of messages"]
    job.run(AT)
    assert clock(report_id)


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"state": State.NEW}, True),
        ({"state": State.ACCEPTED}, True),
        ({"state": State.SET_ASIDE, "set_aside_reason": REASON}, True),
        ({"state": State.SEALED, "problem": "Its key is not here", "opened_at": None}, False),
        ("ended", True),
        ("destroyed", False),
    ],
    ids=str,
)
def test_whatever_became_of_a_report_that_is_known_and_not_destroyed(changes, waits):
    report_id, _ = written()
    slips = TriageSlip.objects.filter(pk=report_id)
    if isinstance(changes, str):
        by = member(Role.SUPERVISOR)
        decided = {"state": State.SET_ASIDE, "closed_by": by, "closed_at": AT}
        slips.update(**decided, set_aside_reason=REASON, danger=False)
        end(report_id, by=by, at=AT)
        slips.update(destroyed_at=AT if changes == "destroyed" else None)
    else:
        decided_by = {"closed_by": member(Role.SUPERVISOR), "closed_at": AT}
        known = changes["state"] in {State.ACCEPTED, State.SET_ASIDE}
        slips.update(**changes, **(decided_by if known else {}))
    assert start_clocks(at=AT) == waits
    assert bool(clock(report_id)) is waits


def test_one_tick_starts_so_many_and_danger_first():
    reports = [written()[0] for _ in range(3)]
    TriageSlip.objects.filter(pk=reports[2]).update(danger=True)
    assert start_clocks(at=AT, most=1) == 1
    assert clock(reports[2])
    assert start_clocks(at=AT, most=1) == 1
    assert clock(reports[0])
    assert start_clocks(at=AT) == 1
    assert start_clocks(at=AT) == 0


def test_what_is_read_while_the_scheduler_looks_starts_none(monkeypatch):
    report_id, _ = written()

    def looked() -> list[UUID]:
        found = unread.all_unread()
        read(report_id, member())
        return found

    monkeypatch.setattr(room, "all_unread", looked)
    assert start_clocks(at=AT) == 0
    assert clock(report_id) is None


def test_what_comes_while_somebody_reads_goes_on_waiting(monkeypatch):
    report_id, place = written()
    start_clocks(at=AT)
    compare: Callable[..., None] = conversations.passing.compare

    def meanwhile(*args: object, **given: object) -> None:
        compare(*args, **given)
        returns.write(place, text=HERS, at=AT)

    with monkeypatch.context() as slow:
        slow.setattr(conversations.passing, "compare", meanwhile)
        read(report_id, member())
    assert clock(report_id)
    read(report_id, member())
    assert clock(report_id) is None


def test_the_clock_stops_with_the_audit_row_or_not_at_all(monkeypatch):
    report_id, _ = written()
    start_clocks(at=AT)
    by, append = member(), audit.append

    def broken(**given: Any) -> object:
        if given["action"] == "messages opened":
            raise RuntimeError("the audit is away")
        return append(**given)

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(RuntimeError):
        read(report_id, by)
    assert clock(report_id)
    assert conversations.unread(by=by) == [report_id]


@pytest.mark.parametrize(
    ("works", "desk", "sees", "never"),
    [
        ({}, Desk.UNIT, Role.SUPERVISOR, None),
        (
            {"works": {"party": "yes"}},
            Desk.STANDARDS,
            Role.PROFESSIONAL_STANDARDS,
            Role.SUPERVISOR,
        ),
    ],
    ids=["of anybody", "about a colleague"],
)
def test_it_is_late_on_first_pages_and_then_alarms_the_watch_of_its_own_desk(
    works, desk, sees, never
):
    by = member(sees)
    report_id, _ = written(**works)
    Clock.objects.filter(report_id=report_id).delete()
    watching._start_one(report_id, at=AT)
    Clock.objects.filter(report_id=report_id).update(stopped_at=AT, stopped_how="report taken")
    start_clocks(at=AT)
    assert [each.pk for each in waiting.late(by=by, at=LATE)] == [report_id]
    if never:
        assert not waiting.late(by=member(never), at=LATE)
        assert not conversations.unread(by=member(never))
    assert watching.escalate(at=LATE) == 0
    assert watching.escalate(at=OVER) == 1
    alarm = Alarm.objects.get(ended_at=None)
    assert (alarm.report_id, alarm.desk, alarm.because) == (report_id, desk, "late")
    assert watching.escalate(at=OVER) == 0
    triage.take_report(report_id=report_id, by=by, at=OVER)
    assert Alarm.objects.filter(ended_at=None).exists()  # to have it is not to have read it
    read(report_id, by, at=OVER)
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_in_a_pile_that_was_set_aside_it_waits_and_alarms_as_a_report(monkeypatch):
    by = member(Role.SUPERVISOR)
    report_id, _ = written()
    slip = TriageSlip.objects.get(pk=report_id)
    flood = Flood.objects.create(kind=slip.kind, danger=False, police_party=False, opened_at=AT)
    TriageSlip.objects.filter(pk=report_id).update(flood=flood, piled=True)
    start_clocks(at=AT)
    monkeypatch.setattr(piles, "still_to_open", lambda **_: 0)
    set_aside_together(flood_id=flood.pk, until=10**9, reason=REASON, by=by, at=AT)
    assert {each.waits for each in Clock.objects.filter(report_id=report_id, stopped_at=None)} == {
        Waits.MESSAGE
    }
    assert [each.pk for each in waiting.late(by=by, at=OVER)] == [report_id]
    watching.escalate(at=OVER)
    assert [each.report_id for each in Alarm.objects.filter(ended_at=None)] == [report_id]


def test_a_report_of_an_earlier_version_gets_its_own_clocks_too():
    report_id, _ = written()
    Clock.objects.filter(report_id=report_id).delete()
    start_clocks(at=AT)
    watching.escalate(at=AT)
    waits = set(Clock.objects.filter(report_id=report_id).values_list("waits", flat=True))
    assert waits >= {Waits.MESSAGE, Waits.OWNER, Waits.CRIME}
