"""Audit rows as an auditor reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safehold.records.audit.actions import SENTENCES, known
from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words."""

    sequence: int
    at: datetime
    actor: str
    agency: str
    sentence: str
    reason: str


def present(event: AuditEvent) -> Line:
    """Return a row in words. Raises UnknownAction for an act that this version does not know."""
    subject = About(event.subject_kind, event.subject_id)
    return Line(
        sequence=event.sequence,
        at=event.at,
        actor=event.actor,
        agency=event.agency,
        sentence=f"{event.actor} {SENTENCES[known(event.action)].format(subject=subject)}",
        reason=event.reason,
    )
