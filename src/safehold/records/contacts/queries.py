"""Questions about safe contact, and about clocks that cannot wait for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
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
from safehold.records.conflicts import recusals
from safehold.records.contacts.lists import READ_WITHIN
from safehold.records.contacts.models import Due, Override, Profile, Version
from safehold.records.people import finding
from safehold.records.staff.models import StaffMember

_POLICE_PARTY = Subject(police_party=True)


class ProfileNotFound(LookupError):
    """No safe-contact profile has this id."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that somebody has to be reached for, and whether it can wait for a safe time.

    `alarm` is true where its time is over, and where it cannot wait or nobody knows whether it can,
    until another way was `decided` for this clock. `more` tells that they told more, in words that
    are sealed, of when nobody must: then no time is known to be safe before somebody looks.
    """

    due: Due
    wait: Wait
    window: Window | None
    overdue: bool
    more: bool
    decided: Override | None
    alarm: bool


def one(*, profile_id: UUID, by: StaffMember) -> Profile:
    """Return a profile. Raises ProfileNotFound, or Refused where the member may not see it."""
    found = Profile.objects.filter(pk=profile_id).first()
    if found is None:
        raise ProfileNotFound("There is no such safe-contact profile.")
    by.must(Permission.SEE_CONTACT, recusals.subject_of(found))
    if not _may_know_of(found, by):
        raise ProfileNotFound("There is no such safe-contact profile.")
    return found


def _may_know_of(profile: Profile, member: StaffMember) -> bool:
    """Tell whether a member meets whoever it is of: a report in the inbox, or a person."""
    if profile.person_id is None:
        return member.may(Permission.SEE_INBOX)
    return finding.visible_to(member).filter(pk=profile.person_id).exists()


def identity_of(profile: Profile) -> UUID | None:
    """Return whose a profile is now, None for one of a report."""
    return profile.person.identity if profile.person is not None else None


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
        may_contact=version.may_contact,
        needs=tuple(version.needs),
        more_times=version.more_times,
    )


def window_of(version: Version, *, at: datetime) -> Window | None:
    """Return the safe time that is now, or the next; None where none is known."""
    return next_window(terms_of(version).week, at, timezone.get_default_timezone())


def clocks(profile: Profile, *, at: datetime) -> list[Clock]:
    """Return what somebody has still to be reached for, the soonest first."""
    return [_clock(due, at=at) for due in _soonest_first(profile.dues.filter(ended_at=None))]


def open_due(profile: Profile, due_id: UUID) -> Due:
    """Return one time by which somebody has still to be reached. Raises ProfileNotFound."""
    found: Due | None = profile.dues.filter(pk=due_id, ended_at=None).first()
    if found is None:
        raise ProfileNotFound("There is no such time to reach anybody by, or it was ended.")
    return found


def has_read(profile: Profile, *, by: StaffMember, at: datetime) -> bool:
    """Tell whether a member opened lately what is sealed now: it says what must never be done."""
    newest = profile.versions.order_by("-number").values_list("written_at", flat=True)[0]
    since = max(newest, at - READ_WITHIN)
    return profile.openings.filter(member=by, at__gte=since).exists()


def alarms(*, by: StaffMember, at: datetime) -> list[Clock]:
    """Return the clocks that somebody has to decide about; none for whoever may not decide.

    Those of hidden names are for their keepers too, who alone know when it is safe.
    """
    return [clock for clock in _open_clocks(by, at=at) if clock.alarm]


def with_open_due(report_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these reports of which whoever sent them has to be reached by a time."""
    rows = Due.objects.filter(profile__report_id__in=list(report_ids), ended_at=None)
    found = rows.values_list("profile__report_id", flat=True)
    return {report_id for report_id in found if report_id is not None}


def overrides(profile: Profile) -> list[Override]:
    """Return when another way than theirs was decided, the newest first."""
    members = ("decided_by", "reviewed_by")
    return list(profile.overrides.select_related(*members).order_by("-decided_at", "pk"))


def to_review(*, by: StaffMember, limit: int = 100) -> list[Override]:
    """Return the overrides that nobody has looked at yet, the oldest first. Raises Refused."""
    by.must(Permission.REVIEW_OVERRIDE)
    waiting = _to_review(by).select_related("decided_by", "profile")
    return list(waiting.order_by("decided_at", "pk")[:limit])


def waiting(*, by: StaffMember) -> QuerySet[Override]:
    """Return the overrides that wait to be looked at; none for whoever may not."""
    rows = _to_review(by)
    return rows if by.may(Permission.REVIEW_OVERRIDE) else rows.none()


def _to_review(member: StaffMember) -> QuerySet[Override]:
    waiting = Override.objects.filter(reviewed_at=None)
    return waiting.exclude(profile__report_id__in=recusals.kept_from(member))


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of what was made of these reports, as the audit writes them."""
    found = Profile.objects.filter(report_id__in=list(report_ids)).values_list("pk", flat=True)
    return [str(key) for key in found]


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Profile.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def _open_clocks(member: StaffMember, *, at: datetime) -> list[Clock]:
    still_open = Due.objects.filter(ended_at=None)
    if member.may(Permission.OVERRIDE_CONTACT):
        seen = _seen_by(member, still_open)
    elif member.may(Permission.OPEN_IDENTITY):
        seen = still_open.filter(profile__hidden=True, profile__police_party=False)
    else:
        return []
    return [_clock(due, at=at) for due in _soonest_first(seen)]


def _soonest_first(dues: QuerySet[Due]) -> QuerySet[Due]:
    # With all that a clock is read from, in as many questions for many clocks as for one.
    return (
        dues.select_related("profile", "set_by")
        .prefetch_related(
            Prefetch(
                "profile__versions", Version.objects.defer("sealed", "why").order_by("-number")
            ),
            Prefetch(
                "overrides",
                Override.objects.select_related("decided_by").order_by("-decided_at", "pk"),
            ),
        )
        .order_by("due_at", "pk")
    )


def _seen_by(member: StaffMember, dues: QuerySet[Due]) -> QuerySet[Due]:
    dues = dues.exclude(profile__report_id__in=recusals.kept_from(member))
    dues = dues.filter(Q(profile__person=None) | finding.known_to(member, "profile__person_id"))
    if member.may(Permission.OVERRIDE_CONTACT, _POLICE_PARTY):
        return dues
    return dues.exclude(profile__police_party=True)


def _clock(due: Due, *, at: datetime) -> Clock:
    version = next(iter(due.profile.versions.all()), None)
    zone = timezone.get_default_timezone()
    week = terms_of(version).week if version is not None else NOT_KNOWN
    wait = can_wait(week, due.due_at, at, zone)
    overdue = due.due_at <= at
    decided = next(iter(due.overrides.all()), None)
    return Clock(
        due=due,
        wait=wait,
        window=next_window(week, at, zone),
        overdue=overdue,
        more=version is not None and version.more_times,
        decided=decided,
        alarm=overdue or (decided is None and wait in {Wait.TOO_LATE, Wait.NOT_KNOWN}),
    )
