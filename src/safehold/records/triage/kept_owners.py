"""A report whose owner is kept from it since: it waits for another owner, and nobody learns why."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import System
from safehold.records.conflicts import recusals
from safehold.records.staff.models import StaffMember
from safehold.records.triage import passing
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about

# The same whatever the reason: who is kept from what is for professional standards.
WHY: Final = "It waits for another owner"
_SCHEDULER: Final = System("scheduler")


def let_go(*, at: datetime) -> int:
    """Let go what its owner may not know of any more; return how many reports that were.

    Each has a row in the audit, the clock for an owner runs from now, and it stands with what
    nobody owns. Again, it lets go of nothing.
    """
    count = 0
    with row_security.as_system():
        owned = TriageSlip.objects.filter(ended_at=None).exclude(owner=None)
        owners = StaffMember.objects.filter(pk__in=owned.values("owner_id"))
        for owner in owners.order_by("pk"):
            kept = recusals.kept_from(owner)
            rows = owned.filter(owner=owner, pk__in=kept).order_by("pk")
            for report_id in rows.values_list("pk", flat=True):
                count += _let_go(report_id, owner, at=at)
    return count


@transaction.atomic
def _let_go(report_id: UUID, owner: StaffMember, *, at: datetime) -> bool:
    team = TriageSlip.objects.values_list("team", flat=True).get(pk=report_id)
    if not passing.let_go_of(report_id, owner, at=at):
        return False
    audit.append(
        action=Action.REPORT_HANDED_ON,
        by=_SCHEDULER,
        subject=about(report_id),
        at=at,
        reason=WHY,
        detail={"from": {"owner": str(owner.pk), "team": team}, "team": team, "owner": ""},
    )
    return True
