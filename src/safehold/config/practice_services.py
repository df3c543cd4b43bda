"""Support services for practice: added through the register's own door, some of them long ago."""

from __future__ import annotations

from datetime import datetime

from safehold.demonstration.services import services


def add_services(*, by_name: str, at: datetime) -> int:
    """Add every invented service to an empty register; return how many, 0 the second time."""
    from safehold.records.audit.actors import System
    from safehold.records.gazetteer.queries import districts
    from safehold.records.services import operations
    from safehold.records.services.models import SupportService

    if SupportService.objects.using(operations.STORE).exists():
        return 0
    by = System(by_name)
    invented = services([area.name for area in districts()])
    for service, asked, withdrawn in invented:
        added = operations.add(service=service, by=by, at=at - asked)
        if withdrawn:
            operations.withdraw(service_id=added, seen=1, reason=withdrawn, by=by, at=at)
    return len(invented)
