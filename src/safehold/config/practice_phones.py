"""Assessments on a phone for practice: one that is out and alarms, one that has come, sealed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from safehold.crypto.envelopes import Kind, seal
from safehold.domain.phones import ALARMS_AFTER

if TYPE_CHECKING:  # as in practice_unit
    from safehold.records.cases.models import Case
    from safehold.records.phones.models import Phone, PhoneStart
    from safehold.records.staff.models import StaffMember

_WHY = "Practice: to show how an assessment comes from a phone"
_SAID = (
    {"item": "visits", "given": "yes", "words": "Practice: twice this week"},
    {"item": "loiters", "given": "yes"},
    {"item": "third", "given": "not_known"},
)


def fill(case: Case, victim: UUID, accused: UUID, *, by: StaffMember, at: datetime) -> None:
    """Begin one assessment that never arrives, and one that has."""
    from safehold.domain.instruments import NAMES
    from safehold.records.people.queries import look_at_person
    from safehold.records.phones import operations
    from safehold.records.risk import operations as risk

    before = at - ALARMS_AFTER - timedelta(minutes=20)
    phone = _phone(by, at=before)
    if phone is None or not {"dara", "stalking"} <= set(NAMES):
        return
    for identity in (victim, accused):
        look_at_person(identity=identity, reason=_WHY, by=by, at=before)
    for instrument in ("dara", "stalking"):
        made = risk.start(
            case_id=case.pk, instrument=instrument, victim=victim, accused=accused, by=by, at=before
        )
        start = operations.begin(assessment_id=made.pk, phone=phone, by=by, at=before)
    _send(phone, start, at=at)


def _phone(member: StaffMember, *, at: datetime) -> Phone | None:
    from safehold.records.phones import operations, queries
    from safehold.records.staff.queries import by_username

    boss = by_username("supervisor")
    if boss is None:
        return None
    asked = operations.ask(by=member, at=at)
    operations.approve(phone_id=asked.phone.pk, by=boss, at=at)
    return queries.by_secret(asked.secret)


def _send(phone: Phone, start: PhoneStart, *, at: datetime) -> None:
    from safehold.records.phones import operations, queries

    begun = str(start.pk)
    for order, said in enumerate(_SAID, 1):
        key = uuid4()
        content = {"given": "", "options": [], "words": "", "at": at.isoformat(), **said}
        sealed = seal(
            json.dumps({**content, "order": order}).encode(),
            kind=Kind.PHONE,
            subject=queries.subject(start, key),
            recipients=queries.keys_to_seal_to(),
        )
        message = {"kind": "answer", "start": begun, "id": str(key), "sealed": sealed.hex()}
        operations.receive(phone=phone, message=message, at=at)
    finish = {"kind": "finish", "start": begun, "count": len(_SAID)}
    operations.receive(phone=phone, message=finish, at=at)
