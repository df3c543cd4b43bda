"""Reading what the holder of a code wrote, and writing back: each on the record, none in clear."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from safehold.crypto.envelopes import Kind as Envelope
from safehold.crypto.envelopes import seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.crypto.signing import load_signer
from safehold.domain.access import Permission, Refused
from safehold.domain.answering import Waits
from safehold.domain.conversation import (
    Entry,
    Kind,
    NotToBeSaid,
    check_for_holder,
    entry_from,
    status,
)
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as audit_queries
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.conversations.models import HolderKey, ReadUpTo
from safehold.records.conversations.unread import all_unread, unread_of
from safehold.records.duty import operations as duty
from safehold.records.intake import returns
from safehold.records.intake.returns import CodeClosed
from safehold.records.nudges import operations as nudges
from safehold.records.staff.models import StaffMember
from safehold.records.triage import envelopes, passing
from safehold.records.triage import queries as triage
from safehold.records.triage.arrivals import locked
from safehold.records.triage.openings import about, must_not_know_the_name
from safehold.records.triage.reasons import meaningful

__all__ = ["CodeClosed", "NotToBeSaid"]

MOST_WAITING = 500  # of those whose holders wrote again: more are shown when these were read


class KeyChanged(Exception):
    """Another key stands where the holder's was; the message says what to do, for the officer."""


class SaidMeanwhile(Exception):
    """The member was not shown all that was said; the message says what to do, for the officer."""


