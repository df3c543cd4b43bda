"""Noting what was asked for, alike whether there is something behind it or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from safehold.records.conflicts.models_of_people import Asked
from safehold.records.staff.models import StaffMember

SEARCH: Final = ""
REFERENCE: Final = "reference"
# Kinds of a search for a person by what is known of them.
CONTACT: Final = "by contact"
ADDRESS: Final = "by address"
RECORD: Final = "by reference"
_LONGEST: Final = 120  # characters of what was typed
# What an id in an address is of, by the name that the address gives it.
KINDS: Final[Mapping[str, str]] = {
    "report_id": "report",
    "incident_id": "incident",
    "identity": "person",
    "case_id": "case",
    "application_id": "application",
    "profile_id": "contact",
    "share_id": "share",
}


def note_search(words: str, *, kind: str = SEARCH, by: StaffMember, at: datetime) -> None:
    """Note whom a member looked for and by what, in the transaction that records the search."""
    Asked.objects.create(member=by, at=at, subject_kind=kind, words=words[:_LONGEST])


def note_reference(typed: str, *, by: StaffMember, at: datetime) -> None:
    """Note that a member looked for a reference that gave them nothing."""
    Asked.objects.create(member=by, at=at, subject_kind=REFERENCE, words=typed[:_LONGEST])


def note_address(parts: Mapping[str, Any], *, by: StaffMember, at: datetime) -> None:
    """Note that a member asked for an address which answered as not there."""
    Asked.objects.bulk_create(
        Asked(member=by, at=at, subject_kind=KINDS[name], subject_id=str(key))
        for name, key in parts.items()
        if name in KINDS and isinstance(key, UUID)
    )
