"""Places that people told us about: a list first, a map after it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain.access import Permission
from safehold.domain.place_answers import OWNERS, STATUSES
from safehold.protection import place_map
from safehold.protection.publication_forms import AnswerForm, KindForm
from safehold.records.incidents import queries as incidents
from safehold.records.places import operations, queries
from safehold.records.staff.queries import member_of

_ORDERS = {"count": "Incidents", "last": "Last recorded", "name": "Name"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List places with their counts, and draw those that have a point."""
    asked = request.GET.get("order", "count")
    order = asked if asked in _ORDERS else "count"
    found = queries.listing(by=member_of(request), page=page_number(request), order=order)
    page = {
        "title": "Places",
        "here": "/staff/places/",
        "places": found,
        "orders": _ORDERS,
        "order": order,
        "pages": pages_of(request, found),
        "map": place_map.of_places(queries.on_map(by=member_of(request))),
        "without_a_point": queries.without_a_point(by=member_of(request)),
        "at": timezone.now(),
    }
    return render(request, "protection/places.html", page)


@require_GET
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Show one place, the incidents at it that the member may see, and what was done about it."""
    return _page(request, place_id, AnswerForm())


@require_POST
def answer(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Keep what was done about a place; whether the public reads it, somebody else decides."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, place_id, form)
    try:
        operations.answer_place(
            place_id=place_id,
            **form.cleaned_data,
            by=member_of(request),
            at=timezone.now(),
        )
    except queries.PlaceNotFound as error:
        raise Http404(str(error)) from None
    return redirect("protection:place", place_id=place_id)


@require_POST
def decide_kind(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Record what sort of place it is, on which rests whether it is ever published."""
    form = KindForm(request.POST)
    if not form.is_valid():
        return _page(request, place_id, AnswerForm(), kind_form=form)
    try:
        operations.decide_kind(
            place_id=place_id,
            kind=form.cleaned_data["kind"],
            by=member_of(request),
            at=timezone.now(),
        )
    except queries.PlaceNotFound as error:
        raise Http404(str(error)) from None
    return redirect("protection:place", place_id=place_id)


def _page(
    request: HttpRequest, place_id: UUID, form: AnswerForm, kind_form: KindForm | None = None
) -> HttpResponse:
    try:
        found = operations.look_at_place(
            place_id=place_id, by=member_of(request), at=timezone.now()
        )
    except queries.PlaceNotFound as error:
        raise Http404(str(error)) from None
    nearby = queries.near_to(found, by=member_of(request))
    page = {
        "title": "Place",
        "back": reverse("protection:places"),
        "back_to": "All places",
        "here": "/staff/places/",
        "place": found,
        "incidents": incidents.at_place(place_id=place_id, by=member_of(request)),
        "nearby": nearby,
        "map": place_map.of_one(found, [neighbour.place for neighbour in nearby]),
        "answers": queries.answers_at(place_id),
        "owners": OWNERS,
        "statuses": STATUSES,
        "kind_form": kind_form or KindForm(initial={"kind": found.kind}),
        "may_answer": member_of(request).may(Permission.ANSWER_PLACES),
        "form": kind_form or form,
        "answering": form,
    }
    return render(request, "protection/place.html", page)
