"""Counting applications by quarter, for figures that say nothing of one.

Those about a colleague are never counted here. The figures are the same for everybody who sees
them: what somebody may know of single applications changes nothing of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from safehold.domain import dvds
from safehold.domain.access import Permission
from safehold.domain.dvds_figures import Counted, Quarter
from safehold.records.dvds.models import Application, Characteristics, Decision, Route, Told
from safehold.records.staff.models import StaffMember


class NoSuchQuarter(LookupError):
    """The quarter is not over, or not one of those that are shown."""


def counted(quarter: Quarter, *, by: StaffMember) -> Counted:
    """Return the true counts of a quarter. Raises Refused."""
    by.must(Permission.SEE_DVDS_FIGURES)
    asked = list(_within("asked_at", quarter))
    decided = list(_within("decided_at", quarter))
    answered = list(_within("answered_at", quarter))
    return Counted(
        asked=_count(Route.choices, (row.route for row in asked)),
        decided=_count(
            [one for one in Decision.choices if one[0]], (row.decision for row in decided)
        ),
        told=_count(_TOLD, (row.told for row in answered)),
        days_to_decide=[_days(row.asked_at, row.decided_at) for row in decided],
        days_to_answer=[_days(row.asked_at, row.answered_at) for row in answered],
        characteristics=_characteristics(asked),
    )


_TOLD = [*((key, label) for key, label in Told.choices if key), ("", "Nothing told")]


def _within(column: str, quarter: Quarter) -> QuerySet[Application]:
    begins, over = (
        timezone.make_aware(datetime.combine(day, time())) for day in (quarter.begins, quarter.over)
    )
    return Application.objects.filter(
        police_party=False, **{f"{column}__gte": begins, f"{column}__lt": over}
    )


def _count(options: Iterable[tuple[str, object]], found: Iterable[str]) -> dict[str, int]:
    counts = Counter(found)
    return {str(label): counts[key] for key, label in options}


def _days(since: datetime, until: datetime | None) -> int:
    return (localdate(until) - localdate(since)).days


def _characteristics(asked: list[Application]) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    rows = Characteristics.objects.filter(application__in=[row.pk for row in asked])
    newest = {(row.application_id, row.of): row for row in rows.order_by("at", "pk")}
    return {
        of: {
            name: _count(
                dvds.choices(name),
                (getattr(newest.get((row.pk, of)), name, "not_asked") for row in asked),
            )
            for name in dvds.COUNTED
        }
        for of, _ in dvds.choices("of")
    }
