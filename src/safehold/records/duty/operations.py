"""Taking the watch, and telling whoever holds it that something cannot wait.

Nothing silences an alarm but somebody having the report. What goes out says nothing of anybody: it
leads whoever reads it to the duty page, where they sign in first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from safehold.domain import answering
from safehold.domain.access import Permission, Role
from safehold.domain.answering import Waits
from safehold.domain.nudging import Channel
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.clocks.models import Clock
from safehold.records.duty.models import Alarm, Because, Desk, Reach, Watch
from safehold.records.nudges.transports import NotDelivered, Unanswered
from safehold.records.nudges.ways import transport
from safehold.records.staff.models import StaffMember

__all__ = ["Because", "desk_of", "keep_reach", "raise_alarm", "send_due", "settle", "take_watch"]
log = logging.getLogger("safehold.duty")
_SCHEDULER = System("scheduler")
# The urgent process does one thing at a time, and slips of danger wait behind this.
_SECONDS = 12  # for each desk
_TOLD_WITHIN = timedelta(minutes=30)
_AT_A_TIME = 1_000
_SUPERVISE = {Desk.UNIT: Role.SUPERVISOR, Desk.STANDARDS: Role.PROFESSIONAL_STANDARDS}


def desk_of(member: StaffMember) -> Desk:
    """Return whose watch a member may hold."""
    return Desk.STANDARDS if member.role == Role.PROFESSIONAL_STANDARDS else Desk.UNIT


@transaction.atomic
def take_watch(*, by: StaffMember, at: datetime) -> Watch:
    """Take the watch of the member's desk over from whoever holds it; once more changes nothing.

    Raises Refused.
    """
    by.must(Permission.HOLD_WATCH)
    desk = desk_of(by)
    held = Watch.objects.select_for_update().filter(desk=desk, until=None).first()
    if held is not None and held.member_id == by.pk:
        return held
    if held is not None:
        held.until = at
        held.save(update_fields=["until"])
    watch = Watch.objects.create(desk=desk, member=by, since=at)
    audit.append(
        action=Action.WATCH_TAKEN,
        by=by,
        subject=About("watch", str(desk)),
        at=at,
        detail={"from": str(held.member_id) if held else ""},
    )
    return watch


@transaction.atomic
def keep_reach(*, mobile: str, email: str, by: StaffMember, at: datetime) -> Reach:
    """Keep where a member is told of alarms; both empty is nowhere. Raises Refused.

    `mobile` is as gateways take it (`domain.nudging.phone`). The audit says that it changed.
    """
    by.must(Permission.HOLD_WATCH)
    reach, _ = Reach.objects.update_or_create(
        member=by, defaults={"mobile": mobile, "email": email}
    )
    audit.append(
        action=Action.REACH_KEPT,
        by=by,
        subject=About("member", str(by.pk)),
        at=at,
        detail={"mobile": bool(mobile), "email": bool(email)},
    )
    return reach


def raise_alarm(
    *,
    report_id: UUID,
    for_standards: bool,
    because: Because,
    at: datetime,
    of_pile: bool = False,
) -> None:
    """Alarm whoever holds the watch about a report, or a pile, inside the caller's transaction.

    While one is open for it, another changes nothing.
    """
    desk = Desk.STANDARDS if for_standards else Desk.UNIT
    alarm, new = Alarm.objects.get_or_create(
        report_id=report_id,
        ended_at=None,
        defaults={
            "desk": desk,
            "because": because,
            "raised_at": at,
            "next_at": at,
            "of_pile": of_pile,
        },
    )
    if not new and because == Because.DANGER and alarm.because != Because.DANGER:
        alarm.because, alarm.sent, alarm.reached, alarm.next_at = because, 0, 0, at
        alarm.save(update_fields=["because", "sent", "reached", "next_at"])


def settle(*, report_id: UUID, owned: bool, by: StaffMember, at: datetime) -> None:
    """End the alarm of a report once somebody has it and none of its clocks is long over.

    Inside the transaction of the act that took it (`owned`), or that stopped a clock.
    """
    late = bool(late_waits(report_id))
    for alarm in Alarm.objects.select_for_update().filter(report_id=report_id, ended_at=None):
        if not late and (owned or alarm.because == Because.LATE):
            _end(alarm, by=by, at=at)
        elif late and owned and alarm.because == Because.DANGER:
            alarm.because = Because.LATE
            alarm.save(update_fields=["because"])


def settle_together(*, report_ids: Sequence[UUID], by: StaffMember, at: datetime) -> None:
    """Do the same for many reports that somebody has decided about, most of which alarm nobody."""
    open_ones = Alarm.objects.filter(report_id__in=report_ids, ended_at=None)
    for report_id in list(open_ones.order_by("pk").values_list("report_id", flat=True)):
        settle(report_id=report_id, owned=True, by=by, at=at)


def _end(alarm: Alarm, *, by: StaffMember | None, at: datetime) -> None:
    alarm.raised_at = alarm.next_at = _hour(alarm.raised_at)
    alarm.ended_at, alarm.ended_by = _hour(at), by
    alarm.save()


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def into_pile(*, report_ids: Sequence[UUID]) -> None:
    """Take away the alarms of reports that went into a pile, inside that act: it has its own."""
    for start in range(0, len(report_ids), _AT_A_TIME):
        some = report_ids[start : start + _AT_A_TIME]
        Alarm.objects.filter(report_id__in=some, ended_at=None).delete()


def nobody_needs(*, report_id: UUID, at: datetime) -> None:
    """End the alarm of what has emptied by itself, inside the act that emptied it."""
    for alarm in Alarm.objects.select_for_update().filter(report_id=report_id, ended_at=None):
        _end(alarm, by=None, at=at)


def move(*, report_id: UUID, for_standards: bool, at: datetime) -> None:
    """Let the open alarm of a report be another desk's, inside the act that passes it on."""
    desk = Desk.STANDARDS if for_standards else Desk.UNIT
    Alarm.objects.filter(report_id=report_id, ended_at=None).update(
        desk=desk, sent=0, reached=0, next_at=at
    )


