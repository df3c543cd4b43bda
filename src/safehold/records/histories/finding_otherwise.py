"""Finding people by something else than a name: a number, an address, a reference. Always exact.

What is asked and whom it gave are kept as of a search by name. An address that is protected finds
nobody for whoever may not open it: it would say who lives there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from safehold.domain import addresses, reachable
from safehold.records.cases import queries as cases
from safehold.records.cases.models import CaseParty
from safehold.records.conflicts import asked as noted
from safehold.records.conflicts import otherwise
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Role
from safehold.records.people import finding, operations
from safehold.records.people.models import AddressReader, Contact, Home, Person
from safehold.records.staff.models import StaffMember


class NothingAsked(ValueError):
    """Neither a number, nor an address, nor a reference was typed."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What somebody looks for: one of a number, an address, and a reference of ours."""

    contact: str = ""
    line: str = ""
    postcode: str = ""
    reference: str = ""


def find_otherwise(
    *, sought: Otherwise, reason: str, by: StaffMember, at: datetime
) -> finding.Findings:
    """Search for people by what is known of them; names and births alone are shown.

    Raises Refused, ReasonNeeded, or NothingAsked.
    """
    found = _way(sought)
    asked = {
        "contact": sought.contact,
        "address": f"{sought.line} {sought.postcode}".strip(),
        "reference": sought.reference,
    }
    kind, words = _noted(sought)
    return operations.searched(
        asked={name: value for name, value in asked.items() if value},
        kind=kind,
        words=words,
        reason=reason,
        find=lambda: finding.shown(found(sought, by), by=by),
        by=by,
        at=at,
    )


def _way(sought: Otherwise) -> Callable[[Otherwise, StaffMember], QuerySet[Any, UUID]]:
    if reachable.key_of(sought.contact):
        return _by_contact
    if sought.line.strip():
        return _by_address
    if sought.reference.strip():
        return _by_reference
    raise NothingAsked("Write a number, an address or a reference.")


def _noted(sought: Otherwise) -> tuple[str, str]:
    """Return by what was looked and what was typed, as it is sorted afterwards."""
    if reachable.key_of(sought.contact):
        return noted.CONTACT, sought.contact
    if sought.line.strip():
        return noted.ADDRESS, ", ".join(filter(None, (sought.line, sought.postcode.strip())))
    return noted.RECORD, sought.reference


def _by_contact(sought: Otherwise, by: StaffMember) -> QuerySet[Any, UUID]:
    key = reachable.key_of(sought.contact)
    rows = Contact.objects.filter(finding.known_to(by, "person_id"), key=key, ended_at=None)
    return rows.values_list("person__identity", flat=True)


def _by_address(sought: Otherwise, by: StaffMember) -> QuerySet[Any, UUID]:
    opens = AddressReader.objects.filter(address=OuterRef("address"), member=by)
    rows = Home.objects.filter(finding.known_to(by, "person_id"), ended_at=None)
    rows = rows.filter(Q(address__protected=False) | Exists(opens))
    key = addresses.key_of(sought.line, sought.postcode)
    if sought.postcode.strip():
        rows = rows.filter(address__key=key)
    else:
        rows = rows.filter(address__key__startswith=key)  # the line, in whatever town
    return rows.values_list("person__identity", flat=True)


def _by_reference(sought: Otherwise, by: StaffMember) -> QuerySet[Any, UUID]:
    reference = otherwise.tidy(sought.reference)
    people = Person.objects.filter(reference=reference)
    tied = Role.objects.filter(incident__in=incidents.seen_by(by).filter(reference=reference))
    about = CaseParty.objects.filter(case__in=cases.seen_by(by).filter(reference=reference))
    # Somebody hidden is not there already in the question: else it asked one thing more.
    rows = finding.visible_to(by).filter(
        Q(pk__in=people.values("pk"))
        | Q(pk__in=tied.exclude(person=None).values("person_id"))
        | Q(pk__in=about.values("person_id"))
    )
    return rows.values_list("identity", flat=True)
