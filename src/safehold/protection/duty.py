"""The watch: who is told of danger at any hour, and what they are told of now."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.protection import clock_words, troubles
from safehold.protection.triage_forms import ReachForm
from safehold.records.duty import operations, queries
from safehold.records.jobs import queries as jobs
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import piles, waiting
from safehold.records.triage import queries as triage

MOST_LATE_SHOWN = 8
_PAGES = {False: "protection:report", True: "protection:flood"}


@require_GET
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


def dangers(member: StaffMember, *, at: datetime) -> list[clock_words.DangerRow]:
    """Return what waits on the member's desk with a danger prompt that nobody has taken.

    Danger now first, then what was done to people, then the longest waiting.
    """
    return _alarmed(member, operations.Because.DANGER, at=at)


def _alarmed(
    member: StaffMember, because: operations.Because, *, at: datetime
) -> list[clock_words.DangerRow]:
    alarms = [each for each in queries.open_alarms(by=member) if each.because == because]
    slips = triage.by_key([each.report_id for each in alarms], by=member)
    open_piles = {each.flood.pk: each for each in piles.open_piles(by=member)}
    found = [(each, slips.get(each.report_id) or open_piles.get(each.report_id)) for each in alarms]
    told = [(alarm, line) for alarm, line in found if line is not None]
    told.sort(key=lambda each: piles.urgency(each[1]))
    over = {}
    if because == operations.Because.LATE:
        over = waiting.running([alarm.report_id for alarm, _ in told])
    return [
        clock_words.danger_row(
            alarm,
            line,
            path=reverse(_PAGES[isinstance(line, piles.Pile)], args=[alarm.report_id]),
            over=over.get(alarm.report_id, ()),
            at=at,
        )
        for alarm, line in told
    ]


def _page(request: HttpRequest, form: ReachForm) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    desk = operations.desk_of(member)
    page = {
        "title": "The watch",
        "here": "/staff/watch/",
        "desk": desk.label,
        "standing": queries.standing(desk),
        "mine": member,
        "open": dangers(member, at=now),
        "open_late": _alarmed(member, operations.Because.LATE, at=now),
        "stalled": [troubles.stalled_words(job) for job in jobs.urgent_stalled(at=now)],
        "late": waiting.count_late(by=member, at=now),
        "most_shown": MOST_LATE_SHOWN,
        "past": queries.past_watches(by=member),
        "form": form,
    }
    return render(request, "protection/watch.html", page)
