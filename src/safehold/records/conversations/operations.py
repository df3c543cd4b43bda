"""Reading what the holder of a code wrote, and writing back: each on the record, none in clear."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from safehold.crypto.envelopes import Kind as Envelope
from safehold.crypto.envelopes import seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.domain.access import Permission
from safehold.domain.conversation import (
    Entry,
    Kind,
    NotToBeSaid,
    check_for_holder,
    entry_from,
    status,
)
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.conversations.models import ReadUpTo
from safehold.records.intake import returns
from safehold.records.intake.returns import CodeClosed
from safehold.records.nudges import operations as nudges
from safehold.records.opening_keys import keys_to_open
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries as triage
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import meaningful

__all__ = ["CodeClosed", "NotToBeSaid"]


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
    unread: int


def standing(*, report_id: UUID, by: StaffMember) -> Standing:
    """Say whether somebody can be written to, and how much was said. Raises Refused."""
    _must(report_id, by)
    rows = list(returns.entries(report_id))
    read = _read_up_to([report_id]).get(report_id, 0)
    unread = sum(1 for row in rows if not row.from_us and row.number > read)
    return Standing(returns.has_code(report_id), len(rows), unread)


def open_conversation(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> list[Line]:
    """Record and commit who looks and why, then open what was said, in memory.

    Raises ReasonTooThin, Refused, ReportNotFound, or ConversationSealed.
    """
    stated = meaningful(reason)
    for_standards = _must(report_id, by)
    audit.record_look(by=by, reason=f"Messages: {stated}", subject=about(report_id), at=at)
    try:
        keys = keys_to_open(Envelope.MESSAGE, for_standards=for_standards)
    except CryptoError as error:
        raise ConversationSealed(str(error)) from error
    lines = [
        Line(row.number, row.day, row.from_us, _opened(bytes(row.for_us), report_id, keys))
        for row in returns.entries(report_id)
    ]
    theirs = [line.number for line in lines if not line.from_us]
    with transaction.atomic():
        if theirs:
            ReadUpTo.objects.update_or_create(
                report_id=report_id,
                defaults={"number": max(theirs), "read_by": by, "read_at": at},
            )
        audit.append(
            action=Action.CONVERSATION_OPENED,
            by=by,
            subject=about(report_id),
            at=at,
            reason=stated,
        )
    return lines


def say_status(*, report_id: UUID, key: str, by: StaffMember, at: datetime) -> None:
    """Tell the holder of a code where the report stands, by a sentence of the list.

    Raises Refused, ReportNotFound, KeyError for another sentence, or CodeClosed.
    """
    _say(status(key), Action.STATUS_SAID, report_id=report_id, detail=key, by=by, at=at)


def write(*, report_id: UUID, text: str, by: StaffMember, at: datetime) -> None:
    """Write a message to the holder of a code.

    Raises Refused, ReportNotFound, NotToBeSaid, or CodeClosed.
    """
    said = check_for_holder(text)
    if not said:
        raise NotToBeSaid("Write a message first.")
    _say(Entry(Kind.WORDS, said), Action.MESSAGE_WRITTEN, report_id=report_id, by=by, at=at)


def unread(*, by: StaffMember) -> list[UUID]:
    """Return the reports whose holders wrote what nobody has read, that the member may see."""
    if not by.may(Permission.ANSWER_REPORTER):
        return []
    newest = returns.newest_from_holders()
    read = _read_up_to(newest)
    waiting = [key for key, number in newest.items() if number > read.get(key, 0)]
    return triage.seen_among(waiting, by=by)


def _say(
    entry: Entry,
    action: Action,
    *,
    report_id: UUID,
    detail: str = "",
    by: StaffMember,
    at: datetime,
) -> None:
    for_standards = _must(report_id, by)
    purpose = Envelope.MESSAGE.purpose_where(for_standards=for_standards)
    for_us = seal(
        json.dumps(entry.to_plain(), ensure_ascii=False).encode(),
        kind=Envelope.MESSAGE,
        subject=str(report_id),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
    )
    if not returns.has_code(report_id):
        raise CodeClosed
    # The stores share no transaction: what the audit says was written may be missing after a crash
    # between the two commits, and never the other way round.
    with transaction.atomic():
        nudges.something_new(report_id=report_id, at=at)
        audit.append(
            action=action,
            by=by,
            subject=about(report_id),
            at=at,
            detail={"status": detail} if detail else {},
        )
    returns.write_to_holder(report_id=report_id, entry=entry, for_us=for_us, at=at)


def _must(report_id: UUID, by: StaffMember) -> bool:
    slip = triage.slip(report_id=report_id, by=by)
    by.must(Permission.ANSWER_REPORTER, triage.subject_of(slip))
    return slip.police_party


def _opened(envelope: bytes, report_id: UUID, keys: OpeningKeys) -> Entry | None:
    try:
        content = json.loads(
            open_envelope(envelope, kind=Envelope.MESSAGE, subject=str(report_id), keys=keys)
        )
    except (CryptoError, ValueError):
        return None
    return entry_from(content) if isinstance(content, dict) else None


def _read_up_to(report_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = ReadUpTo.objects.filter(report_id__in=list(report_ids))
    return dict(rows.values_list("report_id", "number"))
