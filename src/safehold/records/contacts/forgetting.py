"""Destroying safe contact with its report: nothing of it stays but what the audit says."""

from __future__ import annotations

from uuid import UUID

from safehold.records.contacts.models import Due, Opening, Override, Profile, Version


def held(report_id: UUID) -> dict[str, int]:
    """Count what `forget` removes."""
    return {
        "versions of safe contact": Version.objects.filter(profile__report_id=report_id).count(),
        "times of safe contact": Due.objects.filter(profile__report_id=report_id).count(),
        "decisions on another way": Override.objects.filter(profile__report_id=report_id).count(),
    }


def sealed_words(report_id: UUID) -> list[bytes]:
    """Return the envelopes of a report's safe contact, for their digests."""
    rows = Version.objects.filter(profile__report_id=report_id).order_by("number")
    return [bytes(sealed) for sealed in rows.values_list("sealed", flat=True)]


def forget(report_id: UUID) -> None:
    """Remove safe contact inside the caller's act, whose certificate is there already."""
    for model in (Override, Opening, Due, Version):
        model.objects.filter(profile__report_id=report_id).delete()
    Profile.objects.filter(report_id=report_id).delete()
