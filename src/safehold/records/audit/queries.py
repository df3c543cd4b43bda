"""Questions about the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from safehold.records.audit.actions import LOOKS, Action
from safehold.records.audit.actors import About, ActorKind, Member
from safehold.records.audit.models import AuditEvent


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
    rows = events_about_any(subjects).filter(
        action=Action.LOOKED, actor_id=str(by.pk), actor_kind=ActorKind.PERSON, at__gte=since
    )
    return rows.values_list("at", "reason").first()


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
