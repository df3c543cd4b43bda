"""Who a report waits for and by when: its team, its clocks, its alarm; and what stops them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from safehold.domain import answering
from safehold.domain.access import Permission, Subject
from safehold.domain.answering import OF_ARRIVAL, Arrived, Waits
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.triage_slip import Said
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.clocks import queries as clock_queries
from safehold.records.clocks.models import Clock
from safehold.records.duty import operations as duty
from safehold.records.duty.operations import Because
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import set_aside
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import Flood, NameRequest, State, TriageSlip

_AT_A_TIME = 200
_UNREAD = Arrived(kind="", danger=True, danger_now=True)


def arrived(row: TriageSlip) -> Arrived:
    """Return a report as far as its team and its times depend on it."""
    return Arrived(
        kind=row.kind,
        danger=row.danger,
        danger_now=row.danger_now,
        child=row.child_present in {Said.YES, Said.NOT_SURE},
        wants_reply=row.wants_reply == Said.YES,
        for_standards=row.police_party,
    )


def team_of(row: TriageSlip) -> str:
    """Return the key of the team that a report goes to by its slip."""
    return answering.team_of(arrived(row))


def begin(row: TriageSlip, *, at: datetime, since: datetime | None = None) -> None:
    """Start the clocks of a report that was saved just now, and alarm the watch about danger.

    Inside the transaction in which its slip was opened: there is no report that nobody waits for.
    They start when it came, or `since` it is known to be a report.
    """
    starts_at = since or row.received_at
    clocks.start(report_id=row.report_id, arrived=arrived(row), starts_at=starts_at)
    nobody_has(row, at=at)


def unread(row: TriageSlip, *, at: datetime) -> None:
    """Let a report whose slip does not open wait for an owner as danger now would, inside that act.

    Nothing is known of it, so it may be just that; and so the unit's own watch is alarmed.
    """
    clocks.start_again(
        report_id=row.report_id, arrived=_UNREAD, waits=(Waits.OWNER,), at=row.received_at
    )
    duty.raise_alarm(report_id=row.report_id, for_standards=False, because=Because.DANGER, at=at)


def no_longer_unread(report_id: UUID, *, at: datetime) -> None:
    """End what waited because a slip did not open, inside the act that opened or destroyed it."""
    clocks.forget(report_id=report_id)
    duty.nobody_needs(report_id=report_id, at=at)


def read_at_last(row: TriageSlip, *, at: datetime) -> None:
    """Let a report wait as its slip says, once that opens, inside that act.

    Whoever took it meanwhile keeps it, unless it is about a colleague and not for them.
    """
    no_longer_unread(row.report_id, at=at)
    about = Subject(police_party=row.police_party)
    if row.owner is not None and not row.owner.may(Permission.TAKE_REPORT, about):
        row.owner, row.taken_at = None, None
        row.save(update_fields=["owner", "taken_at"])
    _begin_as_it_is(row, at=at)


def owned(row: TriageSlip, *, how: Action, by: StaffMember, at: datetime) -> None:
    """Stop what waits for an owner, inside the act that gave the report one."""
    clocks.stop(report_id=row.report_id, waits=(Waits.OWNER,), how=how, by=by, at=at)
    duty.settle(report_id=row.report_id, owned=True, by=by, at=at)
    _left_its_pile(row, at=at)


def nobody_has(row: TriageSlip, *, at: datetime) -> None:
    """Alarm the watch about a report with a danger prompt, inside the act that left it unowned."""
    if row.danger:
        duty.raise_alarm(
            report_id=row.report_id,
            for_standards=row.police_party,
            because=Because.DANGER,
            at=at,
        )


def let_go(row: TriageSlip, *, at: datetime) -> None:
    """Let a report without an owner wait for one from now, inside the act that left it so."""
    clocks.start_again(report_id=row.report_id, arrived=arrived(row), waits=(Waits.OWNER,), at=at)
    nobody_has(row, at=at)
    _left_its_pile(row, at=at)


def passed_on(row: TriageSlip, *, decide_again: bool, at: datetime) -> None:
    """Let a report that was passed on wait for an owner of those who have it now, inside that act.

    `decide_again` says that it has an incident of its own now, of which nothing is decided. What
    asked a keeper for its name asks no more.
    """
    NameRequest.objects.filter(slip=row, answer=NameRequest.Answer.WAITING).update(
        answer=NameRequest.Answer.WITHDRAWN, answered_by=F("asked_by"), answered_at=at
    )
    waits = () if row.ended_at is not None else (Waits.OWNER, Waits.READ)
    waits = (*waits, Waits.CRIME) if decide_again else waits
    clocks.start_again(report_id=row.report_id, arrived=arrived(row), waits=waits, at=at)
    duty.move(report_id=row.report_id, for_standards=row.police_party, at=at)
    if row.ended_at is None:
        nobody_has(row, at=at)
    _left_its_pile(row, at=at)


def decided(row: TriageSlip, *, by: StaffMember, at: datetime) -> None:
    """Stop what waits for a decision on a report, and let what is to be decided of it run."""
    how = Action.REPORT_ACCEPTED if row.state == State.ACCEPTED else Action.REPORT_SET_ASIDE
    waits = (Waits.OWNER, Waits.READ, Waits.DECIDED)
    clocks.stop(report_id=row.report_id, waits=waits, how=how, by=by, at=at)
    duty.settle(report_id=row.report_id, owned=True, by=by, at=at)
    _left_its_pile(row, at=at)


def decide_again(row: TriageSlip, *, at: datetime) -> None:
    """Let the clock for a decision on crime run again: the report was set aside, and is not now."""
    clocks.start_again(report_id=row.report_id, arrived=arrived(row), waits=(Waits.CRIME,), at=at)


def begun_again(row: TriageSlip, *, at: datetime) -> None:
    """Let what the end of the work had stopped run again from now, and look for an owner."""
    stopped = clock_queries.stopped_by(row.report_id, how=Action.REPORT_ENDED)
    stopped |= clock_queries.stopped_by(row.report_id, how=Action.PILE_ENDED)
    waits = {*stopped, Waits.OWNER} if row.owner_id is None else stopped
    clocks.start_again(report_id=row.report_id, arrived=arrived(row), waits=tuple(waits), at=at)
    if row.owner_id is None:
        nobody_has(row, at=at)


def piled(report_ids: Sequence[UUID], flood: Flood, *, at: datetime) -> None:
    """Let a pile alarm once in the place of the reports that went into it, inside that act."""
    duty.into_pile(report_ids=report_ids)
    if flood.danger:
        _alarm_about(flood, because=Because.DANGER, at=at)


def put_back(report_ids: Sequence[UUID], flood: Flood, *, by: StaffMember, at: datetime) -> None:
    """Let reports that are put back wait for people again, inside that act."""
    set_aside.undecide(report_ids)
    clocks.go_on_together(report_ids=report_ids, stopped_how=Action.PILE_SET_ASIDE)
    duty.settle(report_id=flood.pk, owned=True, by=by, at=at)
    for start in range(0, len(report_ids), _AT_A_TIME):
        some = report_ids[start : start + _AT_A_TIME]
        for row in TriageSlip.objects.filter(pk__in=some, danger=True, owner=None):
            nobody_has(row, at=at)


def set_aside_together(
    report_ids: Sequence[UUID],
    flood: Flood,
    later: Flood | None,
    *,
    reason: str,
    by: StaffMember,
    at: datetime,
) -> None:
    """Stop what waits for reports that are set aside together, inside that act.

    Each is decided to be no crime by the same act, and nobody waits for an answer to it until it is
    put back: an alarm about one would be about the pile, which nobody could end. A message that
    nobody has read goes on waiting, and so does what came `later`.
    """
    how = Action.PILE_SET_ASIDE
    clocks.stop_together(report_ids=report_ids, waits=OF_ARRIVAL, how=how, by=by, at=at)
    if flood.kind != DVDS:
        set_aside.record_together(
            report_ids=report_ids,
            reason=reason,
            police_party=flood.police_party,
            by=by,
            at=at,
        )
    duty.settle(report_id=flood.pk, owned=True, by=by, at=at)
    if later is not None and later.danger:
        _alarm_about(later, because=Because.DANGER, at=at)


def escalate(*, at: datetime) -> int:
    """Alarm the watch about every clock that is long over; return of how many reports.

    Reports without clocks, of an earlier version, get theirs first.
    """
    _start_missing(at=at)
    reports = 0
    while late := clock_queries.to_alarm(at=at):
        by_report: dict[object, list[Clock]] = {}
        for clock in late:
            by_report.setdefault(clock.report_id, []).append(clock)
        rows = TriageSlip.objects.select_related("flood").filter(pk__in=list(by_report))
        for row in rows:
            reports += _told_of(row, by_report.pop(row.report_id), at=at)
        for orphans in by_report.values():
            clocks.alarmed(orphans)  # the report is no longer here
    return reports


@transaction.atomic
def _told_of(row: TriageSlip, late: list[Clock], *, at: datetime) -> bool:
    """Alarm about one report, unless somebody has acted since its clocks were read."""
    row = TriageSlip.objects.select_for_update(no_key=True).get(pk=row.pk)
    still = [clock for clock in late if clock_queries.runs(clock)]
    if not still:
        return False
    clocks.alarmed(still)
    # A message is of one report, also in a pile: no decision about the pile ends that alarm.
    written = [clock for clock in still if clock.waits == Waits.MESSAGE]
    flood = row.flood if row.piled else None
    if flood is not None and len(written) < len(still):
        _alarm_about(flood, because=Because.LATE, at=at)
    if flood is None or written:
        duty.raise_alarm(
            report_id=row.report_id, for_standards=row.police_party, because=Because.LATE, at=at
        )
    return True


def _start_missing(*, at: datetime) -> None:
    """Give reports of an earlier version what they lack: a team, clocks, a decision to make."""
    has_clock = Exists(Clock.objects.filter(report_id=OuterRef("pk"), waits__in=OF_ARRIVAL))
    rows = TriageSlip.objects.filter(ended_at=None, destroyed_at=None)
    rows = rows.exclude(has_clock)
    for row in rows.order_by("arrival")[:_AT_A_TIME]:
        with transaction.atomic():
            _start_one(row.pk, at=at)


def _start_one(report_id: UUID, *, at: datetime) -> None:
    # Read again: somebody may have taken it, or decided, since the list of them was read.
    row = TriageSlip.objects.select_for_update(no_key=True).get(pk=report_id)
    if row.ended_at is not None or row.destroyed_at is not None:
        return
    if row.state == State.SEALED:
        unread(row, at=at)
        return
    if not row.team:
        TriageSlip.objects.filter(pk=row.pk).update(team=team_of(row))
    _begin_as_it_is(row, at=at)
    if row.state == State.NEW:
        return
    by, closed = row.closed_by, row.closed_at
    if by is None or closed is None:
        return
    accepted = row.state == State.ACCEPTED
    how = Action.REPORT_ACCEPTED if accepted else Action.REPORT_SET_ASIDE
    incident = incidents.decision_of(row.pk)
    if incident is None and not accepted and row.kind != DVDS:
        incident = set_aside.record_one(
            report_id=row.pk,
            reason=row.set_aside_reason,
            police_party=row.police_party,
            by=by,
            at=closed,
        )
    undecided = incident is not None and incident.crime_decided_at is None
    waits = tuple(each for each in OF_ARRIVAL if each is not Waits.CRIME or not undecided)
    clocks.stop(report_id=row.pk, waits=waits, how=how, by=by, at=closed)


def _begin_as_it_is(row: TriageSlip, *, at: datetime) -> None:
    """Start the clocks of a report from when it came; that of an owner is over where it has one."""
    clocks.start(report_id=row.report_id, arrived=arrived(row), starts_at=row.received_at)
    if row.state != State.NEW:
        return
    if row.owner is None:
        nobody_has(row, at=at)
    else:
        taken, how = row.taken_at or at, Action.REPORT_TAKEN
        clocks.stop(report_id=row.pk, waits=(Waits.OWNER,), how=how, by=row.owner, at=taken)


def _left_its_pile(row: TriageSlip, *, at: datetime) -> None:
    """End the alarm of a pile that the last report has left one by one."""
    if row.flood_id is None:
        return
    left = TriageSlip.objects.filter(flood_id=row.flood_id, piled=True, state=State.NEW)
    if not left.exists():
        duty.nobody_needs(report_id=row.flood_id, at=at)


def _alarm_about(flood: Flood, *, because: Because, at: datetime) -> None:
    duty.raise_alarm(
        report_id=flood.pk,
        for_standards=flood.police_party,
        because=because,
        of_pile=True,
        at=at,
    )
