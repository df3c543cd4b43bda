"""What stays of a slip once its report was destroyed.

That it came, when, of what kind, what became of it and who worked on it; no prompt, no area and no
word of anybody.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.triage.models import IdentityOpening, Opening, TriageSlip

GONE = "Destroyed with the report."
_WORDS = ("set_aside_reason", "ended_reason", "confirmed_reason")


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` clears of words."""
    return {
        "reasons for opening": Opening.objects.filter(slip_id=report_id).count()
        + IdentityOpening.objects.filter(slip_id=report_id).count()
    }


def forget(report_id: UUID, *, at: datetime) -> None:
    """Clear the words of a slip and of who opened it, inside the caller's act."""
    slip = TriageSlip.objects.get(pk=report_id)
    slip.prompts, slip.cell, slip.destroyed_at = [], "", at
    for name in _WORDS:
        setattr(slip, name, GONE if getattr(slip, name) else "")
    slip.save(update_fields=["prompts", "cell", "destroyed_at", *_WORDS])
    Opening.objects.filter(slip_id=report_id).update(reason=GONE)
    openings = IdentityOpening.objects.filter(slip_id=report_id)
    openings.update(reason=GONE)
    openings.exclude(review="").update(review=GONE)
