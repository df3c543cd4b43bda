"""Partner agencies for tests, with keys whose secret halves tests know, and reports to share."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pyrage

from safehold.crypto import age_files
from safehold.domain import sharing
from safehold.domain.access import Role
from safehold.records.agencies import operations as agencies
from safehold.records.agencies.models import Agency
from safehold.records.shares import choosing
from safehold.records.shares import sharing as operations
from safehold.records.shares.choosing import Plan
from safehold.records.shares.models import Share
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from tests.desk import AT, member, send_harm

_numbers = itertools.count(1)
WHY = "Because the plan for her needs it"
HOW_KNOWN = "Their manager looked at who works there"
# Every word is found nowhere else, so that a file shows what is in it.
TOLD: dict[str, dict[str, Any]] = {
    "identity": {"how": "named"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
    "contact_when": {"days": ["mon"], "parts": ["morning"], "more": "Not when the van is there"},
    "contact_seen": {"answer": "yes", "more": "His mother Ottoline"},
    "code": {"word": "marmalade"},
    "if_urgent": {"never": "Come to the door"},
    "what": {"text": "He shut the wardrobe"},
    "person": {"text": "Drives a turquoise lorry"},
    "children": {"answer": "yes"},
    "children_about": {"text": "Two small otters"},
    "share": {"answer": "yes"},
    "about_you": {"ask": "yes"},
    "you_age": {"answer": "30s"},
}
WORDS = {
    "what": "wardrobe",
    "person": "turquoise",
    "children_about": "otters",
    sharing.NAME: "Zanzibar",
    sharing.CONTACT: "900123",
}


@dataclass(frozen=True)
class Partner:
    """An agency, and the secret half of its key."""

    agency: Agency
    secret: str

    def opens(self, file: bytes) -> str:
        """Open a file as the agency does."""
        identity = pyrage.x25519.Identity.from_str(self.secret)
        return bytes(pyrage.decrypt(file, [identity])).decode()


def partner(kind: str = "idva", *, at: datetime = AT, name: str = "") -> Partner:
    """Add an agency whose key two supervisors have checked."""
    enters, confirms = member(Role.SUPERVISOR), member(Role.SUPERVISOR, name="Pell Lisle")
    agency = agencies.add(
        name=name or f"Lantern {next(_numbers)}", kind=kind, contact="", by=enters, at=at
    )
    secret, public = age_files.new_pair()
    key = agencies.enter_key(
        agency_id=agency.pk, public=public, came="By email from them", by=enters, at=at
    )
    agencies.confirm_key(
        key_id=key.pk,
        read_out=public[-16:],
        how="call",
        whom="Their duty worker",
        by=confirms,
        at=at,
    )
    return Partner(agency, secret)


def told(*, by: StaffMember, at: datetime = AT, **changes: Any) -> UUID:
    """Send a report of what was done to somebody, and have a member read it."""
    report_id = send_harm(at=at, **{**TOLD, **changes})
    triage.open_account(report_id=report_id, reason="Allocated to me", by=by, at=at)
    return report_id


def plan(to: Partner, basis: str = "vital", *parts: str, **changes: Any) -> Plan:
    """Plan a share with an answer to everything."""
    given: dict[str, Any] = {
        "agency_id": to.agency.pk,
        "basis": basis,
        "purpose": "To find a safe room tonight",
        "told": "That we ask them for a room",
        "parts": parts or ("what",),
        "statements": {one.key: WHY for one in sharing.bases()[basis].states},
        "answers": {"suspect": HOW_KNOWN},
    }
    return Plan(**{**given, **changes})


def share(
    report_id: UUID,
    planned: Plan,
    *,
    by: StaffMember,
    at: datetime = AT,
    once: UUID | None = None,
) -> Share:
    """Share as the pages do: open, read what goes, then do it."""
    opened = choosing.open_to_share(
        report_id=report_id, agency_id=planned.agency_id, basis=planned.basis, by=by, at=at
    )
    seen = sharing.fingerprint(choosing.ready(planned, opened).parts)
    return operations.share(
        report_id=report_id, plan=planned, seen=seen, once=once or uuid4(), by=by, at=at
    )
