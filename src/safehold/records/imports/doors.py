"""Addresses of an import: one row for one door, found for many rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from safehold.domain import addresses
from safehold.records import row_security
from safehold.records.imports.working import Work
from safehold.records.people import doors as of_people
from safehold.records.people.models import Address, AddressReader
from safehold.records.staff.models import StaffMember

Door = tuple[str, str, str]  # line, town, postcode


@dataclass
class Doors:
    """The addresses that are known for a chunk of rows."""

    _known: dict[str, list[Address]] = field(default_factory=dict)
    _readable: set[UUID] = field(default_factory=set)

    def load(self, doors: Iterable[Door], *, by: StaffMember) -> None:
        """Read those that are here already, and which of them the member may open."""
        self._known.clear()
        keys = {addresses.key_of(line, postcode) for line, _, postcode in doors}
        known = Address.objects.filter(key__in=keys).order_by("recorded_at", "pk")
        with row_security.as_system():  # a door that they may not read is not made once more
            found = list(known)
        for address in found:
            self._known.setdefault(address.key, []).append(address)
        readers = AddressReader.objects.filter(member=by, address__in=[each.pk for each in found])
        self._readable = set(readers.values_list("address_id", flat=True))

    def of(self, door: Door, work: Work) -> Address:
        """Return the row of a door: the one that is here, or a new one."""
        line, town, postcode = door
        key = addresses.key_of(line, postcode)
        for address in self._known.get(key, ()):
            # Without a postcode the same words may be another door in another town.
            if postcode or address.town.casefold() == town.casefold():
                return address
        made = Address(line=line, town=town, postcode=postcode, key=key, **work.written)
        work.insert(made)
        self._known.setdefault(key, []).append(made)
        return made

    def protect(self, address: Address) -> None:
        """Mark an address as protected; no import takes that away."""
        if not address.protected:
            of_people.protect(address)

    def unread(self, address: Address) -> bool:
        """Tell, once, that the member is not named for a protected address yet."""
        if address.pk in self._readable:
            return False
        self._readable.add(address.pk)
        return True
