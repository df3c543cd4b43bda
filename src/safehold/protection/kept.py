"""Who is kept from whom, and what was tried all the same: for professional standards alone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.protection.kept_forms import LiftForm, SettleForm
from safehold.records.conflicts import attempts, kept_people, operations
from safehold.records.people import queries as people
from safehold.records.staff.queries import member_of

HERE = "/staff/kept/"
ATTEMPTS = "/staff/attempts/"


@require_GET
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """List which members are kept from which people, but for the reader's own."""
    member = member_of(request)
    operations.look_at_register(by=member, at=timezone.now())
    found = kept_people.listed(by=member, page=page_number(request))
    names = people.names_of_any([row.person.identity for row in found], by=member)
    page = {
        "title": "Kept from people",
        "here": HERE,
        "rows": [(row, names.get(row.person.identity, "")) for row in found],
        "pages": pages_of(request, found),
    }
    return render(request, "protection/kept.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def lift(request: HttpRequest, recusal_id: UUID) -> HttpResponse:
    """Ask why it is another person of that name; then the member may know of them."""
    member, now = member_of(request), timezone.now()
    operations.look_at_register(by=member, at=now)
    row = kept_people.one(recusal_id=recusal_id, by=member)
    if row is None:
        raise Http404("Nobody is kept by this any more.")
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            kept_people.lift(recusal_id=recusal_id, why=form.cleaned_data["why"], by=member, at=now)
        except kept_people.NotKept as error:
            raise Http404(str(error)) from None
        return redirect("protection:kept")
    names = people.names_of_any([row.person.identity], by=member)
    page = {
        "title": "Another person of this name",
        "here": HERE,
        "back": reverse("protection:kept"),
        "back_to": "Kept from people",
        "row": row,
        "name": names.get(row.person.identity, ""),
        "form": form,
    }
    return render(request, "protection/kept_lift.html", page)


@require_GET
@never_cache
def tried(request: HttpRequest) -> HttpResponse:
    """List who tried to see what is not for them, each with how often, the latest first."""
    member = member_of(request)
    operations.look_at_register(by=member, at=timezone.now())
    found = attempts.listed(by=member, page=page_number(request))
    page = {
        "title": "Attempts",
        "here": ATTEMPTS,
        "rows": attempts.in_words(list(found)),
        "pages": pages_of(request, found),
    }
    return render(request, "protection/attempts.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def attempt(request: HttpRequest, member_id: int, kind: str, key: UUID) -> HttpResponse:
    """Ask what came of one member's attempts at one thing; then they are not shown as new."""
    member, now = member_of(request), timezone.now()
    operations.look_at_register(by=member, at=now)
    try:
        one = attempts.one(member_id=member_id, kind=kind, key=key, by=member)
    except attempts.NothingTried as error:
        raise Http404(str(error)) from None
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            attempts.settle(tried=one, why=form.cleaned_data["why"], by=member, at=now)
        except attempts.NothingTried as error:
            raise Http404(str(error)) from None
        return redirect("protection:attempts")
    page = {
        "title": "Attempts of one member",
        "here": ATTEMPTS,
        "back": reverse("protection:attempts"),
        "back_to": "Attempts",
        "one": one,
        "form": form,
    }
    return render(request, "protection/attempt.html", page)
