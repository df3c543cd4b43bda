"""Feedback as it arrives, and as it goes: a sealed report like any other, as this store knows it.

Only the slip says that it is feedback. Whoever takes this store cannot tell it from a report, and
to make a report of it nothing here has to be written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from safehold.crypto.drafts import join_halves, new_device_half, new_server_half
from safehold.records.intake import destroying, names, recording
from safehold.records.intake.chain import INTAKE


def send_feedback(
    *, once: str, slip: Mapping[str, Any], account: Mapping[str, Any], at: datetime
) -> None:
    """Seal feedback to the force's keys and record it, once for the same page and words.

    `once` is the random mark of the page that it was written on: the same words sent twice from one
    page are one feedback, other words another. Raises what `recording.sealed` raises.
    """
    feedback_id = uuid4()
    compared = names.compare(slip, account=account, identity=None)
    received_at = recording.coarse(at)
    key = join_halves(
        draft_id=feedback_id, server_half=new_server_half(), device_half=new_device_half()
    )
    with transaction.atomic(using=INTAKE):
        envelopes = recording.sealed(
            feedback_id, slip=compared.slip(), account=account, identity=None
        )
        try:
            recording.record(
                feedback_id,
                envelopes,
                key=key,
                submission=_mark(once, account),
                received_at=received_at,
            )
        except recording.RecordedBefore:
            return
        recording.note_arrival(feedback_id, envelopes, at=received_at)


@transaction.atomic(using=INTAKE)
def remove_feedback(report_ids: Iterable[UUID], *, at: datetime) -> list[str]:
    """Remove sealed feedback whose time is over, and return the acts under which it went.

    That it arrived and that it went stays in the chain.
    """
    return destroying.remove(report_ids, at=at)


def _mark(once: str, account: Mapping[str, Any]) -> str:
    # Of what was written alone: sent again in the next hour it is still the same.
    written = json.dumps([once, account.get("answers")], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
