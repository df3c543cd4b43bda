"""Looking at places, and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actors import About
from safehold.records.places import queries
from safehold.records.places.models import Place, PlaceKind, Precision
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is: degrees of WGS 84, None for words alone; `metres` is how far off."""

    longitude: float | None
    latitude: float | None
    metres: int | None
    precision: Precision


def look_at_place(*, place_id: UUID, by: StaffMember, at: datetime) -> Place:
    """Record the look, then return the place. Raises Refused, or PlaceNotFound."""
    by.must(Permission.SEE_PLACES)
    audit.record_look(
        by=by, reason=f"{by.role_label}: work on places", subject=about(place_id), at=at
    )
    return queries.get(place_id)


def add_place(*, name: str, kind: str, spot: Spot, by: StaffMember, at: datetime) -> Place:
    """Add a place inside the transaction, and under the audit row, of the act that needs it.

    Raises ValueError for a kind that is not one.
    """
    return Place.objects.create(
        name=name,
        longitude=spot.longitude,
        latitude=spot.latitude,
        metres=spot.metres,
        precision=spot.precision,
        kind=PlaceKind(kind),
        added_at=at,
        added_by=by,
    )


def about(place_id: UUID) -> About:
    """Name a place as the audit does: by a key that says nothing."""
    return About("place", str(place_id))
