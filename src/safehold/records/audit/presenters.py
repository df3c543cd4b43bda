"""Audit rows as an auditor reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safehold.records.audit.actions import Action, known
from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `verb` is what follows the actor's name, with a place for the subject."""

    sequence: int
    at: datetime
    actor: str
    actor_id: str
    actor_kind: str
    agency: str
    action: Action
    verb: str
    subject: About
    reason: str


def present(event: AuditEvent) -> Line:
    """Return a row in words. Raises UnknownAction for an act that this version does not know."""
    action = known(event.action)
    return Line(
        sequence=event.sequence,
        at=event.at,
        actor=event.actor,
        actor_id=event.actor_id,
        actor_kind=event.actor_kind,
        agency=event.agency,
        action=action,
        verb=SENTENCES[action],
        subject=About(event.subject_kind, event.subject_id),
        reason=event.reason,
    )
