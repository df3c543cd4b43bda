"""Questions about the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast, TruncDate
from django.utils.timezone import get_current_timezone

from safehold.records.audit.actions import LOOKS, Action
from safehold.records.audit.actors import About, ActorKind, Member
from safehold.records.audit.models import AuditEvent

# Rows stand in the order in which they were written, which is that of their times but for an act
# that was given its moment a little before: so many rows are read beside a span of time.
_BESIDE: Final = 1_000


def events_about(subject: About) -> QuerySet[AuditEvent]:
    """Return what happened to one subject, the latest first."""
    rows = AuditEvent.objects.filter(subject_kind=subject.kind, subject_id=subject.identifier)
    return rows.order_by("-sequence")


def events_with_member(subject: About) -> QuerySet[AuditEvent]:
    """Return what one member did and what was done about them, the latest first."""
    acted = Q(actor_id=subject.identifier, actor_kind=ActorKind.PERSON)
    about = Q(subject_kind=subject.kind, subject_id=subject.identifier)
    return AuditEvent.objects.filter(acted | about).order_by("-sequence")


def events_about_any(subjects: Iterable[About]) -> QuerySet[AuditEvent]:
    """Return what happened to any of these subjects of one kind, the latest first."""
    about = list(subjects)
    kinds = {each.kind for each in about}
    keys = [each.identifier for each in about]
    rows = AuditEvent.objects.filter(subject_kind__in=kinds, subject_id__in=keys)
    return rows.order_by("-sequence")


def last_look(*, subject: About, by: Member, since: datetime) -> tuple[datetime, str] | None:
    """Return when a member last looked at a subject and why, None where not since a moment."""
    return last_look_at_any([subject], by=by, since=since)


def last_look_at_any(
    subjects: Iterable[About], *, by: Member, since: datetime
) -> tuple[datetime, str] | None:
    """Return the last look at any of these subjects of one kind, None where not since a moment."""
    return looks_at(*subjects, by=by, since=since).values_list("at", "reason").first()


def looks_at(*subjects: About, by: Member, since: datetime) -> QuerySet[AuditEvent]:
    """Return a member's looks at any of these subjects of one kind since a moment, the last first.

    Another question can have it inside: whether something is there and was opened, in one.
    """
    return events_about_any(subjects).filter(
        action=Action.LOOKED, actor_id=str(by.pk), actor_kind=ActorKind.PERSON, at__gte=since
    )


def every_event() -> QuerySet[AuditEvent]:
    """Return the whole chain, the latest first, for whoever reads it page by page."""
    return AuditEvent.objects.order_by("-sequence")


def without_looks_by(rows: QuerySet[AuditEvent], member_ids: Iterable[str]) -> QuerySet[AuditEvent]:
    """Leave out what these members looked at or opened, or tried to; what they did stays."""
    by_them = Q(actor_kind=ActorKind.PERSON, actor_id__in=list(member_ids))
    return rows.exclude(by_them & Q(action__in=LOOKS))


def without(
    rows: QuerySet[AuditEvent], subjects: Iterable[About], *, kinds: Iterable[str], reader: About
) -> QuerySet[AuditEvent]:
    """Leave out what happened to these subjects, and what others read about any of these kinds.

    What the reader asked for stays, whether there is such a subject or not: were the row of one
    that is hidden missing, its absence would tell that there is one.
    """
    about_them = Q(subject_id__in=[each.identifier for each in subjects])
    read_about = Q()
    for kind in kinds:
        read_about |= Q(subject_id__startswith=f"{kind} ")
    own = Q(actor_kind=ActorKind.PERSON, actor_id=reader.identifier)
    return rows.exclude(about_them).exclude(Q(subject_kind="audit") & read_about & ~own)


def day_of(day: date) -> tuple[datetime, datetime]:
    """Return the moments at which a day begins and ends here."""
    zone = get_current_timezone()
    begins = datetime.combine(day, time.min, tzinfo=zone)
    return begins, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def between(start: datetime, end: datetime, *, actions: Iterable[Action]) -> QuerySet[AuditEvent]:
    """Return what people did from one moment to before another, the first first.

    Found by the numbers of the rows, which are in order: the whole chain is not read.
    """
    rows = AuditEvent.objects.filter(
        sequence__gte=_first_from(start) - _BESIDE, sequence__lt=_first_from(end) + _BESIDE
    )
    acts = rows.filter(at__gte=start, at__lt=end, actor_kind=ActorKind.PERSON)
    return acts.filter(action__in=list(actions)).order_by("sequence")


def counts_of_days(
    start: datetime, end: datetime, *, actions: Iterable[Action]
) -> list[tuple[str, date, int]]:
    """Count what each member did on each day: who, when, how often. Days without are left out."""
    rows = between(start, end, actions=actions).order_by()
    counted = rows.annotate(day=TruncDate("at")).values("actor_id", "day")
    found = counted.annotate(times=Count("pk")).values_list("actor_id", "day", "times")
    return list(found)


def looks_at_person(keys: Iterable[str]) -> QuerySet[AuditEvent]:
    """Return all that happened to a person's rows, and each search that showed them, latest first.

    What a search gave is read row by row, of all searches: for the few who ask for their own.
    """
    ids = list(keys)
    about = Q(subject_kind="person", subject_id__in=ids)
    shown = Q()
    for key in ids:
        shown |= Q(said__contains=key)
    searches = AuditEvent.objects.filter(action=Action.PEOPLE_FOUND)
    given = searches.annotate(said=Cast("detail", TextField())).filter(shown).values("pk")
    return AuditEvent.objects.filter(about | Q(pk__in=given)).order_by("-sequence")


def _first_from(at: datetime) -> int:
    """Return the number of about the first row that was written at a moment or after it."""
    low, high = 1, (AuditEvent.objects.aggregate(last=Max("sequence"))["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        if AuditEvent.objects.filter(pk=middle, at__gte=at).exists():
            high = middle
        else:
            low = middle + 1
    return low
