"""What was asked for nudges, opened in memory for one of them."""

from __future__ import annotations

import json
from uuid import UUID

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.domain.nudging import Channel
from safehold.domain.safe_contact import week_from_plain
from safehold.records.intake.nudges import Asked, sealed_nudge


class NudgeSealed(Exception):
    """What was asked cannot be opened, and will not be by trying again."""


def asked_for(report_id: UUID, keys: OpeningKeys) -> Asked:
    """Open what was asked for a report. Raises NothingAsked, or NudgeSealed without a detail."""
    envelope = sealed_nudge(report_id)
    try:
        payload = open_envelope(envelope, kind=Kind.NUDGE, subject=str(report_id), keys=keys)
        content = json.loads(payload)
        return Asked(
            channel=Channel(content["channel"]),
            address=content["address"],
            own_text=content["own_text"],
            week=week_from_plain(content["week"]),
        )
    except (CryptoError, ValueError, KeyError, TypeError):
        # Not chained: the message of a ValueError may hold what was opened.
        raise NudgeSealed("What was asked for nudges cannot be opened.") from None
