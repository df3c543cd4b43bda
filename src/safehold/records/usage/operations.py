"""Adding to the counts, and forgetting old ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from safehold import rules
from safehold.records.usage.models import Event, WeeklyCount

__all__ = ["Event", "add", "forget_old", "week_of"]

STORE = "intake"
LONGEST_PAGE = 200


def week_of(at: datetime) -> date:
    """Give the Monday of the week that a moment is in, by the force's own clock."""
    day = timezone.localtime(at).date()
    return day - timedelta(days=day.weekday())


def add(*, counts: Mapping[tuple[date, str, Event], int]) -> None:
    """Add numbers to those kept; processes that do it at once add up.

    No audit row: nobody did it, and its time would be finer than the week.
    """
    for (week, page, event), number in sorted(counts.items()):
        if len(page) <= LONGEST_PAGE:
            _add_one(week, page, event, number)


def _add_one(week: date, page: str, event: Event, number: int) -> None:
    rows = WeeklyCount.objects.using(STORE).filter(week=week, page=page, event=event)
    if rows.update(count=F("count") + number):
        return
    try:
        with transaction.atomic(using=STORE):
            WeeklyCount.objects.using(STORE).create(week=week, page=page, event=event, count=number)
    except IntegrityError:  # another process made the row in between
        rows.update(count=F("count") + number)


def forget_old(*, at: datetime) -> int:
    """Delete the weeks that are older than the rule keeps; return how many rows went."""
    weeks = rules.load("usage").tables["keep"]["weeks"]
    oldest = week_of(at) - timedelta(weeks=weeks)
    return WeeklyCount.objects.using(STORE).filter(week__lt=oldest).delete()[0]
