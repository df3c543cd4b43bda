"""What a browser holds of a draft, and what a draft turns out to be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from safehold import rules
from safehold.crypto.drafts import DraftKey, join_halves, lock, unlock
from safehold.crypto.errors import DraftUnreadable
from safehold.records.intake.models import Draft

USED_TO_THE = timedelta(minutes=1)


class DraftGone(Exception):
    """There is no such draft, it was idle too long, or a half is gone: never said which."""

    def __init__(self) -> None:
        super().__init__("This draft cannot be opened.")


@dataclass(frozen=True, slots=True)
class DraftTicket:
    """The draft's id and the device's half of its key, from the two cookies."""

    draft_id: UUID
    device_half: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DraftState:
    """What a draft holds: answers while it is open, only the reference once it was sent.

    `used_at` is what the row says beside it: the last use, cut to the minute. `key` and `locked`
    are what it was opened with and from, to put a change in its place unless somebody was faster.
    """

    journey: str
    answers: dict[str, Any] = field(repr=False)
    reference: str = ""
    used_at: datetime | None = field(default=None, compare=False)
    key: DraftKey | None = field(default=None, compare=False, repr=False)
    locked: bytes = field(default=b"", compare=False, repr=False)


def key_of(ticket: DraftTicket, draft: Draft) -> DraftKey:
    """Join the two halves. Raises DraftGone where they are no halves."""
    try:
        return join_halves(
            draft_id=draft.id,
            server_half=bytes(draft.server_half),
            device_half=ticket.device_half,
        )
    except DraftUnreadable as error:
        raise DraftGone from error


def state_of(draft: Draft, key: DraftKey) -> DraftState:
    """Decrypt a draft. Raises DraftGone where the key does not fit."""
    content = bytes(draft.content)
    try:
        opened = json.loads(unlock(content, key=key))
    except DraftUnreadable as error:
        raise DraftGone from error
    return DraftState(**opened, used_at=draft.last_used_at, key=key, locked=content)


def locked(state: DraftState, key: DraftKey) -> bytes:
    """Encrypt what a draft holds. Raises PayloadTooLarge."""
    content = {
        "journey": state.journey,
        "answers": state.answers,
        "reference": state.reference,
    }
    return lock(json.dumps(content).encode(), key=key)


def idle_before(at: datetime) -> datetime:
    """Return the moment before which a last use makes a draft idle, whoever looks at it."""
    minutes: int = rules.load("drafts").tables["idle"]["minutes"]
    # Last uses are cut to the minute: without the extra minute a draft would go early.
    return at - timedelta(minutes=minutes) - USED_TO_THE


def used_at(at: datetime) -> datetime:
    """Return a moment cut to the minute, as last uses are kept."""
    return at.replace(second=0, microsecond=0)
