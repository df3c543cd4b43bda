"""Questions about who must not receive."""

from __future__ import annotations

from uuid import UUID

from safehold.records.shares.models import MustNotReceive, Who

__all__ = ["Who", "listed", "may_receive"]


def listed(matter: UUID) -> list[MustNotReceive]:
    """Return everybody who must receive nothing of a matter."""
    return list(MustNotReceive.objects.filter(matter=matter).order_by("pk"))


def may_receive(*, matter: UUID, who: Who) -> bool:
    """Tell whether somebody may be told anything of a matter."""
    return not MustNotReceive.objects.filter(matter=matter, who=who).exists()
