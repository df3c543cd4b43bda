"""What holders of codes wrote and nobody has read: how much and since when, none of it opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from safehold.design.words import counted
from safehold.records.conversations.models import ReadUpTo
from safehold.records.intake import returns
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import ReturnPlace, Said


@dataclass(frozen=True, slots=True)
class Unread:
    """What waits of one report: how many entries, the day of the first, and whether they closed it.

    That the code leads nowhere any more is known of itself: closing it is the last that is said.
    """

    count: int
    since: date
    closed: bool


def all_unread() -> list[UUID]:
    """Return every report whose holder wrote what nobody has read, whoever may see it."""
    read = dict(ReadUpTo.objects.values_list("report_id", "number"))
    return [key for key, number in returns.newest_from_holders() if number > read.get(key, 0)]


def unread_of(report_ids: Iterable[UUID]) -> dict[UUID, Unread]:
    """Return what nobody has read, for each of these reports whose holder wrote."""
    asked = list(report_ids)
    read = dict(ReadUpTo.objects.filter(pk__in=asked).values_list("report_id", "number"))
    theirs = Said.objects.using(INTAKE).filter(report_id__in=asked, from_us=False)
    days: dict[UUID, list[date]] = {}
    for key, number, day in theirs.order_by("number").values_list("report_id", "number", "day"):
        if number > read.get(key, 0):
            days.setdefault(key, []).append(day)
    places = ReturnPlace.objects.using(INTAKE).filter(report_id__in=list(days))
    open_still = set(places.values_list("report_id", flat=True))
    return {key: Unread(len(of), of[0], key not in open_still) for key, of in days.items()}


def open_of(report_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Say, for each of these reports with something unread, how much and what to do."""
    return {key: _words(found.count) for key, found in unread_of(report_ids).items()}


def _words(count: int) -> str:
    are, them = ("is", "it") if count == 1 else ("are", "them")
    return (
        f"{counted(count, 'message')} from whoever holds the code {are} not read: open Messages on "
        f"the report’s page and read {them} first."
    )
