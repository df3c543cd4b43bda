"""Keeping how somebody may be reached: as told, for the keepers of a hidden name, for the unit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.domain.contact_profile import UNKNOWN, Details, Terms
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.contacts.models import Profile, Version
from safehold.records.contacts.sealing import sealed, sealed_hidden
from safehold.records.staff.models import StaffMember


def about(profile_id: UUID) -> About:
    """Name a profile as the audit does: by a key that says nothing."""
    return About("contact", str(profile_id))


def keep_told(
    *,
    report_id: UUID,
    terms: Terms,
    details: Details,
    police_party: bool,
    by: StaffMember,
    at: datetime,
) -> None:
    """Keep how somebody told that they may be reached, once, inside the caller's transaction.

    Raises KeyFileRefused or NoRecipient where there is nobody to seal to.
    """
    profile, made = Profile.objects.get_or_create(
        report_id=report_id, defaults={"police_party": police_party, "made_at": at}
    )
    if made:
        envelope = sealed(details, profile_id=profile.pk, for_standards=police_party)
        write_version(profile, 1, terms, envelope, why="", by=None, at=at)
        _record_kept(profile, by=by, at=at)


def keep_hidden(
    *,
    report_id: UUID,
    terms: Terms,
    details: Details,
    police_party: bool,
    by: StaffMember,
    at: datetime,
) -> None:
    """Keep how somebody with a hidden name may be reached, as `keep_told` does, all of it sealed.

    The unit sees that it is there, and can set clocks; a keeper of hidden names looks.
    """
    profile, made = Profile.objects.get_or_create(
        report_id=report_id,
        defaults={"police_party": police_party, "hidden": True, "made_at": at},
    )
    if made:
        envelope = sealed_hidden(terms, details, profile_id=profile.pk, for_standards=police_party)
        write_version(profile, 1, Terms(method=UNKNOWN), envelope, why="", by=None, at=at)
        _record_kept(profile, by=by, at=at)


def keep_released(
    *, report_id: UUID, terms: Terms, details: Details, why: str, by: StaffMember, at: datetime
) -> None:
    """Keep how somebody whose hidden name is released may be reached, for the unit, once.

    What a keeper's opening kept sealed becomes a profile as any other: terms in clear, the rest
    under the key of released names. Inside the caller's transaction. Raises KeyFileRefused or
    NoRecipient where there is nobody to seal to.
    """
    profile, made = Profile.objects.get_or_create(
        report_id=report_id, defaults={"released_at": at, "made_at": at}
    )
    profile = Profile.objects.select_for_update(no_key=True).get(pk=profile.pk)
    if not made and not profile.hidden:
        return
    number = 1 if made else newest_of(profile).number + 1
    profile.hidden, profile.released_at = False, profile.released_at or at
    profile.save()
    envelope = sealed(details, profile_id=profile.pk, for_standards=False, released=True)
    told = {"why": "", "by": None} if made else {"why": why, "by": by}
    write_version(profile, number, terms, envelope, at=at, **told)
    audit.append(
        action=Action.CONTACT_RELEASED,
        by=by,
        subject=about(profile.pk),
        at=at,
        reason=why,
        detail={"report": str(report_id)},
    )


def write_version(
    profile: Profile,
    number: int,
    terms: Terms,
    envelope: bytes,
    *,
    why: str,
    by: StaffMember | None,
    at: datetime,
) -> Version:
    """Write a version of a profile down, inside the caller's transaction."""
    return Version.objects.create(
        profile=profile,
        number=number,
        method=terms.method,
        week=[[list(span) for span in spans] for spans in terms.week.days],
        seen=terms.seen,
        voicemail=terms.voicemail,
        envelope=terms.envelope,
        officer=terms.officer,
        interpreter=terms.interpreter,
        may_contact=terms.may_contact,
        needs=list(terms.needs),
        more_times=terms.more_times,
        sealed=envelope,
        why=why,
        written_by=by,
        written_at=at,
    )


def _record_kept(profile: Profile, *, by: StaffMember, at: datetime) -> None:
    audit.append(
        action=Action.CONTACT_KEPT,
        by=by,
        subject=about(profile.pk),
        at=at,
        detail=_of_whom(profile),
    )


def _of_whom(profile: Profile) -> dict[str, str]:
    if profile.report_id is None:
        return {"person": str(profile.person_id)}
    return {"report": str(profile.report_id)}


def newest_of(profile: Profile) -> Version:
    """Return what a profile says now."""
    newest: Version = profile.versions.order_by("-number")[0]
    return newest
