"""The register of people too close to a colleague: for professional standards alone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.protection.linked_forms import EndForm, LinkedForm
from safehold.records.conflicts import operations, queries
from safehold.records.staff.queries import by_key, member_of

HERE = "/staff/linked/"


@require_http_methods(["GET", "POST"])
@never_cache
def linked(request: HttpRequest) -> HttpResponse:
    """Show who is compared with what arrives, and put somebody on the register."""
    form = LinkedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect("protection:linked")
    member = member_of(request)
    operations.look_at_register(by=member, at=timezone.now())
    found = queries.listed(by=member, page=page_number(request))
    page = {
        "title": "Linked people",
        "here": HERE,
        "listed": found.object_list,
        "pages": pages_of(request, found),
        "colleagues": queries.count_colleagues(by=member),
        "compared": queries.are_compared(),
        "form": form,
    }
    return render(request, "protection/linked.html", page)


def _added(request: HttpRequest, form: LinkedForm) -> bool:
    chosen = form.cleaned_data["colleague"]
    try:
        operations.add_linked(
            name=form.cleaned_data["name"],
            relation=form.cleaned_data["relation"],
            colleague=by_key(int(chosen)) if chosen else None,
            colleague_name=form.cleaned_data["colleague_name"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.NoColleague as error:
        form.add_error("colleague", str(error))
    except operations.NoColleagueName as error:
        form.add_error("colleague_name", str(error))
    except operations.NoName as error:
        form.add_error("name", str(error))
    else:
        return True
    return False


@require_http_methods(["GET", "POST"])
@never_cache
def end(request: HttpRequest, linked_id: UUID) -> HttpResponse:
    """Ask why somebody is not compared any more; then they are not."""
    member = member_of(request)
    operations.look_at_register(by=member, at=timezone.now())
    row = queries.one(linked_id=linked_id, by=member)
    if row is None:
        raise Http404("Nobody of this is on the register any more.")
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_linked(
                linked_id=linked_id, why=form.cleaned_data["why"], by=member, at=timezone.now()
            )
        except operations.NotLinked as error:
            raise Http404(str(error)) from None
        return redirect("protection:linked")
    page = {
        "title": "Take off the register",
        "here": HERE,
        "back": reverse("protection:linked"),
        "back_to": "Linked people",
        "row": row,
        "form": form,
    }
    return render(request, "protection/linked_end.html", page)
