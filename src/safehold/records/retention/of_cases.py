"""What holds closed cases: read as it is now, for whoever decides about them. Nothing goes by this.

What holds one counts whoever asks; of what the reader may not know of, it is said that other work
rests on it and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from safehold.domain import retention
from safehold.domain.access import Permission
from safehold.domain.removal import CaseFacts, Held, held
from safehold.records import row_security
from safehold.records.cases import holding, listing, queries
from safehold.records.cases.models import Case, CaseIncident, CaseParty
from safehold.records.deadlines.models import Deadline
from safehold.records.orders.models import Order
from safehold.records.people.models import Person
from safehold.records.retention.models import LegalHold
from safehold.records.risk.models import Assessment
from safehold.records.risk.queries import highest, holds
from safehold.records.staff.models import StaffMember


def what_holds(cases: Sequence[Case], *, by: StaffMember, today: date) -> dict[UUID, list[Held]]:
    """Return what holds each of some cases that were given out. Raises Refused."""
    by.must(Permission.REVIEW_RETENTION)
    with row_security.as_system():  # a hold holds, whether the reader may see it or not
        return {case.pk: list(held(facts_of(case), today=today)) for case in cases}


def facts_of(case: Case) -> CaseFacts:
    """Return what a case's going depends on, whoever may see it."""
    people = Person.objects.filter(
        identity__in=CaseParty.objects.filter(case=case).values("person__identity")
    )
    incidents = CaseIncident.objects.filter(case=case).values("incident_id")
    others = Case.objects.filter(closed_at=None).exclude(pk=case.pk)
    return CaseFacts(
        until=listing.until_of(case) if case.closed_at else None,
        holds=_holds(case),
        work=tuple(holding.still_open(case.pk)),
        clocks=Deadline.objects.filter(case=case, stopped_at=None, superseded_by=None).count(),
        orders=_orders(people.values("pk")),
        graded_high=_graded_high(case),
        elsewhere=others.filter(
            Q(parties__person__in=people.values("pk")) | Q(incidents__incident__in=incidents)
        ).exists(),
    )


def _holds(case: Case) -> tuple[str, ...]:
    reports = queries.reports_in(case.pk)
    rows = LegalHold.objects.filter(report_id__in=reports, lifted_at=None).order_by("set_at", "pk")
    grounds = retention.table().grounds
    return tuple(dict.fromkeys(grounds.get(row.ground, row.ground) for row in rows))


def _orders(people: object) -> int:
    """Count the orders that bind or protect somebody and were not ended: one that only ran out
    counts until somebody says that it is over."""
    whose = Q(respondent__in=people) | Q(protects__person__in=people)
    return Order.objects.filter(whose, ended_on=None).distinct().count()


def _graded_high(case: Case) -> bool:
    """Tell whether the newest grade that holds, of anybody in the case, is high."""
    for assessment in Assessment.objects.filter(case=case).order_by("pk"):
        grades = list(assessment.grades.select_related("agreement").order_by("-at", "pk"))
        standing = [row for row in grades if holds(row)]
        replaced = {key for row in standing for key in row.instead_of}
        top = highest(row for row in standing if str(row.pk) not in replaced)
        if top is not None and top.grade == "high":
            return True
    return False
