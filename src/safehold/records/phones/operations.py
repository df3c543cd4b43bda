"""Phones asked for, approved and ended; what is begun on them, and what they send."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from safehold.crypto.envelopes import Kind, parts
from safehold.crypto.errors import Tampered
from safehold.domain import instruments, phones
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.incidents.references import letters
from safehold.records.phones import queries
from safehold.records.phones.models import Phone, PhoneAnswer, PhoneStart, PhoneTaken
from safehold.records.phones.queries import PhoneNotFound
from safehold.records.risk import operations as risk_acts
from safehold.records.risk import queries as risk
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

LASTS = timedelta(days=180)  # the secret of a phone, in its browser
_CLOCKS_DIFFER = timedelta(days=2)


class NotSecond(PermissionError):
    """A phone is approved by somebody else than its member."""


class NotHere(Exception):
    """It cannot be begun on this phone; the message says why in one sentence."""


class NotKept(Exception):
    """What a phone sent was not kept. `code` says what stands in the way, for its script."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """A phone that was asked for, with the secret that it keeps; we keep its hash."""

    phone: Phone
    secret: str


@transaction.atomic
def ask(*, by: StaffMember, at: datetime) -> Asked:
    """Ask that the phone somebody holds may be used. Raises Refused."""
    by.must(Permission.ASSESS_RISK)
    secret = secrets.token_urlsafe(32)
    made = Phone.objects.create(
        member=by, digest=queries.digest_of(secret), mark=letters(), asked_at=at
    )
    _note(Action.PHONE_ASKED, made.member, by, at)
    return Asked(made, secret)


@transaction.atomic
def approve(*, phone_id: UUID, by: StaffMember, at: datetime) -> None:
    """Approve a colleague's phone. Raises Refused, PhoneNotFound, or NotSecond for one's own."""
    by.must(Permission.KEEP_PHONES)
    found = _locked(phone_id)
    if found.member_id == by.pk:
        raise NotSecond("It is your own phone: somebody else approves it.")
    if found.approved_at is None and found.ended_at is None:
        found.approved_at, found.approved_by = at, by
        found.save(update_fields=["approved_at", "approved_by"])
        _note(Action.PHONE_APPROVED, found.member, by, at)


@transaction.atomic
def end(*, phone_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """End a phone at once: one's own, or any for whoever approves them.

    Raises ReasonTooThin, or PhoneNotFound.
    """
    stated = meaningful(why)
    found = _locked(phone_id)
    if found.member_id != by.pk and not by.may(Permission.KEEP_PHONES):
        raise PhoneNotFound("There is no such phone.")
    if found.ended_at is None:
        found.ended_at, found.ended_by, found.ended_why = at, by, stated
        found.save(update_fields=["ended_at", "ended_by", "ended_why"])
        _note(Action.PHONE_ENDED, found.member, by, at)


@transaction.atomic
def begin(*, assessment_id: UUID, phone: Phone | None, by: StaffMember, at: datetime) -> PhoneStart:
    """Begin an assessment on the phone that somebody holds, or go on with what was begun on it.

    Raises Refused, AssessmentNotFound, Submitted, NotReady before the history was opened, or
    NotHere.
    """
    by.must(Permission.ASSESS_RISK)
    found = risk_acts.locked(assessment_id, by)
    risk_acts.refuse_submitted(found)
    risk_acts.refuse_without_history(found, by, at)
    if phone is None or phone.member_id != by.pk or not queries.may_send(phone):
        raise NotHere("This is no phone of yours that somebody has approved.")
    if found.case.sealed_to:
        raise NotHere("This case is for professional standards alone: fill it in at a desk.")
    under_way = phone.starts.filter(assessment=found, finished_at=None, ended_at=None).first()
    if under_way is not None:
        return under_way
    made = PhoneStart.objects.create(
        phone=phone,
        member=by,
        assessment=found,
        instrument=found.instrument.key,
        began_at=at,
        told_at=at,
    )
    audit.append(action=Action.PHONE_BEGUN, by=by, subject=risk.about(found.pk), at=at)
    return made


@transaction.atomic
def belongs_to(*, start_id: UUID, assessment_id: UUID, by: StaffMember, at: datetime) -> None:
    """Say to which assessment it belongs what one began without a connection.

    Raises Refused, AssessmentNotFound, Submitted, NotHere, or PhoneNotFound for what is
    somebody else's, is of another instrument, or belongs to one already.
    """
    by.must(Permission.ASSESS_RISK)
    found = risk_acts.locked(assessment_id, by)
    risk_acts.refuse_submitted(found)
    if found.case.sealed_to:  # it was sealed to the unit's key
        raise NotHere("This case is for professional standards alone: fill it in at a desk.")
    rows = PhoneStart.objects.select_for_update(no_key=True).filter(
        pk=start_id, member=by, assessment=None, instrument=found.instrument.key
    )
    start = rows.first()
    if start is None:
        raise PhoneNotFound("There is nothing from a phone that could belong to this.")
    start.assessment = found
    start.save(update_fields=["assessment"])
    audit.append(action=Action.PHONE_BEGUN, by=by, subject=risk.about(found.pk), at=at)


@transaction.atomic
def give_up(*, start_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """End the wait for what is out on a phone, with a reason; what comes later is kept.

    One's own, or any for whoever keeps phones. Raises ReasonTooThin, or PhoneNotFound.
    """
    stated = meaningful(why)
    start = PhoneStart.objects.select_for_update(no_key=True, of=("self",)).filter(pk=start_id)
    found = start.select_related("assessment").first()
    if found is None or not _may_give_up(found, by):
        raise PhoneNotFound("There is nothing on a phone that you could end.")
    if found.ended_at is None:
        found.ended_at, found.ended_by, found.ended_why = at, by, stated
        found.save(update_fields=["ended_at", "ended_by", "ended_why"])
        audit.append(action=Action.PHONE_GIVEN_UP, by=by, subject=_about(found), at=at)


@transaction.atomic
def receive(*, phone: Phone | None, message: Any, at: datetime) -> None:
    """Keep what a phone sends: that something was begun, a sealed answer, or that all was sent.

    What comes twice is kept once; nothing here is ever read back by a phone. Raises NotKept.
    """
    if phone is None or not queries.may_send(phone):
        raise NotKept("phone")
    keep = {"start": _keep_start, "answer": _keep_answer, "finish": _keep_finish}
    kind = message.get("kind") if isinstance(message, dict) else None
    if kind not in keep:
        raise NotKept("form")
    keep[kind](phone, message, at)


def _keep_start(phone: Phone, message: dict[str, Any], at: datetime) -> None:
    key, name = _key(message, "start"), message.get("instrument")
    if PhoneStart.objects.filter(pk=key).exists():
        _start(phone, key)  # somebody else's is none
        return
    if name not in instruments.NAMES:
        raise NotKept("form")
    # The clock of a phone may be wrong: it may make an alarm earlier, never later.
    began = _moment(message.get("began"), at)
    PhoneStart.objects.create(
        pk=key,
        phone=phone,
        member=phone.member,
        instrument=name,
        began_at=min(began, at),
        told_at=at,
    )
    _note(Action.PHONE_BEGUN, phone.member, phone.member, at)


def _keep_answer(phone: Phone, message: dict[str, Any], at: datetime) -> None:
    start, key = _start(phone, _key(message, "start")), _key(message, "id")
    sealed = _sealed(message.get("sealed"))
    if PhoneTaken.objects.filter(pk=key, start=start).exists():
        return
    kept = PhoneAnswer.objects.filter(pk=key).first()
    if kept is not None:
        if kept.start_id != start.pk or bytes(kept.sealed) != sealed:
            raise NotKept("other")
        return
    if start.sealed.count() + start.taken.count() >= phones.MOST_ANSWERS:
        raise NotKept("many")
    PhoneAnswer.objects.create(pk=key, start=start, sealed=sealed, received_at=at)


def _keep_finish(phone: Phone, message: dict[str, Any], at: datetime) -> None:
    start, count = _start(phone, _key(message, "start")), message.get("count")
    if type(count) is not int or not 0 <= count <= phones.MOST_ANSWERS:
        raise NotKept("form")
    if start.finished_at is None:
        start.count, start.finished_at = count, at
        # All of it may be taken over by now, or nothing was answered.
        over = not start.sealed.exists() and queries.has_arrived(start, start.taken.count())
        start.over_at = at if over else None
        start.save(update_fields=["count", "finished_at", "over_at"])
        audit.append(action=Action.PHONE_ARRIVED, by=phone.member, subject=_about(start), at=at)


def _start(phone: Phone, key: UUID) -> PhoneStart:
    """Return what a phone's member began, on any phone, while nothing else changes it."""
    rows = PhoneStart.objects.select_for_update(no_key=True)
    found = rows.filter(pk=key, member=phone.member).first()
    if found is None:
        raise NotKept("start")
    return found


