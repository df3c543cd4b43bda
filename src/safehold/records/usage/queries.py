"""What staff may see of the counts: finished weeks, rounded, small numbers not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from safehold import rules
from safehold.records.usage.models import Event, WeeklyCount
from safehold.records.usage.operations import STORE, week_of


@dataclass(frozen=True, slots=True)
class PageUse:
    """How often a page was opened and gone on from; None for a number too small to show."""

    page: str
    opened: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class Use:
    """The pages of a period, from its first day to its last, the most opened first."""

    first: date
    last: date
    smallest: int
    pages: tuple[PageUse, ...]


def shown(count: int, *, smallest: int) -> int | None:
    """Round to the nearest multiple of the smallest number shown; None below that number.

    Every number is rounded by itself and none is a sum of others, so that no difference between
    two of them gives away a small one.
    """
    if count < smallest:
        return None
    return (count + smallest // 2) // smallest * smallest


def use(*, at: datetime) -> Use:
    """How were the pages used in the last finished weeks? The week in hand is never shown.

    A number that grows while somebody watches would tell when one person came.
    """
    rule = rules.load("usage").tables
    smallest, weeks = rule["suppression"]["smallest"], rule["show"]["weeks"]
    this_week = week_of(at)
    first = this_week - timedelta(weeks=weeks)
    rows = (
        WeeklyCount.objects.using(STORE)
        .filter(week__gte=first, week__lt=this_week)
        .values_list("page", "event")
        .annotate(total=Sum("count"))
    )
    totals = {(page, event): total for page, event, total in rows}
    pages = [
        PageUse(
            page,
            shown(totals.get((page, Event.OPENED), 0), smallest=smallest),
            shown(totals.get((page, Event.COMPLETED), 0), smallest=smallest),
        )
        for page in {page for page, _ in totals}
    ]
    pages.sort(key=lambda page: (-(page.opened or 0), page.page))
    return Use(first, this_week - timedelta(days=1), smallest, tuple(pages))
