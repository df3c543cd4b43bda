"""Recording an order, from the page of somebody in it or from a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection import cases as case_pages
from safehold.protection import people as people_pages
from safehold.protection.order_new_forms import NewOrderForm
from safehold.protection.order_saving import saved
from safehold.protection.orders import HERE
from safehold.records.cases import queries as cases
from safehold.records.histories import queries as histories
from safehold.records.orders import recording
from safehold.records.people import finding
from safehold.records.staff.queries import member_of

Choices = list[tuple[str, str]]


@require_http_methods(["GET", "POST"])
@never_cache
def of_person(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Record an order that binds or protects a person whose page was opened."""
    identity = people_pages.standing(request, identity)
    member = member_of(request)
    name = finding.names_of([identity]).get(identity, [""])[0] or "Name not recorded"
    if not people_pages.opened(request, identity):
        return redirect("protection:person", identity=identity)
    people: Choices = [(str(identity), f"{name} (whose page this was)")]
    people += [
        (str(each.identity), each.name or "Name not recorded")
        for each in histories.together_with(identity, by=member)
    ]
    theirs = [
        each
        for each in cases.of_person(identity, by=member)
        if each.closed_at is None and "orders" in cases.may_see(each, by=member)[1]
    ]
    back = reverse("protection:person", args=[identity])
    return _page(request, people, _choices(theirs), back=back, back_to="The person")


@require_http_methods(["GET", "POST"])
@never_cache
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record an order of whoever a case is about; its deadlines run there."""
    found = case_pages.looked_at(request, case_id)
    if found is None:
        return case_pages.ask_first(request)
    case = found[0]
    if case.closed_at is not None:
        raise Http404("This case is closed.")
    parties = cases.parties_of(case, by=member_of(request))
    people = [
        (str(each.identity), f"{each.name or 'Name not recorded'}: {', '.join(each.parts).lower()}")
        for each in parties
    ]
    back = reverse("protection:case", args=[case_id])
    return _page(request, people, _choices([case]), back=back, back_to="The case")


def _page(
    request: HttpRequest, people: Choices, in_cases: Choices, *, back: str, back_to: str
) -> HttpResponse:
    member = member_of(request)
    posted = request.POST if request.method == "POST" else None
    initial = {"case": in_cases[0][0] if in_cases else ""}
    form = NewOrderForm(posted, people=people, cases=in_cases, by=member, initial=initial)
    made: list[Any] = []
    if posted is not None and form.is_valid():
        draft = form.draft()

        def record() -> None:
            made.append(recording.record_order(draft=draft, by=member, at=timezone.now()))

        if saved(form, record):
            return redirect("protection:order", order_id=made[0].pk)
    page = {"title": "Record an order", "here": HERE, "back": back, "back_to": back_to}
    return render(request, "protection/order_new.html", page | {"form": form})


def _choices(found: list[Any]) -> Choices:
    return [(str(each.pk), f"{each.reference}, {each.get_kind_display()}") for each in found]
