"""Appending to the intake chain."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from safehold.domain import audit_chain
from safehold.records.intake.models import CHAIN, IntakeEvent, IntakeHead

INTAKE = "intake"


class IntakeAction(StrEnum):
    """What can happen to a report in this store."""

    REPORT_RECEIVED = "report received"
    REPORT_DESTROYED = "report destroyed"


def append(
    *, action: IntakeAction, actor: str, report_id: UUID, at: datetime, detail: dict[str, Any]
) -> None:
    """Write one event at the end of the chain, inside the caller's transaction and last in it.

    `at` is as coarse as the row that it belongs to. Raises TransactionManagementError outside a
    transaction on PostgreSQL, where nothing would hold the chain's end.
    """
    head = IntakeHead.objects.using(INTAKE).select_for_update().get(pk=1)
    columns = {
        "actor": actor,
        "action": str(action),
        "report_id": str(report_id),
        "detail": detail,
    }
    link = audit_chain.link(
        chain=CHAIN,
        sequence=head.sequence + 1,
        previous=head.hash,
        fields={**columns, "at": audit_chain.timestamp(at)},
    )
    IntakeEvent(
        sequence=link.sequence, previous=link.previous, hash=link.hash, at=at, **columns
    ).save(using=INTAKE)
    IntakeHead.objects.using(INTAKE).filter(pk=1).update(sequence=link.sequence, hash=link.hash)


def digests(
    *,
    slip: bytes | memoryview,
    account: bytes | memoryview,
    identity: bytes | memoryview | None,
    release: bytes | memoryview | None,
) -> dict[str, str | None]:
    """Return the SHA-256 of each envelope, so that a report put in the place of another shows.

    One without a release says nothing of it, as events did before there were any: a release that
    is added later, or taken away, shows.
    """
    found = {
        "slip": hashlib.sha256(slip).hexdigest(),
        "account": hashlib.sha256(account).hexdigest(),
        "identity": None if identity is None else hashlib.sha256(identity).hexdigest(),
    }
    return found if release is None else {**found, "release": hashlib.sha256(release).hexdigest()}
