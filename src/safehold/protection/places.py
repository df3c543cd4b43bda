"""Places that people told us about: a list first, a map after it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from safehold.protection import place_map
from safehold.protection.paging import page_number, pages_of
from safehold.records.incidents import queries as incidents
from safehold.records.places import operations, queries
from safehold.records.staff.queries import member_of

_ORDERS = {"count": "Incidents", "last": "Last recorded", "name": "Name"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List places with their counts, and draw those that have a point."""
    asked = request.GET.get("order", "count")
    order = asked if asked in _ORDERS else "count"
    found = queries.listing(page=page_number(request), order=order)
    page = {
        "title": "Places",
        "here": "/staff/places/",
        "places": found,
        "orders": _ORDERS,
        "order": order,
        "pages": pages_of(request, found),
        "map": place_map.of_places(queries.on_map()),
        "without_a_point": queries.without_a_point(),
        "at": timezone.now(),
    }
    return render(request, "protection/places.html", page)


@require_GET
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Show one place with the incidents at it that the member may see."""
    try:
        found = operations.look_at_place(
            place_id=place_id, by=member_of(request), at=timezone.now()
        )
    except queries.PlaceNotFound as error:
        raise Http404(str(error)) from None
    nearby = queries.near_to(found)
    page = {
        "title": "Place",
        "back": reverse("protection:places"),
        "back_to": "All places",
        "here": "/staff/places/",
        "place": found,
        "incidents": incidents.at_place(place_id=place_id, by=member_of(request)),
        "nearby": nearby,
        "map": place_map.of_one(found, [neighbour.place for neighbour in nearby]),
    }
    return render(request, "protection/place.html", page)
