"""Questions about safe contact, and about clocks that cannot wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from safehold.domain.access import Permission, Subject
from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import (
    NOT_KNOWN,
    NotAWeek,
    Wait,
    Window,
    can_wait,
    next_window,
    week_from_plain,
)
from safehold.records.contacts.models import Due, Override, Profile, Version
from safehold.records.staff.models import StaffMember

_POLICE_PARTY = Subject(police_party=True)


class ProfileNotFound(LookupError):
    """No safe-contact profile has this id."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that somebody has to be reached for, and whether it can wait for a safe time.

    `alarm` is true where it cannot, or where its time is over, and nobody has decided since about
    another way.
    """

    due: Due
    wait: Wait
    window: Window | None
    overdue: bool
    alarm: bool


def one(*, profile_id: UUID, by: StaffMember) -> Profile:
    """Return a profile. Raises ProfileNotFound, or Refused where the member may not see it."""
    found = Profile.objects.filter(pk=profile_id).first()
    if found is None:
        raise ProfileNotFound("There is no such safe-contact profile.")
    by.must(Permission.SEE_CONTACT, Subject(police_party=found.police_party))
    return found


def of_report(report_id: UUID) -> Profile | None:
    """Return the profile of whoever sent a report, None where none was made."""
    return Profile.objects.filter(report_id=report_id).first()


def versions(profile: Profile) -> list[Version]:
    """Return what a profile says and said, the newest first."""
    return list(profile.versions.select_related("written_by").order_by("-number"))


def terms_of(version: Version) -> Terms:
    """Read what stands in clear; a week that this version cannot read is not known."""
    try:
        week = week_from_plain(version.week)
    except NotAWeek:
        week = NOT_KNOWN
    return Terms(
        method=version.method,
        week=week,
        seen=version.seen,
        voicemail=version.voicemail,
        envelope=version.envelope,
        officer=version.officer,
        interpreter=version.interpreter,
        more_times=version.more_times,
    )


def window_of(version: Version, *, at: datetime) -> Window | None:
    """Return the safe time that is now, or the next; None where none is known."""
    return next_window(terms_of(version).week, at, timezone.get_default_timezone())


def clocks(profile: Profile, *, at: datetime) -> list[Clock]:
    """Return what somebody has still to be reached for, the soonest first."""
    open_dues = profile.dues.filter(ended_at=None).select_related("set_by").order_by("due_at", "pk")
    return [_clock(due, at=at) for due in open_dues]


def alarms(*, by: StaffMember, at: datetime) -> list[Clock]:
    """Return the clocks that cannot wait for a safe time; none for whoever may not decide."""
    return [clock for clock in _open_clocks(by, at=at) if clock.alarm]


def overrides(profile: Profile) -> list[Override]:
    """Return when another way than theirs was decided, the newest first."""
    members = ("decided_by", "reviewed_by")
    return list(profile.overrides.select_related(*members).order_by("-decided_at", "pk"))


def to_review(*, by: StaffMember, limit: int = 100) -> list[Override]:
    """Return the overrides that nobody has looked at yet, the oldest first. Raises Refused."""
    by.must(Permission.REVIEW_OVERRIDE)
    waiting = Override.objects.filter(reviewed_at=None).select_related("decided_by", "profile")
    return list(waiting.order_by("decided_at", "pk")[:limit])


def count_to_review(*, by: StaffMember) -> int:
    """Count the overrides that wait to be looked at; none for whoever may not."""
    if not by.may(Permission.REVIEW_OVERRIDE):
        return 0
    return Override.objects.filter(reviewed_at=None).count()


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Profile.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def _open_clocks(member: StaffMember, *, at: datetime) -> list[Clock]:
    if not member.may(Permission.OVERRIDE_CONTACT):
        return []
    found = Due.objects.filter(ended_at=None).select_related("profile", "set_by")
    return [_clock(due, at=at) for due in _seen_by(member, found).order_by("due_at", "pk")]


def _seen_by(member: StaffMember, dues: QuerySet[Due]) -> QuerySet[Due]:
    if member.may(Permission.OVERRIDE_CONTACT, _POLICE_PARTY):
        return dues
    return dues.exclude(profile__police_party=True)


def _clock(due: Due, *, at: datetime) -> Clock:
    version = due.profile.versions.order_by("-number").first()
    zone = timezone.get_default_timezone()
    week = terms_of(version).week if version is not None else NOT_KNOWN
    wait = can_wait(week, due.due_at, at, zone)
    overdue = due.due_at <= at
    decided = due.profile.overrides.filter(decided_at__gte=due.set_at).exists()
    alarm = (wait is Wait.TOO_LATE or overdue) and not decided
    return Clock(due, wait, next_window(week, at, zone), overdue, alarm)
