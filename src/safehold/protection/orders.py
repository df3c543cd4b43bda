"""The orders that protect somebody: the list, one order, and the card for patrol."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.domain import access, orders
from safehold.domain.access import Permission
from safehold.protection import deadline_words, order_history, order_words
from safehold.protection.order_forms import BreachForm
from safehold.protection.people_forms import WhyForm
from safehold.records.conflicts import recusals
from safehold.records.orders import changing, clocks, keeping, listing, queries
from safehold.records.orders.listing import Which
from safehold.records.staff.queries import StaffMember, member_of

HERE: Final = "/staff/orders/"
FRAME: Final[dict[str, Any]] = {"here": HERE, "back": HERE, "back_to": "Orders"}
LISTS: Final = {
    Which.HOLDING: "Holding now",
    Which.SOON: "Ending soon",
    Which.UNSERVED: "Not shown to be served",
    Which.OVER: "Over",
}


@require_GET
@never_cache
@recusals.read_once()
def listed(request: HttpRequest) -> HttpResponse:
    """List orders by how they stand; no name and no condition stands in it."""
    asked = request.GET.get("which", "")
    which = Which(asked) if asked in set(Which) else Which.HOLDING
    now, member = timezone.now(), member_of(request)
    found = listing.page(which=which, after=_key(request.GET.get("after", "")), by=member, at=now)
    page = {
        "title": "Orders",
        "here": HERE,
        "which": which,
        "lists": list(LISTS.items()),
        "rows": order_words.order_rows(found.rows, at=now),
        "after": found.after,
        "later": "after" in request.GET,
    }
    return render(request, "protection/orders.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show an order to whoever said why within this shift; ask anybody else."""
    found, reason = looked_at(request, order_id)
    if found is None:
        return _ask(request, "Order")
    return render(request, "protection/order.html", FRAME | _page(request, found, reason))


@require_http_methods(["GET", "POST"])
@never_cache
def card(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show what whoever stands before him needs, on one screen, without anybody's address."""
    found, reason = looked_at(request, order_id)
    if found is None:
        return _ask(request, "Order: the card")
    now, member = timezone.now(), member_of(request)
    page = {
        "title": "Order: the card",
        "here": HERE,
        "back": reverse("protection:order", args=[order_id]),
        "back_to": "The order",
        "reason": reason,
        "card": order_words.card(found.standing, at=now),
        "order_id": order_id,
        "breach_form": BreachForm() if _opens_breaches(member) else None,
    }
    return render(request, "protection/order_card.html", page)


def looked_at(request: HttpRequest, order_id: UUID) -> tuple[Any, str]:
    """Record a look at an order, and return it with the reason.

    None where the member has not said why within this shift. Raises Http404.
    """
    row, member, now = there(request, order_id), member_of(request), timezone.now()
    form = WhyForm(request.POST if request.method == "POST" else None)
    reason = ""
    if request.method == "POST":
        reason = form.cleaned_data["look_reason"] if form.is_valid() else ""
    else:
        reason = queries.opened_for(row, by=member, since=now - access.table().shift)
    if not reason:
        return None, ""
    return keeping.look_at_order(order_id=order_id, reason=reason, by=member, at=now), reason


def look_to_change(request: HttpRequest, row: Any, why: str) -> bool:
    """Record a look at an order for a page with a form; tell whether the member may go on.

    Whoever has not said why within this shift is asked by the page of the order. What was sent is
    never turned away for that, and the look says what for.
    """
    member, now = member_of(request), timezone.now()
    reason = queries.opened_for(row, by=member, since=now - access.table().shift)
    reason = reason or (why if request.method == "POST" else "")
    if reason:
        keeping.look_at_order(order_id=row.pk, reason=reason, by=member, at=now)
    return bool(reason)


def there(request: HttpRequest, order_id: UUID) -> Any:
    """Return an order, not looked at. Raises Http404 where the member knows of none."""
    try:
        return queries.get(order_id, by=member_of(request))
    except queries.OrderNotFound as error:
        raise Http404(str(error)) from None


def _ask(request: HttpRequest, title: str) -> HttpResponse:
    form = WhyForm(request.POST if request.method == "POST" else None)
    page = FRAME | {"title": title, "form": form}
    return render(request, "protection/incident_reason.html", page)


def _page(request: HttpRequest, found: Any, reason: str) -> dict[str, Any]:
    now, member = timezone.now(), member_of(request)
    standing = found.standing
    row, sort = standing.order, standing.sort
    secret = queries.secret_from(standing, by=member)
    exempt = next((one for one in found.exemptions if one.ended_at is None), None)
    return {
        "title": "Order",
        "reason": reason,
        "order": row,
        "sort": sort,
        "row": order_words.row_of(standing, at=now),
        "facts": order_words.own_facts(standing, secret=secret),
        "respondent": standing.respondent,
        "protects": standing.protects,
        "breach": list(order_words.breach_words(standing, at=now)),
        "conditions": order_words.conditions(standing, secret=secret),
        "services": order_history.service_rows(found, secret=secret),
        "breaches": order_history.breach_rows(found),
        "told": order_history.told_lines(found, secret=secret),
        "exempt": orders.EXEMPTIONS[exempt.basis] if exempt else "",
        "history": order_history.history(found, secret=secret),
        "cases": found.cases,
        "deadlines": deadline_words.rows_of(found.deadlines, at=now),
        "in_a_case": any(case.closed_at is None for case in found.cases),
        "no_court_clock": bool(sort.court) and not clocks.court_clock(row),
        "waits_for_a_court": sort.is_a_notice and not changing.heard(row) and not row.ended_on,
        "over": not order_words.holds(standing, at=now),
        "keeps": member.may(Permission.KEEP_ORDERS),
        "breach_form": BreachForm() if _opens_breaches(member) else None,
    }


def _opens_breaches(member: StaffMember) -> bool:
    needed = (Permission.KEEP_ORDERS, Permission.RECORD_INCIDENTS, Permission.RECORD_PEOPLE)
    return all(member.may(each) for each in needed)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
