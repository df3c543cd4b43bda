"""What stays of shares once their report was destroyed: that it was shared, with whom and when.

What an agency was given is theirs by then, and was asked back or not; no word of it stays here.
"""

from __future__ import annotations

from uuid import UUID

from safehold.records.shares.models import ListEntry, Share

GONE = "Destroyed with the report."
_WORDS = ("purpose", "told", "agreed_why", "review")


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes or clears of words."""
    return {
        "shares": Share.objects.filter(report_id=report_id).count(),
        "entries of who must not receive": ListEntry.objects.filter(matter=report_id).count(),
    }


def sealed_words(report_id: UUID) -> list[bytes]:
    """Return the envelopes of the must-not-receive list of a report, for their digests."""
    rows = ListEntry.objects.filter(matter=report_id).order_by("since", "pk")
    return [bytes(sealed) for sealed in rows.values_list("sealed", flat=True)]


def forget(report_id: UUID) -> None:
    """Remove the list and clear the words of shares, inside the caller's act."""
    shares = Share.objects.filter(report_id=report_id)
    shares.update(file=None, answers={}, statements={})
    for name in _WORDS:
        shares.exclude(**{name: ""}).update(**{name: GONE})
    ListEntry.objects.filter(matter=report_id).delete()
