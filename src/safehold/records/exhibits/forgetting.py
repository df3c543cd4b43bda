"""Destroying what is known of a report's files, and their clean copies with the key to them."""

from __future__ import annotations

from uuid import UUID

from safehold.records.exhibits.models import CleanedPart, Exhibit


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes."""
    return {
        "files looked at": Exhibit.objects.filter(report_id=report_id).count(),
        "parts of clean copies": CleanedPart.objects.filter(exhibit__report_id=report_id).count(),
    }


def sealed_keys(report_id: UUID) -> list[bytes]:
    """Return the envelopes with the keys of clean copies, for their digests."""
    rows = Exhibit.objects.filter(report_id=report_id).order_by("pk")
    return [bytes(sealed) for sealed in rows.values_list("sealed", flat=True) if sealed]


def forget(report_id: UUID) -> None:
    """Remove files inside the caller's act, whose certificate is there already."""
    CleanedPart.objects.filter(exhibit__report_id=report_id).delete()
    Exhibit.objects.filter(report_id=report_id).delete()