class ConversationSealed(Exception):
    """What was said could not be opened; the message says why, for the officer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as an officer reads it; None where it cannot be opened here."""

    number: int
    day: date
    from_us: bool
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a conversation without opening it."""

    has_code: bool
    entries: int
    from_holder: int
    unread: int


def standing(*, report_id: UUID, by: StaffMember) -> Standing:
    """Say whether somebody can be written to, and how much was said. Raises Refused."""
    _must(report_id, by)
    read = ReadUpTo.objects.filter(pk=report_id).values_list("number", flat=True).first() or 0
    entries, unread = returns.count_entries(report_id, after=read)
    _, from_holder = returns.count_entries(report_id, after=0)
    return Standing(returns.has_code(report_id), entries, from_holder, unread)


def open_conversation(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> list[Line]:
    """Record and commit who looks and why, then open what was said, in memory.

    Once nothing is unread, its clock stops: what needs an answer, whoever read it knows.
    Raises ReasonTooThin, Refused, ReportNotFound, or ConversationSealed.
    """
    stated = meaningful(reason)
    _must(report_id, by)
    party = triage.slip(report_id=report_id, by=by).party_is_police
    audit.record_look(by=by, reason=f"Messages: {stated}", subject=about(report_id), at=at)
    try:
        keys = envelopes.keys_of(Envelope.MESSAGE, party=party)
    except CryptoError as error:
        raise ConversationSealed(str(error)) from error
    lines = [
        Line(row.number, row.day, row.from_us, _opened(_envelope(row), report_id, keys))
        for row in returns.entries(report_id)
    ]
    said = [line.entry.text for line in lines if line.entry is not None and not line.from_us]
    try:
        passing.compare(
            said, report_id=report_id, party=party, about=about(report_id), by=by, at=at
        )
    except Refused:
        _record_opened(report_id, stated, by=by, at=at)
        raise
    read = _read(lines)
    with transaction.atomic():
        locked(report_id)  # or the scheduler could start a clock for what is read in this moment
        if read:
            ReadUpTo.objects.update_or_create(
                report_id=report_id, defaults={"number": read, "read_by": by, "read_at": at}
            )
        if report_id not in unread_of([report_id]):
            _stop(Waits.MESSAGE, Action.CONVERSATION_OPENED, report_id=report_id, by=by, at=at)
        _record_opened(report_id, stated, by=by, at=at)
    return lines


def say_status(
    *, report_id: UUID, key: str, once: UUID | None = None, by: StaffMember, at: datetime
) -> None:
    """Tell the holder of a code where the report stands, by a sentence of the list.

    Raises Refused, ReportNotFound, KeyError for another sentence, CodeClosed, KeyChanged, or
    ConversationSealed.
    """
    _say(status(key), Action.STATUS_SAID, report_id=report_id, detail=key, once=once, by=by, at=at)


def write(
    *,
    report_id: UUID,
    text: str,
    once: UUID | None = None,
    shown: int | None = None,
    by: StaffMember,
    at: datetime,
) -> None:
    """Write a message to the holder of a code; the same `once` is one message.

    `shown` is how many entries the member was shown, None where nobody was shown any. Raises
    Refused, ReportNotFound, NotToBeSaid, CodeClosed, KeyChanged, ConversationSealed, or
    SaidMeanwhile where there are others by now, or the member never opened what was said.
    """
    said = check_for_holder(text)
    if not said:
        raise NotToBeSaid("Write a message first.")
    if shown is not None:
        _must_have_seen(report_id, shown, once=once, by=by)
    entry = Entry(Kind.WORDS, said)
    _say(entry, Action.MESSAGE_WRITTEN, report_id=report_id, once=once, by=by, at=at)


def unread(*, by: StaffMember) -> list[UUID]:
    """Return the reports whose holders wrote what nobody has read, that the member may see.

    The oldest first, and no more than MOST_WAITING.
    """
    if not by.may(Permission.ANSWER_REPORTER):
        return []
    return triage.seen_among(all_unread(), by=by)[:MOST_WAITING]


def _say(
    entry: Entry,
    action: Action,
    *,
    report_id: UUID,
    detail: str = "",
    once: UUID | None,
    by: StaffMember,
    at: datetime,
) -> None:
    for_standards = _must(report_id, by)
    purpose = Envelope.MESSAGE.purpose_where(for_standards=for_standards)
    try:
        for_us = seal(
            json.dumps(entry.to_plain(), ensure_ascii=False).encode(),
            kind=Envelope.MESSAGE,
            subject=str(report_id),
            recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
        )
        signer = load_signer(settings.KEYS_FOLDER)
    except CryptoError as error:
        raise ConversationSealed(str(error)) from error
    _pinned(report_id, at)
    # The stores share no transaction: what the audit says was written may be missing after a crash
    # between the two commits, and never the other way round. She waits until it is written.
    with transaction.atomic():
        nudges.something_new(report_id=report_id, at=at)
        audit.append(
            action=action,
            by=by,
            subject=about(report_id),
            at=at,
            detail={"status": detail} if detail else {},
        )
    returns.write_to_holder(
        report_id=report_id, entry=entry, for_us=for_us, signer=signer, once=once, at=at
    )
    with transaction.atomic():
        _stop(Waits.ANSWER, action, report_id=report_id, by=by, at=at)


def _must_have_seen(report_id: UUID, shown: int, *, once: UUID | None, by: StaffMember) -> None:
    _must(report_id, by)
    entries = returns.count_entries_but(report_id, once)
    if entries > shown:
        raise SaidMeanwhile(
            "Something was said that this page did not show. Read it, then send yours: it is kept "
            "in the box."
        )
    opened = audit_queries.events_about(about(report_id)).filter(
        action=Action.CONVERSATION_OPENED, actor_id=str(by.pk)
    )
    _, from_holder = returns.count_entries(report_id, after=0)
    if from_holder and not opened.exists():
        raise SaidMeanwhile("Read what was said before you write: open it with a reason.")


def _stop(waits: Waits, how: Action, *, report_id: UUID, by: StaffMember, at: datetime) -> None:
    clocks.stop(report_id=report_id, waits=(waits,), how=how, by=by, at=at)
    duty.settle(report_id=report_id, owned=False, by=by, at=at)


def _must(report_id: UUID, by: StaffMember) -> bool:
    slip = triage.slip(report_id=report_id, by=by)
    by.must(Permission.ANSWER_REPORTER, triage.subject_of(slip))
    must_not_know_the_name(report_id=report_id, by=by)
    return slip.police_party


@transaction.atomic
def _record_opened(report_id: UUID, reason: str, *, by: StaffMember, at: datetime) -> None:
    audit.append(
        action=Action.CONVERSATION_OPENED, by=by, subject=about(report_id), at=at, reason=reason
    )


def _envelope(row: Any) -> bytes:
    again = envelopes.newest(row.report_id, Envelope.MESSAGE, number=row.number)
    return again or bytes(row.for_us)


def _read(lines: list[Line]) -> int:
    """Return up to which entry of the holder all could be read; the rest goes on waiting."""
    read = 0
    for line in lines:
        if line.entry is None:
            break
        read = read if line.from_us else line.number
    return read


def _pinned(report_id: UUID, at: datetime) -> None:
    """Hold the holder's key against the one that was there when the unit first wrote.

    It follows from the code, so it never changes: another one was put in its place.
    """
    key = returns.holder_key(report_id)
    if not key:
        raise CodeClosed
    digest = hashlib.sha256(key).hexdigest()
    pinned, _ = HolderKey.objects.get_or_create(
        report_id=report_id, defaults={"digest": digest, "seen_at": at}
    )
    if pinned.digest != digest:
        raise KeyChanged(
            "The code of this report is not the one that it had. Write nothing: tell "
            "whoever looks after the machine."
        )


def _opened(envelope: bytes, report_id: UUID, keys: OpeningKeys) -> Entry | None:
    try:
        content = json.loads(
            open_envelope(envelope, kind=Envelope.MESSAGE, subject=str(report_id), keys=keys)
        )
    except (CryptoError, ValueError):
        return None
    return entry_from(content) if isinstance(content, dict) else None
