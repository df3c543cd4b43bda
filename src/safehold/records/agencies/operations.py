"""Keep partner agencies and their keys: what is written stays, and no key counts by one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from safehold.crypto import age_files
from safehold.crypto.age_files import NotAnAgeKey
from safehold.domain import sharing
from safehold.domain.access import Permission
from safehold.records.agencies.models import LONGEST_NAME, Agency, AgencyKey, AgencyVersion
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

__all__ = ["NotAnAgeKey"]


class AgencyNotFound(LookupError):
    """There is no such agency, or no such key of it."""


class NotSound(ValueError):
    """What was typed cannot stand; `field` names the box."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class EditConflict(Exception):
    """Somebody saved meanwhile, so nothing was changed; the message says so."""


class SamePerson(Exception):
    """Another member has to confirm: this one entered the key."""


class Ended(Exception):
    """The agency, or the key, is not in use any more."""


def about(agency_id: UUID) -> About:
    """Name an agency as the audit does."""
    return About("agency", str(agency_id))


@transaction.atomic
def add(*, name: str, kind: str, contact: str, by: StaffMember, at: datetime) -> Agency:
    """Add an agency. Raises Refused, or NotSound."""
    by.must(Permission.KEEP_AGENCIES)
    agency = Agency(**_sound(name, kind, contact))
    _only_one(agency)
    agency.save(force_insert=True)
    _note(agency, by=by, at=at)
    _record(Action.AGENCY_ADDED, agency, by=by, at=at)
    return agency


@transaction.atomic
def change(
    *, agency_id: UUID, seen: int, name: str, kind: str, contact: str, by: StaffMember, at: datetime
) -> Agency:
    """Write an agency anew; what it was before is kept. `seen` is the version on the page.

    Raises Refused, AgencyNotFound, Ended, NotSound, or EditConflict.
    """
    agency = _locked(agency_id, by)
    if agency.version != seen:
        raise EditConflict(
            "Somebody changed this agency while you had it open, so nothing of yours was saved. "
            "Look at what stands now, then save again."
        )
    written = _sound(name, kind, contact)
    if all(getattr(agency, field) == value for field, value in written.items()):
        return agency
    for field, value in written.items():
        setattr(agency, field, value)
    _only_one(agency)
    agency.version += 1
    agency.save()
    _note(agency, by=by, at=at)
    _record(Action.AGENCY_CHANGED, agency, by=by, at=at, detail={"version": agency.version})
    return agency


