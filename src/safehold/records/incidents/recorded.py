"""Incidents that officers recorded and of which nobody has decided whether they are crimes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from safehold.domain.access import Permission
from safehold.domain.answering import Waits
from safehold.records.clocks import queries as clocks
from safehold.records.clocks.models import Clock
from safehold.records.incidents.models import Incident
from safehold.records.incidents.queries import seen_by
from safehold.records.staff.models import StaffMember

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for a decision on crime, and how many of them are late."""

    count: int
    late: int


def undecided(*, by: StaffMember, late_at: datetime | None = None, page: int = 1) -> Page[Incident]:
    """Return one page of what waits, the soonest due first; each has `crime_due`.

    Of those late at `late_at` alone, where it is given. Raises Refused.
    """
    by.must(Permission.SEE_CRIME_DECISIONS)
    found = _waiting(by).select_related("recorded_by").order_by("crime_due", "pk")
    if late_at is not None:
        found = found.filter(crime_due__lte=late_at)
    return Paginator(found, PER_PAGE).get_page(page)


def count_undecided(*, by: StaffMember, at: datetime) -> Waiting:
    """Count what waits, and what of it is late; none for whoever may not see it."""
    if not by.may(Permission.SEE_CRIME_DECISIONS):
        return Waiting(0, 0)
    late = Count("pk", filter=Q(crime_due__lte=at))
    found: Mapping[str, int] = _waiting(by).aggregate(all=Count("pk"), late=late)
    return Waiting(found["all"], found["late"])


def clock_of(incident: Incident) -> Clock | None:
    """Return the clock of an incident that was given out, None where it came by a report."""
    return clocks.of_incidents([incident.pk]).get(incident.pk)


def _waiting(member: StaffMember) -> QuerySet[Any]:
    running = Clock.objects.filter(of_incident=True, waits=Waits.CRIME, stopped_at=None)
    due = running.filter(report_id=OuterRef("pk")).values("due_at")[:1]
    found = seen_by(member).filter(pk__in=running.values("report_id"))
    return found.annotate(crime_due=Subquery(due))
