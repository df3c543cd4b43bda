"""Days on which somebody looked unusually: found in the audit, read by an auditor.

A run reads one day, and of the days before it counts alone. It may be run again at any time: a day
comes out the same, and one that an auditor has noted something on is left as they read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from safehold.domain import looking
from safehold.domain.access import Permission, Role
from safehold.domain.looking import Names, Opened, Outcome, Reason, Searched
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.audit.actions import LOOKS, Action
from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts import homes, work
from safehold.records.conflicts.comparing import names_of_colleagues
from safehold.records.conflicts.models import LinkedParty, UnusualDay, UnusualNote
from safehold.records.people import finding
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

PER_PAGE: Final = 50
MOST_REASONS: Final = 6  # of those that they gave
# A search leaves two rows; what was refused was not seen.
COUNTED: Final = LOOKS - {Action.PEOPLE_FOUND, Action.ACCESS_REFUSED}


class NotUnusual(LookupError):
    """There is no such day of looking, or none that the member may review."""


@dataclass(slots=True)
class _Day:
    """What one member looked at on one day."""

    looks: int = 0
    searched: list[Searched] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    said: dict[str, None] = field(default_factory=dict)


def look_through(*, day: date, at: datetime) -> int:
    """Find who looked unusually on one day; return how many. Run again, it finds the same.

    Whoever asks for it sees the counts and nobody who was looked at.
    """
    with row_security.as_system():
        return _look_through(day, at)


def _look_through(day: date, at: datetime) -> int:
    start, end = events.day_of(day)
    members = _members()
    days = _days(events.between(start, end, actions=COUNTED), members)
    usual = _usual(start, members)
    colleagues = {name: frozenset(words) for name, words in names_of_colleagues().items()}
    found = 0
    for key, one in days.items():
        others = frozenset(words for name, words in colleagues.items() if name != members[key].name)
        reasons = _reasons(members[key], one, usual=usual, colleagues=others, start=start)
        found += bool(reasons)
        _keep(members[key], day, one, reasons, at=at)
    return found


def listed(*, by: StaffMember, page: int = 1) -> Page[UnusualDay]:
    """Return one page of days, the latest first, but for the reader's own. Raises Refused."""
    rows = _shown(by).select_related("member").prefetch_related("notes__by")
    return Paginator(rows.order_by("-day", "pk"), PER_PAGE).get_page(page)


def one(*, unusual_id: UUID, by: StaffMember) -> UnusualDay:
    """Return one day. Raises Refused, or NotUnusual."""
    found = _shown(by).select_related("member").filter(pk=unusual_id).first()
    if found is None:
        raise NotUnusual("There is no such day of looking.")
    return found


@transaction.atomic
def review(
    *, unusual_id: UUID, outcome: str, words: str, by: StaffMember, at: datetime
) -> UnusualNote:
    """Note what came of asking about a day. Raises ReasonTooThin, Refused, or NotUnusual."""
    stated = meaningful(words)
    row = one(unusual_id=unusual_id, by=by)
    made = UnusualNote.objects.create(
        unusual=row, outcome=str(Outcome(outcome)), words=stated, by=by, at=at
    )
    audit.append(
        action=Action.LOOKS_REVIEWED,
        by=by,
        subject=About("member", str(row.member_id)),
        at=at,
        reason=stated,
        detail={"day": row.day.isoformat(), "outcome": outcome},
    )
    return made


def count_for(*, by: StaffMember) -> int:
    """Count the days that wait for a member: of an auditor, those without a note.

    Of professional standards those that were passed to them; of anybody else none.
    """
    if not by.may(Permission.REVIEW_LOOKS):
        return 0
    if by.role != Role.PROFESSIONAL_STANDARDS:
        return _shown(by).filter(notes=None).count()
    passed = UnusualNote.objects.filter(outcome=Outcome.TO_STANDARDS).values("unusual_id")
    read = UnusualNote.objects.filter(by__role=by.role).values("unusual_id")
    return _shown(by).filter(pk__in=passed).exclude(pk__in=read).count()


def _shown(by: StaffMember) -> QuerySet[UnusualDay]:
    by.must(Permission.REVIEW_LOOKS)
    return UnusualDay.objects.exclude(member=by)


