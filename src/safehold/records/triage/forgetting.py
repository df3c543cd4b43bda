"""What stays of a slip once its report was destroyed.

That it came, when, of what kind, what became of it and who worked on it; no prompt, no area and no
word of anybody.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.triage import watching
from safehold.records.triage.models import (
    AccountMark,
    IdentityOpening,
    NameRequest,
    Opening,
    Passing,
    SealedAgain,
    State,
    TriageSlip,
)

GONE = "Destroyed with the report."
_WORDS = ("set_aside_reason", "ended_reason", "confirmed_reason", "handed_reason")


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` clears of words."""
    return {
        "reasons for opening": Opening.objects.filter(slip_id=report_id).count()
        + IdentityOpening.objects.filter(slip_id=report_id).count(),
        "requests for a hidden name": NameRequest.objects.filter(slip_id=report_id).count(),
        "times it was passed on": Passing.objects.filter(report_id=report_id).count(),
        "marks of its words": AccountMark.objects.filter(slip_id=report_id).count(),
    }


def sealed_again(report_id: UUID) -> list[bytes]:
    """Return what was sealed again when a report was passed on, for its digests."""
    again = SealedAgain.objects.filter(report_id=report_id).order_by("turn", "kind", "number")
    names = NameRequest.objects.filter(slip_id=report_id).exclude(sealed=None).order_by("pk")
    found = [*again.values_list("content", flat=True), *names.values_list("sealed", flat=True)]
    return [bytes(each) for each in found if each is not None]


def forget(report_id: UUID, *, at: datetime) -> None:
    """Clear the words of a slip and of who opened it, inside the caller's act."""
    slip = TriageSlip.objects.get(pk=report_id)
    if slip.state == State.SEALED:
        watching.no_longer_unread(report_id, at=at)
    slip.prompts, slip.cell, slip.destroyed_at = [], "", at
    for name in _WORDS:
        setattr(slip, name, GONE if getattr(slip, name) else "")
    slip.save(update_fields=["prompts", "cell", "destroyed_at", *_WORDS])
    SealedAgain.objects.filter(report_id=report_id).delete()
    Passing.objects.filter(report_id=report_id).delete()
    AccountMark.objects.filter(slip_id=report_id).delete()
    IdentityOpening.objects.filter(slip_id=report_id).update(request=None)
    NameRequest.objects.filter(slip_id=report_id).delete()
    Opening.objects.filter(slip_id=report_id).update(reason=GONE)
    openings = IdentityOpening.objects.filter(slip_id=report_id)
    openings.update(reason=GONE)
    openings.exclude(review="").update(review=GONE)
