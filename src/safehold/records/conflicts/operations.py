"""Keeping the register of linked parties and of colleagues' names: professional standards alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import names
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.conflicts import kept_people, register
from safehold.records.conflicts.comparing import keep_marks as keep_marks
from safehold.records.conflicts.models import Colleague, LinkedParty
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

LONGEST_NAME = 120  # characters
KIND = "linked"


class NoName(ValueError):
    """What was typed cannot be found in a text: it has no first name and surname."""


class NoColleague(ValueError):
    """Nobody, or more than one, was named as the colleague that somebody is linked to."""


class NoColleagueName(NoName):
    """The name of the colleague is the one that cannot be found in a text."""


class NotLinked(LookupError):
    """The register has nobody of this id, or not any more."""


def about(linked_id: UUID | str) -> About:
    """Name an entry of the register as the audit does: by a key that says nothing."""
    return About(KIND, str(linked_id))


def look_at_register(*, by: StaffMember, at: datetime) -> None:
    """Record that a member looks at the register, before they are shown it. Raises Refused."""
    by.must(Permission.KEEP_CONFLICTS)
    reason = f"{by.role_label}: who is compared with what arrives"
    audit.record_look(by=by, reason=reason, subject=about(""), at=at)


@transaction.atomic
def add_linked(
    *,
    name: str,
    relation: str,
    colleague: StaffMember | None,
    colleague_name: str,
    by: StaffMember | System,
    at: datetime,
) -> LinkedParty:
    """Put somebody on the register: within a minute they are compared with what arrives.

    Raises Refused, NoName, NoColleague, or KeyError for a relation that is not on the list.
    """
    if isinstance(by, StaffMember):
        by.must(Permission.KEEP_CONFLICTS)
    names.RELATIONS[relation]  # or KeyError
    whose = " ".join(colleague_name.split())
    if (colleague is None) == (not whose):
        raise NoColleague("Choose a member, or write the name of a colleague: one of the two.")
    try:
        whose = _whole(whose) if whose else ""
    except NoName as error:
        raise NoColleagueName(str(error)) from error
    made = LinkedParty.objects.create(
        name=_whole(name),
        relation=relation,
        colleague=colleague,
        colleague_name=whose,
        added_by=by if isinstance(by, StaffMember) else None,
        added_at=at,
    )
    register.enter(at=at)
    audit.append(action=Action.LINKED_ADDED, by=by, subject=about(made.pk), at=at)
    return made


@transaction.atomic
def end_linked(*, linked_id: UUID, why: str, by: StaffMember, at: datetime) -> LinkedParty:
    """Take somebody off the register; the row stays, and says why.

    Raises ReasonTooThin, Refused, or NotLinked.
    """
    stated = meaningful(why)
    by.must(Permission.KEEP_CONFLICTS)
    row = LinkedParty.objects.select_for_update(no_key=True, of=("self",)).filter(pk=linked_id)
    found = row.filter(ended_at=None).first()
    if found is None:
        raise NotLinked("Nobody of this is on the register any more.")
    found.ended_by, found.ended_at, found.ended_why = by, at, stated
    found.save(update_fields=["ended_by", "ended_at", "ended_why"])
    kept_people.end_of_linked(found, why=stated, by=by, at=at)
    register.enter(at=at)
    audit.append(action=Action.LINKED_ENDED, by=by, subject=about(linked_id), at=at)
    return found


@transaction.atomic
def replace_colleagues(*, given: Iterable[str], by: System, at: datetime) -> int:
    """Put a list of the force's staff in the place of the one before; return how many there are.

    Raises NoName for one that cannot be compared, and then nothing is changed.
    """
    wanted = {_whole(name) for name in given}
    Colleague.objects.all().delete()
    Colleague.objects.bulk_create([Colleague(name=name) for name in sorted(wanted)], batch_size=500)
    audit.append(
        action=Action.COLLEAGUES_LISTED,
        by=by,
        subject=About(KIND, ""),
        at=at,
        detail={"count": len(wanted)},
    )
    return len(wanted)


def _whole(name: str) -> str:
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME:
        raise NoName(f"Shorten the name to {LONGEST_NAME} characters or fewer.")
    if not names.is_whole(said):
        raise NoName("Write a first name and a surname: one word alone cannot be compared.")
    return said
