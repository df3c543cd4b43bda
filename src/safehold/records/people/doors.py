"""The row of an address: one for one door, however it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safehold.domain import addresses
from safehold.records.people.models import Address
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Door:
    """An address as it was typed."""

    line: str
    town: str = ""
    postcode: str = ""


def kept(door: Door, *, by: StaffMember, at: datetime) -> Address:
    """Return the row of an address, or a new one, inside the caller's transaction."""
    key = addresses.key_of(door.line, door.postcode)
    # Without a postcode the same words may be another door in another town.
    known = Address.objects.filter(key=key)
    if not door.postcode.strip():
        known = known.filter(town__iexact=door.town.strip())
    return known.first() or Address.objects.create(
        line=door.line,
        town=door.town.strip(),
        postcode=addresses.tidy_postcode(door.postcode),
        key=key,
        recorded_at=at,
        recorded_by=by,
    )
