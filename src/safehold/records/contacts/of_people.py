"""Safe contact of a person: as an officer wrote it down, or as a records system has it.

Sealed as that of a report is, to the same keys. A person sealed to professional standards has one
that only they open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.contact_profile import Details, Terms
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.contacts.keeping import about, write_version
from safehold.records.contacts.models import Profile
from safehold.records.contacts.sealing import sealed
from safehold.records.people import finding
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class KeptAlready(Exception):
    """This person has a safe contact: it is corrected, not written beside another."""


@transaction.atomic
def record_for_person(
    *,
    identity: UUID,
    terms: Terms,
    details: Details,
    why: str,
    by: StaffMember,
    at: datetime,
) -> Profile:
    """Write down how a person may be reached. `why` says how they told it.

    Raises ReasonTooThin, Refused, PersonNotFound, KeptAlready, and KeyFileRefused or NoRecipient
    where there is nobody to seal to.
    """
    stated = meaningful(why)
    by.must(Permission.OPEN_CONTACT)
    person = people.standing(identity, by=by)
    if Profile.objects.filter(person__identity=identity).exists():
        raise KeptAlready("This person has a safe contact already. Correct that one.")
    profile = keep(person, terms, details, why=stated, by=by, at=at)
    audit.append(
        action=Action.CONTACT_WRITTEN,
        by=by,
        subject=about(profile.pk),
        at=at,
        reason=stated,
        detail={"person": str(identity)},
    )
    return profile


def keep(
    person: Person, terms: Terms, details: Details, *, why: str, by: StaffMember, at: datetime
) -> Profile:
    """Seal a first version, inside the caller's transaction and audit row."""
    profile = Profile.objects.create(person=person, police_party=bool(person.sealed_to), made_at=at)
    envelope = sealed(details, profile_id=profile.pk, for_standards=profile.police_party)
    write_version(profile, 1, terms, envelope, why=why, by=by, at=at)
    return profile


def of_person(identity: UUID, *, by: StaffMember) -> list[Profile]:
    """Return the safe contacts of a person, one of each row that was put together; no content."""
    if not by.may(Permission.SEE_CONTACT):
        return []
    rows = finding.visible_to(by).filter(identity=identity)
    return list(Profile.objects.filter(person__in=rows).order_by("made_at", "pk"))


def standing(identity: UUID) -> list[Profile]:
    """Return the safe contacts of a person, of every row that was put together.

    For what must be kept to, whoever asks: what one forbids holds.
    """
    return list(Profile.objects.filter(person__identity=identity).order_by("made_at", "pk"))


def of_rows(person_ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """Return the safe contacts of rows of people, as an import asks for them."""
    rows = Profile.objects.filter(person__in=list(person_ids))
    return {row.person_id: row for row in rows if row.person_id is not None}
