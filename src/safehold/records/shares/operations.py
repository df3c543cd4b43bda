"""Putting somebody on the must-not-receive list of a matter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.shares.models import MustNotReceive, Who

__all__ = ["Who", "must_not_receive"]


def must_not_receive(*, matter: UUID, who: Who, at: datetime) -> None:
    """Put somebody on the list of a matter, once, inside the caller's transaction and audit row."""
    MustNotReceive.objects.get_or_create(matter=matter, who=who, defaults={"since": at})
