"""A phone of a member, approved, and what it sends: sealed as its script seals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from safehold.crypto.envelopes import Kind, seal
from safehold.domain.access import Role
from safehold.records.phones import operations, queries
from safehold.records.phones.models import Phone, PhoneStart
from safehold.records.staff.models import StaffMember
from tests.desk import AT, member


@dataclass(frozen=True)
class Sent:
    """One answer as a phone posts it."""

    start: UUID
    id: UUID
    sealed: str

    def message(self) -> dict[str, Any]:
        """Return what is posted."""
        return {
            "kind": "answer",
            "start": str(self.start),
            "id": str(self.id),
            "sealed": self.sealed,
        }


def phone_of(who: StaffMember, *, by: StaffMember | None = None) -> operations.Asked:
    """Ask for a phone and have a supervisor approve it."""
    asked = operations.ask(by=who, at=AT)
    boss = by or member(Role.SUPERVISOR, name="Pell Lisle")
    operations.approve(phone_id=asked.phone.pk, by=boss, at=AT)
    phone = Phone.objects.select_related("member").get(pk=asked.phone.pk)
    return operations.Asked(phone, asked.secret)


def sealed(
    start: PhoneStart | UUID, order: int, item: str, *, at: datetime = AT, **said: Any
) -> Sent:
    """Seal an answer to the unit."""
    key, begun = uuid4(), start.pk if isinstance(start, PhoneStart) else start
    content = {
        "given": "",
        "options": [],
        "words": "",
        "item": item,
        "order": order,
        "at": (at + timedelta(seconds=order)).isoformat(),
        **said,
    }
    envelope = seal(
        json.dumps(content).encode(),
        kind=Kind.PHONE,
        subject=queries.subject(begun, key),
        recipients=queries.keys_to_seal_to(),
    )
    return Sent(begun, key, envelope.hex())


def receive(phone: Phone, message: dict[str, Any] | Sent, *, at: datetime = AT) -> None:
    """Have something arrive."""
    sent = message.message() if isinstance(message, Sent) else message
    operations.receive(phone=phone, message=sent, at=at)


def finish(phone: Phone, start: PhoneStart, count: int, *, at: datetime = AT) -> None:
    """Have the phone say that it has sent all."""
    receive(phone, {"kind": "finish", "start": str(start.pk), "count": count}, at=at)
