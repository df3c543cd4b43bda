"""Forgetting how far a conversation was read; its words are sealed in the intake store."""

from __future__ import annotations

from uuid import UUID

from safehold.records.conversations.models import HolderKey, ReadUpTo


def forget(report_id: UUID) -> None:
    """Remove what is known of a conversation, inside the caller's act."""
    ReadUpTo.objects.filter(pk=report_id).delete()
    HolderKey.objects.filter(pk=report_id).delete()
