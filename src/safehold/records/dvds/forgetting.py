"""What stays of an application once its report was destroyed: what was decided, and no words."""

from __future__ import annotations

from uuid import UUID

from safehold.records.dvds.models import (
    Application,
    Correction,
    FirstContact,
    Link,
    Plan,
    Proposal,
    Search,
    Second,
    Telling,
    View,
)

GONE = "Destroyed with the report."
_WORDS = ("basis", "identity_how", "abuser_why", "decided_why", "told_why")
# With their words. How it is counted, and when what was due, stays.
_STEPS = (Correction, FirstContact, Link, Plan, Proposal, Search, Telling, View)


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` clears of words."""
    return {"applications": Application.objects.filter(report_id=report_id).count()}


def forget(report_id: UUID) -> None:
    """Clear the words of an application, inside the caller's act."""
    rows = Application.objects.filter(report_id=report_id)
    for name in _WORDS:
        rows.exclude(**{name: ""}).update(**{name: GONE})
    Second.objects.filter(proposal__application__report_id=report_id).delete()
    for kind in _STEPS:
        kind._default_manager.filter(application__report_id=report_id).delete()
