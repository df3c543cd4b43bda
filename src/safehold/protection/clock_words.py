"""Clocks, queues, alarms and decisions on crime as a reader meets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from safehold.design.words import counted, day, moment
from safehold.domain import answering
from safehold.domain.access import Role
from safehold.domain.answering import Stage, Waits
from safehold.protection import presenters
from safehold.protection.presenters import SlipRow, age, hour_words, kind_label
from safehold.records.audit.actions import known
from safehold.records.audit.sentences import SENTENCES

UNREAD = "Its slip cannot be opened, so it counts as danger: take it, and see what is wrong"
_REASONS_SAID = 2
_CLASSES = {Stage.LATE: "late", Stage.ALARMED: "late", Stage.SOON: "soon", Stage.RUNNING: ""}


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock in words. `waits` is the class of how far it is: late, soon or nothing."""

    says: str
    due: str
    state: str
    waits: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What waits with one team, in words."""

    key: str
    label: str
    waiting: int
    unowned: int
    late: int
    oldest: str


@dataclass(frozen=True, slots=True)
class DangerRow:
    """One report, or pile, that the watch is alarmed about, and why, in words."""

    path: str
    reference: str
    now: bool
    why: str
    kind: str
    waited: str
    told: str
    owner: str


@dataclass(frozen=True, slots=True)
class CrimeRow:
    """Whether one report was decided in time to be a crime or none, in words."""

    reference: str
    report_id: str
    incident_id: str
    kind: str
    received: str
    due: str
    waits: str
    decision: str
    why: str
    by: str
    aggressor: bool = False


def clock_rows(clocks: Iterable[Any], *, at: datetime) -> list[ClockRow]:
    """Say the clocks of one report in words: those that run, and what stopped the others."""
    return [_clock_row(clock, at=at) for clock in clocks]


def next_clock(clocks: Iterable[Any], *, at: datetime) -> ClockRow | None:
    """Say the clock of a report that is due first, None where none runs."""
    first = next(iter(clocks), None)
    return None if first is None else _clock_row(first, at=at)


def with_clocks(
    lines: Iterable[Any], running: Mapping[UUID, list[Any]], *, at: datetime
) -> list[tuple[SlipRow, ClockRow | None]]:
    """Say reports, and piles of them, in words, each with the clock that is due first."""
    rows = [presenters.line(each, at=at) for each in lines]
    return [
        (row, None if row.flood_id else next_clock(running.get(UUID(row.report_id), ()), at=at))
        for row in rows
    ]


def queue_rows(queues: Iterable[Any], *, at: datetime) -> list[QueueRow]:
    """Say in words what waits with each team."""
    return [
        QueueRow(
            key=queue.key,
            label=queue.label,
            waiting=queue.waiting,
            unowned=queue.unowned,
            late=queue.late,
            oldest=age(queue.oldest, at=at) if queue.oldest else "",
        )
        for queue in queues
    ]


def late_heading(late: Any, *, of_all: bool) -> str:
    """Say how many reports are late: `of_all` that the reader watches over, or theirs alone."""
    if not of_all:
        return f"Late: {counted(late.own, 'report')} of yours"
    one = late.count == 1
    if late.own == 0:
        whose = "not yours" if one else "none of them yours"
    elif late.own == late.count:
        whose = "yours" if one else "all of them yours"
    else:
        whose = f"{late.own:,} of them yours"
    return f"Late: {counted(late.count, 'report')}, {whose}"


def late_others(late: Any) -> str:
    """Say to somebody how many reports are late that are not theirs; empty for none."""
    others = late.count - late.own
    are = "is late" if others == 1 else "are late"
    return f"Of the unit’s other reports, {others:,} {are}." if others else ""


def danger_row(alarm: Any, line: Any, *, path: str, over: Iterable[Any], at: datetime) -> DangerRow:
    """Say of one alarm why it is raised, since when the report waits, and who was told.

    `over` are the clocks that run of a report that is late; a pile is late by those in it.
    """
    late = "" if alarm.because == "danger" else _late_words(over, at=at)
    row = presenters.line(line, at=at)
    told = f"the watch was told {counted(alarm.sent, 'time')}" if alarm.sent else "nobody told yet"
    if alarm.sent and not alarm.reached:
        told = "no text or e-mail about it reached anybody"
    return DangerRow(
        path=path,
        reference=row.reference,
        now=row.now,
        why=late or _reasons(row.prompts) or UNREAD,
        kind=row.kind,
        waited=row.age,
        told=told,
        owner=row.owner,
    )


def _late_words(over: Iterable[Any], *, at: datetime) -> str:
    says = tuple(Waits(clock.waits).says for clock in over if clock.due_at <= at)
    return f"Long over: {_reasons(says) if says else 'a clock of reports in it'}"


def _reasons(prompts: tuple[str, ...]) -> str:
    """Say the first reasons in the rules' words, and how many more there are."""
    said, more = "; ".join(prompts[:_REASONS_SAID]), len(prompts) - _REASONS_SAID
    return f"{said}; and {more} more" if more > 0 else said


