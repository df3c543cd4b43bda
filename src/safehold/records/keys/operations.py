"""Checking keys by night, and writing into the audit what was done with a key."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.audit.operations import append
from safehold.records.keys.checks import Findings, check
from safehold.records.keys.stored import count_stored

CHECK = About("keys", "check")
_SCHEDULER = System("scheduler")
_SAID = 3  # sentences of one check that the audit keeps


def check_nightly(*, at: datetime) -> None:
    """Check the keys and what is stored, and record what was found, for supervisors to see.

    Raises KeyFileRefused where the folder lists no keys.
    """
    record_check(check(settings.KEYS_FOLDER, count_stored()), by=_SCHEDULER, at=at)


def record_check(found: Findings, *, by: System, at: datetime) -> None:
    """Record what a check found: counts and sentences, no report."""
    with transaction.atomic():
        append(
            action=Action.KEYS_WANTING if found.troubles else Action.KEYS_CHECKED,
            by=by,
            subject=CHECK,
            at=at,
            detail={"troubles": list(found.troubles[:_SAID]), "lost": found.lost},
        )


def record_act(
    action: Action, *, key: bytes, by: System, at: datetime, reason: str, detail: dict[str, object]
) -> None:
    """Record what was done with a key, in the transaction of whoever does it."""
    append(
        action=action,
        by=by,
        subject=About("key", key.hex()),
        at=at,
        reason=reason.strip(),
        detail=detail,
    )