@transaction.atomic
def end(*, agency_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """End working with an agency, its keys too. Raises ReasonTooThin, Refused, or as `change`."""
    stated = meaningful(why)
    agency = _locked(agency_id, by)
    agency.ended_at, agency.ended_by, agency.ended_why = at, by, stated
    agency.save()
    for key in agency.keys.filter(ended_at=None):
        _end_key(key, f"The agency was ended: {stated}", by=by, at=at)
    _record(Action.AGENCY_ENDED, agency, by=by, at=at, reason=stated)


@transaction.atomic
def enter_key(
    *, agency_id: UUID, public: str, came: str, by: StaffMember, at: datetime
) -> AgencyKey:
    """Enter a key that an agency sent; nothing is sealed to it before another member confirms it.

    `came` says by which way. One that waits to be confirmed is ended by this one. Raises
    ReasonTooThin, Refused, AgencyNotFound, Ended, NotAnAgeKey, or NotSound for one used before.
    """
    stated = meaningful(came)
    agency = _locked(agency_id, by)
    known = age_files.public_key(public)
    if AgencyKey.objects.filter(public=known).exists():
        raise NotSound("This key was entered before. A key is never used twice.", field="public")
    for key in agency.keys.filter(ended_at=None, confirmed_at=None):
        _end_key(key, "Another was entered before this was confirmed", by=by, at=at)
    made = AgencyKey.objects.create(
        agency=agency, public=known, came=stated, entered_by=by, entered_at=at
    )
    _record(Action.AGENCY_KEY_ENTERED, agency, by=by, at=at, detail={"key": known[-16:]})
    return made


@transaction.atomic
def confirm_key(
    *, key_id: UUID, read_out: str, how: str, whom: str, by: StaffMember, at: datetime
) -> AgencyKey:
    """Confirm a key that another member entered, with what the agency read out of it.

    `how` is a way of the rules, none of them the one by which it came; `whom` says with whom. The
    key used until now is ended. Raises ReasonTooThin, Refused, AgencyNotFound, Ended, SamePerson,
    or NotSound.
    """
    stated = meaningful(whom)
    by.must(Permission.KEEP_AGENCIES)
    found = AgencyKey.objects.filter(pk=key_id).first()
    if found is None:
        raise AgencyNotFound("There is no such key.")
    agency = _locked(found.agency_id, by)
    key = AgencyKey.objects.select_for_update().get(pk=key_id)
    if key.ended_at is not None or key.confirmed_at is not None:
        raise Ended("This key does not wait to be confirmed any more.")
    if key.entered_by_id == by.pk:
        raise SamePerson("You entered it yourself: another person confirms it.")
    if how not in sharing.ways_to_check():
        raise NotSound("Choose how you checked it.", field="how")
    if not age_files.ends_with(key.public, read_out):
        raise NotSound(
            "This is not how the key ends. Let them read it again; if it still differs, the key "
            "is not theirs: tell your supervisor, and do not use it.",
            field="read_out",
        )
    for earlier in agency.keys.filter(ended_at=None).exclude(confirmed_at=None):
        _end_key(earlier, "Another key was confirmed in its place", by=by, at=at)
    key.confirmed_by, key.confirmed_at, key.how, key.whom = by, at, how, stated
    key.save()
    _record(
        Action.AGENCY_KEY_CONFIRMED,
        agency,
        by=by,
        at=at,
        reason=stated,
        detail={"key": key.public[-16:], "how": how},
    )
    return key


@transaction.atomic
def end_key(*, key_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """End a key at once, such as one that was lost. Raises ReasonTooThin, Refused, or as above."""
    stated = meaningful(why)
    by.must(Permission.KEEP_AGENCIES)
    key = AgencyKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise AgencyNotFound("There is no such key.")
    if key.ended_at is not None:
        raise Ended("This key is not in use any more.")
    _end_key(key, stated, by=by, at=at)
    _record(
        Action.AGENCY_KEY_ENDED,
        key.agency,
        by=by,
        at=at,
        reason=stated,
        detail={"key": key.public[-16:]},
    )


def _end_key(key: AgencyKey, why: str, *, by: StaffMember, at: datetime) -> None:
    key.ended_at, key.ended_by, key.ended_why = at, by, why
    key.save()


def _locked(agency_id: UUID, by: StaffMember) -> Agency:
    by.must(Permission.KEEP_AGENCIES)
    agency = Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).first()
    if agency is None:
        raise AgencyNotFound("There is no such agency.")
    if agency.ended_at is not None:
        raise Ended("Nobody works with this agency any more.")
    return agency


def _sound(name: str, kind: str, contact: str) -> dict[str, str]:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise NotSound("Give the name of the agency.", field="name")
    if kind not in sharing.kinds():
        raise NotSound("Choose what kind of agency it is.", field="kind")
    return {"name": tidy, "kind": kind, "contact": contact.strip()}


def _only_one(agency: Agency) -> None:
    same = Agency.objects.filter(name__iexact=agency.name, ended_at=None).exclude(pk=agency.pk)
    if same.exists():
        raise NotSound("There is an agency of this name already: change that one.", field="name")


def _note(agency: Agency, *, by: StaffMember, at: datetime) -> None:
    AgencyVersion.objects.create(
        agency=agency,
        number=agency.version,
        name=agency.name,
        kind=agency.kind,
        contact=agency.contact,
        written_by=by,
        written_at=at,
    )


def _record(
    action: Action,
    agency: Agency,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    audit.append(
        action=action, by=by, subject=about(agency.pk), at=at, reason=reason, detail=detail
    )