def undecided_row(slip: Any, incident: Any, *, at: datetime) -> CrimeRow:
    """Say one report of which nobody has decided whether it is a crime."""
    late = at >= slip.crime_due
    return CrimeRow(
        reference=slip.reference or str(slip.pk)[:8],
        report_id=str(slip.pk),
        incident_id=str(incident.pk) if incident else "",
        kind=kind_label(slip.kind),
        received=hour_words(slip.received_at),
        due=f"{_by(slip.crime_due)}{', late' if late else ''}",
        waits="late" if late else "",
        decision="Not accepted or set aside yet" if incident is None else "Not yet decided",
        why="",
        by="",
    )


def recorded_row(incident: Any, *, at: datetime) -> CrimeRow:
    """Say one incident that an officer recorded and of which nobody has decided about crime."""
    late = at >= incident.crime_due
    return CrimeRow(
        reference=incident.reference,
        report_id="",
        incident_id=str(incident.pk),
        kind=incident.get_classification_display(),
        received=moment(incident.recorded_at),
        due=f"{_by(incident.crime_due)}{', late' if late else ''}",
        waits="late" if late else "",
        decision="Not yet decided",
        why="",
        by="",
    )


def decided_row(incident: Any) -> CrimeRow:
    """Say one decision on crime, and whether it was in time."""
    due = incident.crime_due
    late = due is not None and incident.crime_decided_at > due
    return CrimeRow(
        reference=incident.reference,
        report_id=str(incident.report_id or ""),
        incident_id=str(incident.pk),
        kind="Set aside" if incident.set_aside else incident.get_classification_display(),
        received=moment(incident.recorded_at),
        due=f"{_by(due)}{', late' if late else ''}" if due else "None",
        waits="late" if late else "",
        decision=incident.get_crime_decision_display()
        + (" – settled" if incident.crime_settled else ""),
        why=incident.crime_reason,
        by=f"{incident.crime_decided_by.name}, {moment(incident.crime_decided_at)}",
    )


def figure_words(figure: Any) -> str:
    """Say how many decisions on crime were in time: of how many, since when, on what basis."""
    if not figure.decided:
        return f"No first decision since {day(figure.since)}."
    return (
        f"{figure.in_time} of {counted(figure.decided, 'first decision')} since "
        f"{day(figure.since)} {'was' if figure.in_time == 1 else 'were'} made in time, "
        "those about colleagues left out."
    )


def _clock_row(clock: Any, *, at: datetime) -> ClockRow:
    says = Waits(clock.waits).says
    if clock.stopped_at is not None:
        return ClockRow(says, _by(clock.due_at), _stopped(clock), "")
    due = _soon_by(clock.due_at, at=at)
    stage = answering.stage(starts_at=clock.starts_at, due_at=clock.due_at, at=at)
    state = {
        Stage.RUNNING: "runs",
        Stage.SOON: "soon over",
        Stage.LATE: "late",
        Stage.ALARMED: "late; the watch is told",
    }[stage]
    return ClockRow(says, due, state, _CLASSES[stage])


def _stopped(clock: Any) -> str:
    who = clock.stopped_by.name if clock.stopped_by else "The system"
    if clock.stopped_by and clock.stopped_by.role == Role.PROFESSIONAL_STANDARDS:
        who = "Professional standards"  # which of them looks at what is for them alone
    late = ", late" if clock.stopped_at > clock.due_at else ""
    did = SENTENCES[known(clock.stopped_how)].replace("{subject}", "it")
    return f"{who} {did}, {moment(clock.stopped_at)}{late}"


def _by(due: datetime) -> str:
    return f"by {localtime(due):%H:%M}, {day(due)}"


def _soon_by(due: datetime, *, at: datetime) -> str:
    """Say a time of about now in fewer words: without the day of today, and without the year."""
    there, here = localtime(due), localtime(at)
    if there.date() == here.date():
        return f"by {there:%H:%M} today"
    if there.year == here.year:
        return f"by {there:%H:%M}, {day(due).rsplit(' ', 1)[0]}"
    return _by(due)