def _members() -> dict[str, StaffMember]:
    """Return everybody but professional standards, whose looks are nobody else's to know."""
    members = StaffMember.objects.exclude(role=Role.PROFESSIONAL_STANDARDS)
    return {str(member.pk): member for member in members}


def _days(rows: Iterable[AuditEvent], members: Collection[str]) -> dict[str, _Day]:
    days: dict[str, _Day] = {}
    for row in rows:
        if row.actor_id not in members:
            continue
        one = days.setdefault(row.actor_id, _Day())
        one.looks += 1
        if row.reason:
            one.said.setdefault(row.reason)
        if row.action == Action.PEOPLE_SOUGHT:
            one.searched.append(Searched(row.at, str(row.detail.get("name", ""))))
        elif row.action == Action.LOOKED and row.subject_kind == "person":
            one.opened.append(Opened(row.at, UUID(row.subject_id)))
    return days


def _usual(start: datetime, members: Collection[str]) -> list[int]:
    since = start - timedelta(days=looking.table().usual_days)
    counts = events.counts_of_days(since, start, actions=COUNTED)
    return [count for actor_id, _, count in counts if actor_id in members]


def _reasons(
    member: StaffMember,
    one: _Day,
    *,
    usual: Sequence[int],
    colleagues: frozenset[frozenset[str]],
    start: datetime,
) -> dict[Reason, int]:
    rule = looking.table()
    linked = LinkedParty.objects.filter(colleague=member, ended_at=None)
    close = tuple(linked.values_list("name", flat=True))
    found = looking.names_met(one.searched, Names(member.name, close, colleagues))
    if looking.far_above(one.looks, usual):
        found[Reason.MANY] = one.looks
    opened = _identities(one.opened)
    people = {each.person for each in opened}
    if at_home := homes.people_at_home(member, people):
        found[Reason.OWN_ADDRESS] = len(at_home)
    without = people - work.people_of(member, among=people)
    if len(without) >= rule.no_work_at_least:
        found[Reason.NO_WORK] = len(without)
    if again := _again(member, without, start=start):
        found[Reason.AGAIN] = again
    names = finding.names_of(people)
    browsed = looking.browsed(opened, one.searched, names)
    if len(browsed) >= rule.browsing_at_least:
        found[Reason.BROWSING] = len(browsed)
    return found


def _identities(opened: Sequence[Opened]) -> list[Opened]:
    rows = Person.objects.filter(pk__in={each.person for each in opened})
    now = dict(rows.values_list("pk", "identity"))
    return [Opened(each.at, now[each.person]) for each in opened if each.person in now]


def _again(member: StaffMember, people: Collection[UUID], *, start: datetime) -> int:
    """Return the most days on which one of these people was looked at, none below the least."""
    rule = looking.table()
    rows = dict(Person.objects.filter(identity__in=people).values_list("pk", "identity"))
    since = start - timedelta(days=rule.again_days - 1)
    looks = events.between(since, start + timedelta(days=1), actions={Action.LOOKED}).filter(
        actor_id=str(member.pk), subject_kind="person", subject_id__in=list(map(str, rows))
    )
    days: dict[UUID, set[date]] = {}
    for key, at in looks.values_list("subject_id", "at"):
        days.setdefault(rows[UUID(key)], set()).add(localdate(at))
    most = max(map(len, days.values()), default=0)
    return most if most >= rule.again_at_least else 0


@transaction.atomic
def _keep(
    member: StaffMember, day: date, one: _Day, reasons: dict[Reason, int], *, at: datetime
) -> None:
    rows = UnusualDay.objects.select_for_update(no_key=True).filter(member=member, day=day)
    found = rows.first()
    if found is not None and found.notes.exists():
        return
    if not reasons:
        rows.delete()
        return
    UnusualDay.objects.update_or_create(
        member=member,
        day=day,
        defaults={
            "looks": one.looks,
            "reasons": {str(each): reasons[each] for each in Reason if each in reasons},
            "said": list(one.said)[:MOST_REASONS],
            "version": looking.table().version,
            "made_at": at,
        },
    )
