"""What the public site may ask of the register of support services."""

from __future__ import annotations

from datetime import date

from safehold.domain.services import Listed, lasts
from safehold.records.services.content import of_row
from safehold.records.services.models import SupportService

STORE = "intake"


def shown(today: date) -> tuple[Listed, ...]:
    """List what the public may see on a day: what was asked lately, and nothing withdrawn.

    Read anew each time: whatever lapses or is withdrawn is gone from the next page.
    """
    rows = SupportService.objects.using(STORE).filter(
        withdrawn_on=None, verified_on__gt=today - lasts()
    )
    return tuple(
        Listed(key=row.pk, service=of_row(row), verified_on=row.verified_on)
        for row in rows.order_by("name", "pk")
    )