def _sealed(value: Any) -> bytes:
    try:
        sealed = bytes.fromhex(value)
        if len(sealed) <= phones.LARGEST and parts(sealed).kind is Kind.PHONE:
            return sealed
    except (TypeError, ValueError, Tampered):
        pass
    raise NotKept("form")


def _key(message: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(message.get(name)))
    except ValueError:
        raise NotKept("form") from None


def _moment(value: Any, at: datetime) -> datetime:
    try:
        said = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        return said if abs(at - said) < _CLOCKS_DIFFER else at - _CLOCKS_DIFFER
    except (ValueError, TypeError):
        return at


def _may_give_up(start: PhoneStart, by: StaffMember) -> bool:
    if start.assessment_id and not risk.seen_by(by).filter(pk=start.assessment_id).exists():
        return False
    return start.member_id == by.pk or by.may(Permission.KEEP_PHONES)


def _about(start: PhoneStart) -> About:
    if start.assessment_id:
        return risk.about(start.assessment_id)
    return About("member", str(start.member_id))


def _locked(phone_id: UUID) -> Phone:
    rows = Phone.objects.select_for_update(no_key=True, of=("self",)).select_related("member")
    found = rows.filter(pk=phone_id).first()
    if found is None:
        raise PhoneNotFound("There is no such phone.")
    return found


def _note(action: Action, member: StaffMember, by: StaffMember, at: datetime) -> None:
    audit.append(action=action, by=by, subject=About("member", str(member.pk)), at=at)