def send_due(*, at: datetime) -> int:
    """Tell people of the alarms whose time has come; return how many people were told.

    One message a person, however many alarms wait. An alarm that reached nobody is tried again as
    soon as any other, and says so on every supervisor's first page.
    """
    due = Alarm.objects.filter(ended_at=None, next_at__lte=at).order_by("next_at", "pk")
    told = 0
    for desk in Desk:  # each with a time of its own: a slow gateway of one keeps no other waiting
        rows = list(due.filter(desk=desk)[:_AT_A_TIME])
        if rows:
            told += _tell(desk, rows, enough=time.monotonic() + _SECONDS, at=at)
    return told


def _tell(desk: Desk, alarms: list[Alarm], *, enough: float, at: datetime) -> int:
    everybody = any(answering.tells_everybody(alarm.sent) for alarm in alarms)
    # Before a word goes out: a process that falls in between tells nobody twice a minute.
    # One by one: whoever takes a report meanwhile holds its alarm and may want that of its pile.
    for alarm in alarms:
        Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(
            sent=F("sent") + 1, next_at=at + answering.next_alarm_after(alarm.sent + 1)
        )
    told: set[int] = set()
    for reach, channel in _in_turn(_whom(desk, everybody=everybody), desk):
        if time.monotonic() > enough:
            break
        if _reached(reach, channel, at=at):
            told.add(reach.pk)
    reached = len(told)
    for alarm in alarms:
        _told(alarm, reached=reached, at=at)
    return reached


@transaction.atomic
def _told(alarm: Alarm, *, reached: int, at: datetime) -> None:
    Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(reached=F("reached") + reached)
    if alarm.sent:
        return
    audit.append(
        action=Action.ALARM_SENT,
        by=_SCHEDULER,
        subject=About(_sort_of(alarm), str(alarm.report_id)),
        at=_hour(at),
        detail={"reached": reached, "because": alarm.because},
    )


def _sort_of(alarm: Alarm) -> str:
    if alarm.because == Because.DEADLINE:
        return "deadline"
    return "pile" if alarm.of_pile else "report"


def _whom(desk: Desk, *, everybody: bool) -> Iterable[Reach]:
    reaches = Reach.objects.select_related("member").filter(member__is_active=True)
    holder = reaches.filter(
        member__in=Watch.objects.filter(desk=desk, until=None).values("member")
    ).exclude(mobile="", email="")
    if holder.exists() and not everybody:
        return list(holder)
    supervise = reaches.filter(member__role=_SUPERVISE[desk]).exclude(mobile="", email="")
    return list((holder | supervise).distinct())


def _in_turn(reaches: Iterable[Reach], desk: Desk) -> list[tuple[Reach, Channel]]:
    """Return who is told by what, in order: a slow gateway may cut a round off anywhere.

    Whoever holds the watch is first, then whom earlier rounds did not get to, texts before e-mail.
    The second way of anybody comes after the first of all.
    """
    holders = set(Watch.objects.filter(desk=desk, until=None).values_list("member_id", flat=True))
    ways = [
        (number, reach.pk not in holders, reach, channel)
        for reach in reaches
        for number, channel in enumerate(_ways_of(reach))
    ]
    ways.sort(
        key=lambda way: (
            way[0],
            way[1],
            way[2].tried_at.timestamp() if way[2].tried_at else 0,
            way[3] != Channel.TEXT,
            way[2].pk,
        )
    )
    return [(reach, channel) for _, _, reach, channel in ways]


def _ways_of(reach: Reach) -> list[Channel]:
    given = ((Channel.TEXT, reach.mobile), (Channel.EMAIL, reach.email))
    return [channel for channel, address in given if address and transport(channel) is not None]


def _reached(reach: Reach, channel: Channel, *, at: datetime) -> bool:
    way = transport(channel)
    if way is None:
        return False
    Reach.objects.filter(pk=reach.pk).update(tried_at=at)
    subject, text = answering.alarm_words()
    address, said = (reach.mobile, "") if channel == Channel.TEXT else (reach.email, subject)
    try:
        way.send(address, said, text, until=at + _TOLD_WITHIN)
    except Unanswered:
        return True  # handed over whole: it may well have arrived
    except NotDelivered as error:
        log.warning("an alarm did not leave by %s: %s", channel, error)
        return False
    return True


def late_waits(report_id: UUID) -> list[Waits]:
    """Return of which of its clocks whoever holds the watch was told."""
    late = Clock.objects.filter(report_id=report_id, stopped_at=None, alarmed=True)
    return [Waits(waits) for waits in late.order_by("due_at").values_list("waits", flat=True)]
