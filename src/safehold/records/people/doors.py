"""The row of an address: one for one door, however it was typed, and protected once it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safehold.domain import addresses
from safehold.records import row_security
from safehold.records.people.models import Address
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Door:
    """An address as it was typed."""

    line: str
    town: str = ""
    postcode: str = ""


def kept(door: Door, *, by: StaffMember, at: datetime) -> Address:
    """Return the row of an address, or a new one, inside the caller's transaction.

    A protected one is the row of its door for whoever may not read it as well.
    """
    key = addresses.key_of(door.line, door.postcode)
    # Without a postcode the same words may be another door in another town.
    known = Address.objects.filter(key=key)
    if not door.postcode.strip():
        known = known.filter(town__iexact=door.town.strip())
    with row_security.as_system():
        found = known.first()
    return found or Address.objects.create(
        line=door.line,
        town=door.town.strip(),
        postcode=addresses.tidy_postcode(door.postcode),
        key=key,
        recorded_at=at,
        recorded_by=by,
    )


def protect(address: Address) -> None:
    """Mark an address as protected, as the software's own act: from then on few may see the row."""
    with row_security.as_system():
        Address.objects.filter(pk=address.pk).update(protected=True)
    address.protected = True


def give_addresses(rows: Iterable[Any]) -> None:
    """Give homes or incidents their addresses, in one question.

    One that the store does not show to whoever asks is protected, and has no words.
    """
    has = [row for row in rows if row.address_id is not None]
    found = Address.objects.in_bulk({row.address_id for row in has})
    for row in has:
        row.address = found.get(row.address_id) or Address(pk=row.address_id, protected=True)
