"""Piles: what came in a flood, looked at in samples and decided about by a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain.flooding import FEWEST_SAMPLES
from safehold.protection import presenters
from safehold.protection.flood_forms import AsideForm, BackForm, ConfirmPileForm
from safehold.records.staff.queries import member_of
from safehold.records.triage import floods, piles

_NOT_NOW = (
    floods.NothingInIt,
    floods.NotSampled,
    floods.NotSetAsideTogether,
    floods.SamePersonAgain,
)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the piles: those that wait, and those that somebody has decided about."""
    member, now = member_of(request), timezone.now()
    page = {
        "title": "Piles",
        "here": "/staff/reports/",
        "back": reverse("protection:inbox"),
        "back_to": "All reports",
        "rows": [presenters.line(pile, at=now) for pile in piles.open_piles(by=member)],
        "decided": [(flood, presenters.kind_label(flood.kind)) for flood in _decided(request)],
    }
    return render(request, "protection/floods.html", page)


def _decided(request: HttpRequest) -> list[Any]:
    return piles.decided(by=member_of(request))


@require_GET
@never_cache
def one(request: HttpRequest, flood_id: UUID) -> HttpResponse:
    """Show what is in a pile, and what may be decided about it."""
    return _page(request, flood_id)


@require_POST
def back(request: HttpRequest, flood_id: UUID) -> HttpResponse:
    """Put all of a pile back into the list."""
    return _decide(request, flood_id, floods.put_back, back_form=BackForm(request.POST))


@require_POST
def aside(request: HttpRequest, flood_id: UUID) -> HttpResponse:
    """Set all of a pile aside, up to what was shown."""
    return _decide(request, flood_id, floods.set_aside_together, aside_form=AsideForm(request.POST))


@require_POST
def confirm(request: HttpRequest, flood_id: UUID) -> HttpResponse:
    """Confirm that a pile with a danger prompt, set aside by someone else, stays there."""
    return _decide(request, flood_id, floods.confirm, confirm_form=ConfirmPileForm(request.POST))


def _decide(request: HttpRequest, flood_id: UUID, act: Any, **given: Any) -> HttpResponse:
    """Do what the one form that is given says, else show it again on the page."""
    (form,) = given.values()
    if not form.is_valid():
        return _page(request, flood_id, **given)
    try:
        act(flood_id=flood_id, by=member_of(request), at=timezone.now(), **form.said())
    except piles.FloodNotFound as error:
        raise Http404(str(error)) from None
    except _NOT_NOW as error:
        form.add_error(None, str(error))
        return _page(request, flood_id, **given)
    return redirect("protection:flood", flood_id=flood_id)


def _page(request: HttpRequest, flood_id: UUID, **forms: Form) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    try:
        flood = piles.flood(flood_id=flood_id, by=member)
    except piles.FloodNotFound as error:
        raise Http404(str(error)) from None
    found = piles.members(flood_id=flood_id, by=member, page=page_number(request))
    page = {
        "title": "Pile",
        "here": "/staff/reports/",
        "back": reverse("protection:floods"),
        "back_to": "All piles",
        "flood": flood,
        "kind": presenters.kind_label(flood.kind),
        "began": presenters.hour_words(flood.opened_at),
        "rows": [presenters.slip_row(slip, at=now) for slip in found],
        "pages": pages_of(request, found),
        "count": found.paginator.count,
        "ended": piles.count_ended(flood_id=flood_id, by=member),
        "opened": piles.opened_of(flood_id=flood_id, by=member),
        "still": piles.still_to_open(flood=flood, by=member),
        "fewest": FEWEST_SAMPLES,
        "back_form": BackForm(),
        "aside_form": AsideForm(initial={"until": piles.last_in(flood)}),
        "confirm_form": ConfirmPileForm(),
        **forms,
        "form": next(iter(forms.values()), None),
    }
    return render(request, "protection/flood.html", page)
