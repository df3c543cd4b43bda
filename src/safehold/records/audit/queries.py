"""Questions about the audit."""

from __future__ import annotations

from django.db.models import QuerySet

from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent


def events_about(subject: About) -> QuerySet[AuditEvent]:
    """Return what happened to one subject, the latest first."""
    rows = AuditEvent.objects.filter(subject_kind=subject.kind, subject_id=subject.identifier)
    return rows.order_by("-sequence")


def events_by(actor_id: str) -> QuerySet[AuditEvent]:
    """Return what one member did, the latest first."""
    return AuditEvent.objects.filter(actor_id=actor_id).order_by("-sequence")


def every_event() -> QuerySet[AuditEvent]:
    """Return the whole chain, the latest first, for whoever reads it page by page."""
    return AuditEvent.objects.order_by("-sequence")


def latest_events(limit: int) -> list[AuditEvent]:
    """Return the last rows of the chain, the latest first."""
    return list(AuditEvent.objects.order_by("-sequence")[:limit])
