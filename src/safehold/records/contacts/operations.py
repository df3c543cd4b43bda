"""Keeping safe contact: as told, as corrected, opened with a reason, and passed by on authority."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission, Refused
from safehold.domain.answering import Waits
from safehold.domain.contact_profile import Details, Terms
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.conflicts import recusals
from safehold.records.contacts import queries
from safehold.records.contacts.keeping import about as about
from safehold.records.contacts.keeping import keep_hidden as keep_hidden
from safehold.records.contacts.keeping import keep_released as keep_released
from safehold.records.contacts.keeping import keep_told as keep_told
from safehold.records.contacts.keeping import newest_of, write_version
from safehold.records.contacts.lists import DUE, FURTHEST, GROUNDS, LEAST_REVEALING, MEANS
from safehold.records.contacts.models import Due, Opening, Override, Profile, Version
from safehold.records.contacts.queries import ProfileNotFound
from safehold.records.contacts.sealing import ContactSealed, opened, sealed
from safehold.records.duty import operations as duty
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

__all__ = ["ContactSealed", "ProfileNotFound"]


class NotOnTheList(ValueError):
    """A ground, a means or a cause that the rules do not know."""


class LessWouldDo(ValueError):
    """A means that reveals more was chosen, without a word on why less will not do."""


class NotReadYet(Exception):
    """Whoever decides has not opened what must never be done; the message says so."""


class WayWithoutWhere(ValueError):
    """A way that changed, without the number or address that goes with it."""


class TimeOver(ValueError):
    """A time by which nobody can be reached any more: it has passed."""


class TimeTooFar(ValueError):
    """A time so far ahead that it was meant to be another."""


class EndedBefore(Exception):
    """Nothing of this has to be reached for any more."""


class NothingToReview(LookupError):
    """No override of this id waits to be looked at."""


class OwnOverride(Exception):
    """Somebody else has to look at it: this member decided it."""


def must_not_be_hidden(profile: Profile) -> None:
    """Raise Refused for the safe contact of a hidden name: its keepers alone open it."""
    if profile.hidden:
        raise Refused("The name is hidden, so a keeper of hidden names looks at this.")


def look_at(*, profile_id: UUID, by: StaffMember, at: datetime) -> Profile:
    """Record the look, then return a profile. Raises Refused, or ProfileNotFound."""
    queries.one(profile_id=profile_id, by=by)  # a look that is refused is not a look
    reason = f"{by.role_label}: when and how somebody may be reached"
    audit.record_look(by=by, reason=reason, subject=about(profile_id), at=at)
    return queries.one(profile_id=profile_id, by=by)


def open_details(*, profile_id: UUID, reason: str, by: StaffMember, at: datetime) -> Details:
    """Record and commit who looks and why, then open who it is and where, in memory.

    Raises ReasonTooThin, Refused, ProfileNotFound, or ContactSealed, which is recorded too.
    """
    stated = meaningful(reason)
    profile = _allowed(Permission.OPEN_CONTACT, profile_id, by)
    must_not_be_hidden(profile)
    details = _looked_into(profile, stated, by=by, at=at)
    Opening.objects.create(profile=profile, member=by, at=at)
    return details


def correct(
    *,
    profile_id: UUID,
    terms: Terms,
    changes: Mapping[str, str],
    why: str,
    by: StaffMember,
    at: datetime,
    remove: Collection[str] = (),
) -> Version:
    """Write a new version down after talking to them; earlier ones stay as they were.

    `changes` are the sealed details that are new, `remove` those that no longer stand; the rest is
    kept, which is a look. `why` says how they told it and how the member knew that it was them.
    Raises ReasonTooThin, Refused, ProfileNotFound, WayWithoutWhere, or ContactSealed.
    """
    stated = meaningful(why)
    profile = _allowed(Permission.OPEN_CONTACT, profile_id, by)
    must_not_be_hidden(profile)
    if terms.method != newest_of(profile).method and not changes.get("to", "").strip():
        raise WayWithoutWhere("Another way needs its own number or address, or who to ask.")
    details = _looked_into(profile, f"To correct it: {stated}", by=by, at=at)
    details = details.corrected(changes, remove=remove)
    with transaction.atomic():
        Profile.objects.select_for_update(no_key=True).get(pk=profile.pk)
        number = newest_of(profile).number + 1
        envelope = sealed(
            details,
            profile_id=profile.pk,
            for_standards=profile.police_party,
            released=profile.released,
        )
        terms = replace(terms, more_times=bool(details.times))
        version = write_version(profile, number, terms, envelope, why=stated, by=by, at=at)
        audit.append(
            action=Action.CONTACT_CORRECTED,
            by=by,
            subject=about(profile.pk),
            at=at,
            reason=stated,
            detail={"version": number, "removed": sorted(remove)},
        )
    return version


@transaction.atomic
def set_due(*, profile_id: UUID, why: str, due_at: datetime, by: StaffMember, at: datetime) -> Due:
    """Set by when somebody has to be reached, and for what.

    Raises Refused, ProfileNotFound, NotOnTheList, TimeOver, or TimeTooFar.
    """
    if due_at <= at:
        raise TimeOver("That time is over. Give one that is still to come.")
    if due_at > at + FURTHEST:
        raise TimeTooFar(f"Give a time within {FURTHEST.days} days.")
    profile = _allowed(Permission.OPEN_CONTACT, profile_id, by)
    due = Due.objects.create(
        profile=profile, why=_listed(why, DUE), due_at=due_at, set_by=by, set_at=at
    )
    audit.append(
        action=Action.CONTACT_DUE_SET,
        by=by,
        subject=about(profile.pk),
        at=at,
        detail={"for": why, "due": due_at.isoformat()},
    )
    return due


@transaction.atomic
def end_due(*, due_id: UUID, how: str, by: StaffMember, at: datetime) -> Due:
    """Record that somebody was reached, or need not be any more, and how.

    Raises ReasonTooThin, Refused, ProfileNotFound, or EndedBefore.
    """
    stated = meaningful(how)
    due = Due.objects.select_for_update(no_key=True).filter(pk=due_id).first()
    if due is None:
        raise ProfileNotFound("There is no such time to reach anybody by.")
    _allowed(Permission.OPEN_CONTACT, due.profile_id, by)
    if due.ended_at is not None:
        raise EndedBefore("Somebody has recorded this already.")
    due.ended_by, due.ended_at, due.how_ended = by, at, stated
    due.save()
    how = Action.CONTACT_DUE_ENDED
    if (report_id := due.profile.report_id) is not None:
        clocks.stop(report_id=report_id, waits=(Waits.ANSWER,), how=how, by=by, at=at)
        duty.settle(report_id=report_id, owned=False, by=by, at=at)
    audit.append(
        action=Action.CONTACT_DUE_ENDED, by=by, subject=about(due.profile_id), at=at, reason=stated
    )
    return due


@transaction.atomic
def override(
    *,
    profile_id: UUID,
    ground: str,
    means: str,
    reason: str,
    why_not_less: str,
    by: StaffMember,
    at: datetime,
    due_id: UUID | None = None,
) -> Override:
    """Decide that somebody is reached another way than theirs, on the member's own authority.

    It answers the clock of `due_id` alone. The member has read what must never be done. The means
    that reveals least needs no more than a reason; any other needs a word on why those before it
    will not do. Raises ReasonTooThin, Refused, ProfileNotFound, NotReadYet, NotOnTheList, or
    LessWouldDo.
    """
    stated = meaningful(reason)
    profile = _allowed(Permission.OVERRIDE_CONTACT, profile_id, by)
    must_not_be_hidden(profile)
    due = None if due_id is None else queries.open_due(profile, due_id)
    if not queries.has_read(profile, by=by, at=at):
        raise NotReadYet("Open who and where first: it says what must never be done.")
    chosen = _listed(means, MEANS)
    if chosen != LEAST_REVEALING and not why_not_less.strip():
        raise LessWouldDo("Say why nothing further up the list will do.")
    made = Override.objects.create(
        profile=profile,
        due=due,
        ground=_listed(ground, GROUNDS),
        means=chosen,
        reason=stated,
        why_not_less="" if chosen == LEAST_REVEALING else meaningful(why_not_less),
        decided_by=by,
        decided_at=at,
    )
    audit.append(
        action=Action.CONTACT_OVERRIDDEN,
        by=by,
        subject=about(profile.pk),
        at=at,
        reason=stated,
        detail={"ground": ground, "means": means, "due": str(due_id or "")},
    )
    return made


@transaction.atomic
def review_override(
    *, override_id: UUID, was_right: bool, review: str, by: StaffMember, at: datetime
) -> Override:
    """Record whether it was right to pass somebody's way by, once.

    Raises ReasonTooThin, Refused, NothingToReview, or OwnOverride.
    """
    stated = meaningful(review)
    by.must(Permission.REVIEW_OVERRIDE)
    waiting = Override.objects.select_for_update(of=("self",)).filter(
        pk=override_id, reviewed_at=None
    )
    found = waiting.exclude(profile__report_id__in=recusals.kept_from(by)).first()
    if found is None:
        raise NothingToReview("Somebody else has looked at this already.")
    if found.decided_by_id == by.pk:
        raise OwnOverride("You decided it yourself: another person looks at it.")
    found.reviewed_by, found.reviewed_at = by, at
    found.was_right, found.review = was_right, stated
    found.save()
    audit.append(
        action=Action.CONTACT_OVERRIDE_REVIEWED,
        by=by,
        subject=about(found.profile_id),
        at=at,
        reason=stated,
        detail={"was right": was_right, "decided by": str(found.decided_by_id)},
    )
    return found


def _allowed(permission: Permission, profile_id: UUID, by: StaffMember) -> Profile:
    profile = queries.one(profile_id=profile_id, by=by)
    by.must(permission, recusals.subject_of(profile))
    return profile


def _looked_into(profile: Profile, reason: str, *, by: StaffMember, at: datetime) -> Details:
    audit.record_look(by=by, reason=reason, subject=about(profile.pk), at=at)
    try:
        details = opened(
            bytes(newest_of(profile).sealed),
            profile_id=profile.pk,
            for_standards=profile.police_party,
            released=profile.released,
        )
    except ContactSealed as error:
        _record(Action.CONTACT_SEALED, profile, str(error), by=by, at=at)
        raise
    _record(Action.CONTACT_OPENED, profile, reason, by=by, at=at)
    return details


def _listed(key: str, known: Mapping[str, str]) -> str:
    if key not in known:
        raise NotOnTheList("Choose one from the list.")
    return key


@transaction.atomic
def _record(
    action: Action, profile: Profile, reason: str, *, by: StaffMember, at: datetime
) -> None:
    audit.append(action=action, by=by, subject=about(profile.pk), at=at, reason=reason)
