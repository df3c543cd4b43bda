"""The watch: who is told of danger at any hour, and what they are told of now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.protection import clock_words, troubles
from safehold.protection.triage_forms import ReachForm
from safehold.records.duty import operations, queries
from safehold.records.jobs import queries as jobs
from safehold.records.staff.queries import member_of
from safehold.records.triage import piles, waiting
from safehold.records.triage import queries as triage


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


def dangers(request: HttpRequest) -> list[clock_words.DangerRow]:
    """Return what waits on the member's desk with a danger prompt that nobody has taken."""
    member, now = member_of(request), timezone.now()
    alarms = [
        each for each in queries.open_alarms(by=member) if each.because == operations.Because.DANGER
    ]
    keys = [str(each.report_id) for each in alarms]
    references = triage.references_of(keys, by=member)
    open_piles = {str(each.flood.pk): each for each in piles.open_piles(by=member)}
    rows = []
    for each in alarms:
        key = str(each.report_id)
        if key in references:
            path = reverse("protection:report", args=[key])
            rows.append(clock_words.danger_row(each, path, references[key], at=now))
        elif key in open_piles:
            path, pile = reverse("protection:flood", args=[key]), open_piles[key]
            rows.append(clock_words.danger_row(each, path, f"Pile of {pile.count:,}", at=now))
    return rows


def _page(request: HttpRequest, form: ReachForm) -> HttpResponse:
    member = member_of(request)
    desk = operations.desk_of(member)
    now = timezone.now()
    page = {
        "title": "The watch",
        "here": "/staff/watch/",
        "desk": desk.label,
        "standing": queries.standing(desk),
        "mine": member,
        "open": dangers(request),
        "stalled": [troubles.stalled_words(job) for job in jobs.urgent_stalled(at=now)],
        "late": waiting.count_late(by=member, at=now),
        "past": queries.past_watches(by=member),
        "form": form,
    }
    return render(request, "protection/watch.html", page)
