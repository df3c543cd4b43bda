"""An application whose report was passed on goes with it."""

from __future__ import annotations

from uuid import UUID

from safehold.records.dvds.models import Application


def pass_on(report_id: UUID, *, for_standards: bool) -> None:
    """Say of an application whose it is now, inside the act and audit row that passes it on."""
    Application.objects.filter(report_id=report_id).update(police_party=for_standards)
