"""The watch: who is told of danger at any hour, and what they are told of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.protection import areas, clock_words, deadline_words, troubles
from safehold.protection.triage_forms import ReachForm
from safehold.records.conflicts import recusals
from safehold.records.deadlines import queries as deadlines
from safehold.records.duty import operations, queries
from safehold.records.jobs import queries as jobs
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import piles, waiting

MOST_SHOWN = 100
MOST_LATE_SHOWN = 8
_PAGES = {False: "protection:report", True: "protection:flood"}


@dataclass(frozen=True, slots=True)
class Alarmed:
    """What somebody is alarmed about: the most urgent lines, and how many there are."""

    lines: list[clock_words.DangerRow]
    count: int


@require_GET
@recusals.read_once()
@areas.as_loaded()
def watch(request: HttpRequest) -> HttpResponse:
    """Show who holds the watch, what is open, and where the member is told of alarms."""
    reach = queries.reach_of(member_of(request))
    kept = {"mobile": reach.mobile, "email": reach.email} if reach else {}
    return _page(request, ReachForm(initial=kept))


@require_POST
def take_watch(request: HttpRequest) -> HttpResponse:
    """Take the watch over; it is never laid down."""
    operations.take_watch(by=member_of(request), at=timezone.now())
    return redirect("protection:watch")


@require_POST
def keep_reach(request: HttpRequest) -> HttpResponse:
    """Keep where the member is told of alarms."""
    form = ReachForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    operations.keep_reach(
        mobile=form.cleaned_data["mobile"],
        email=form.cleaned_data["email"],
        by=member_of(request),
        at=timezone.now(),
    )
    return redirect("protection:watch")


def dangers(
    member: StaffMember, open_piles: Sequence[piles.Pile], *, shown: int, at: datetime
) -> Alarmed:
    """Return what waits on the member's desk with a danger prompt that nobody has taken.

    Danger now first, then what was done to people, then the longest waiting.
    """
    return _alarmed(member, operations.Because.DANGER, open_piles, shown=shown, at=at)


def _alarmed(
    member: StaffMember,
    because: operations.Because,
    open_piles: Sequence[piles.Pile],
    *,
    shown: int,
    at: datetime,
) -> Alarmed:
    alarms = queries.open_alarms(by=member).filter(because=because)
    keys = alarms.filter(of_pile=True).values_list("report_id", flat=True) if open_piles else ()
    of_piles = set(keys)
    found = waiting.alarmed(
        alarms.filter(of_pile=False).values("report_id"),
        piles=[pile for pile in open_piles if pile.flood.pk in of_piles],
        by=member,
    )
    lines = [(_key(line), line) for line in found[:shown]]
    by_key = {alarm.report_id: alarm for alarm in alarms.filter(report_id__in=dict(lines))}
    late = because == operations.Because.LATE
    over = waiting.running([key for key, _ in lines]) if late else {}
    rows = [
        clock_words.danger_row(
            by_key[key],
            line,
            path=reverse(_PAGES[isinstance(line, piles.Pile)], args=[key]),
            over=over.get(key, ()),
            at=at,
        )
        for key, line in lines
        if key in by_key
    ]
    return Alarmed(rows, len(found))


def _deadlines(member: StaffMember, *, at: datetime) -> list[deadline_words.Row]:
    """Return the deadlines of cases that the member's desk is alarmed about."""
    alarms = queries.open_alarms(by=member).filter(because=operations.Because.DEADLINE)
    found = deadlines.alarmed(alarms.values("report_id"), by=member)
    return deadline_words.rows_of(found[:MOST_SHOWN], at=at)


def _key(line: Any) -> UUID:
    key: UUID = line.flood.pk if isinstance(line, piles.Pile) else line.pk
    return key


def _page(request: HttpRequest, form: ReachForm) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    desk, open_piles = operations.desk_of(member), piles.open_piles(by=member)
    late = operations.Because.LATE
    page = {
        "title": "The watch",
        "here": "/staff/watch/",
        "desk": desk.label,
        "standing": queries.standing(desk),
        "mine": member,
        "open": dangers(member, open_piles, shown=MOST_SHOWN, at=now),
        "open_late": _alarmed(member, late, open_piles, shown=MOST_LATE_SHOWN, at=now),
        "stalled": [troubles.stalled_words(job) for job in jobs.urgent_stalled(at=now)],
        "late": waiting.count_late(by=member, at=now),
        "deadlines": _deadlines(member, at=now),
        "past": queries.past_watches(by=member),
        "form": form,
    }
    return render(request, "protection/watch.html", page)
