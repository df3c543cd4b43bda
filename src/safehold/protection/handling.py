"""Handing a report on, ending the work on it, and beginning again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection import clock_words, presenters
from safehold.protection.looking import looked_at
from safehold.protection.triage_forms import BeginAgainForm, EndForm, HandOnForm
from safehold.records.staff.queries import member_of
from safehold.records.triage import endings, handing_on, waiting


@require_http_methods(["GET", "POST"])
@never_cache
def hand_on(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Hand a report on to another team or to a member."""
    slip = looked_at(request, report_id)
    teams = [(team.key, team.label) for team in handing_on.teams_for(slip)]
    members = [(str(each.pk), f"{each.name}, {each.team}") for each in handing_on.who_may_own(slip)]
    form = HandOnForm(
        request.POST or None, initial={"team": slip.team}, teams=teams, members=members
    )
    if request.method == "POST" and form.is_valid():
        try:
            handing_on.hand_on(
                report_id=report_id,
                team=form.cleaned_data["team"],
                member=form.cleaned_data["member"],
                reason=form.cleaned_data["hand_on_reason"],
                shown_owner=request.POST.get("owner"),
                by=member_of(request),
                at=timezone.now(),
            )
        except handing_on.CannotTakeIt as error:
            form.add_error("member", str(error))
        except handing_on.NotATeam as error:
            form.add_error("team", str(error))
        except handing_on.NothingToHandOn as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:report", report_id=report_id)
    return _page(request, slip, form, "hand_on", "Hand this report on")


@require_http_methods(["GET", "POST"])
@never_cache
def end(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """End the work on a report that is decided."""
    slip = looked_at(request, report_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endings.end_report(
                report_id=report_id,
                reason=form.cleaned_data["end_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except (endings.NotOver, endings.Unread) as error:
            form.add_error(None, f"It cannot be ended yet. {error}")
        else:
            return redirect("protection:report", report_id=report_id)
    return _page(request, slip, form, "end", "End the work on this report")


@require_http_methods(["GET", "POST"])
@never_cache
def begin_again(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Take the end of the work on a report back."""
    slip = looked_at(request, report_id)
    form = BeginAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endings.begin_again(
                report_id=report_id,
                reason=form.cleaned_data["again_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except endings.NotEnded as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:report", report_id=report_id)
    return _page(request, slip, form, "begin_again", "Begin again")


def _page(request: HttpRequest, slip: Any, form: Form, what: str, title: str) -> HttpResponse:
    now = timezone.now()
    page = {
        "title": title,
        "back": reverse("protection:report", args=[slip.pk]),
        "back_to": "The report",
        "here": "/staff/reports/",
        "row": presenters.slip_row(slip, at=now),
        "clocks": clock_words.clock_rows(waiting.clocks_of(slip.pk), at=now),
        "worked_on": slip.state == "accepted",
        "unread": what == "end" and endings.still_to_open(slip, by=member_of(request)),
        "still_to_do": endings.still_to_do(slip),
        "owner": str(slip.owner_id or ""),
        "what": what,
        "form": form,
    }
    return render(request, "protection/handling.html", page)
