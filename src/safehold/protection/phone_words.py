"""Phones and what is out on them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safehold.design.words import counted, moment
from safehold.domain.access import Permission
from safehold.domain.phones import Level
from safehold.protection import risk_words
from safehold.records.phones import queries
from safehold.records.phones.queries import Out
from safehold.records.risk import instruments
from safehold.records.staff.queries import StaffMember


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One phone: what to do with it."""

    key: str
    mark: str
    who: str
    state: str
    approve: bool
    end: bool


@dataclass(frozen=True, slots=True)
class OutRow:
    """Something begun on a phone, and what can be done about it."""

    key: str
    says: str
    alarm: bool
    take: bool
    end: bool
    path: str


def rows(phones: Iterable[Any], member: StaffMember) -> list[PhoneRow]:
    """Say phones, with what the member may do."""
    keeps = member.may(Permission.KEEP_PHONES)
    return [
        PhoneRow(
            key=str(phone.pk),
            mark=phone.mark,
            who=phone.member.name,
            state=_state(phone),
            approve=keeps
            and phone.member_id != member.pk
            and not phone.approved_at
            and not phone.ended_at,
            end=not phone.ended_at and (keeps or phone.member_id == member.pk),
        )
        for phone in phones
    ]


def out_rows(outs: Iterable[Out], member: StaffMember) -> list[OutRow]:
    """Say what was begun on phones."""
    return [_out_row(one, member) for one in outs]


def notes(member: StaffMember, *, at: datetime) -> dict[str, Any]:
    """Return what the first page says of phones: what alarms, what waits, what is to approve."""
    found = out_rows(queries.alarms(by=member, at=at), member)
    return {"phones_out": found, "phones_to_approve": queries.count_to_approve(by=member)}


def _state(phone: Any) -> str:
    if phone.ended_at:
        return f"Ended {moment(phone.ended_at)} by {phone.ended_by.name}: “{phone.ended_why}”"
    if phone.approved_at:
        return f"Approved {moment(phone.approved_at)} by {phone.approved_by.name}"
    return f"Asked for {moment(phone.asked_at)}; waits for somebody else to approve it"


def _out_row(one: Out, member: StaffMember) -> OutRow:
    start = one.start
    own = start.member_id == member.pk
    return OutRow(
        key=str(start.pk),
        says=f"{_what(one, own)} {_how_far(one)}",
        alarm=bool(one.level),
        take=bool(one.sealed and one.known),
        end=not start.ended_at
        and not one.arrived
        and (own or (member.may(Permission.KEEP_PHONES) and (one.known or not start.assessment))),
        path=risk_words.path_of(start.assessment, "assessment_phone") if one.known else "",
    )


def _what(one: Out, own: bool) -> str:
    start = one.start
    who = "You" if own else start.member.name
    label = instruments.in_force(start.instrument).label if own or one.known else "an assessment"
    of = f", {start.assessment.reference}" if start.assessment and one.known else ""
    without = "" if start.assessment_id else ", without a connection"
    what = f"{label[:1].upper()}{label[1:]}"
    return f"{who} began on a phone, {moment(start.began_at)}{without}. {what}{of}."


def _how_far(one: Out) -> str:
    here = counted(one.here, "answer")
    if one.start.ended_by:
        ended = f"The wait for it was ended by {one.start.ended_by.name}: “{one.start.ended_why}”."
        return f"{ended} {here} came."
    if not one.arrived:
        late = "It has not arrived. " if one.level else "It is not finished. "
        ring = "Ring them: they may need help. " if one.level == Level.WATCH else ""
        return f"{late}{ring}{here} came so far."
    if one.sealed:
        return f"All of it is here, sealed: {counted(one.sealed, 'answer')} to take over."
    return f"All of it was taken over: {here}."
