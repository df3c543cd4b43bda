"""Typing a report for somebody at the telephone or the counter: a pass for the public form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection.forms import CallForm
from safehold.records.calls import operations
from safehold.records.intake.calls import PASS_LASTS
from safehold.records.staff.queries import member_of


@require_http_methods(["GET", "POST"])
@never_cache
def calls(request: HttpRequest) -> HttpResponse:
    """Give a pass, shown this once, with which the public form begins."""
    form, given = CallForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        given = operations.begin_call(
            how=form.cleaned_data["how"], by=member_of(request), at=timezone.now()
        )
    page = {
        "title": "Type a report",
        "here": "/staff/calls/",
        "form": form,
        "given": given,
        "minutes": int(PASS_LASTS.total_seconds() // 60),
    }
    return render(request, "protection/calls.html", page)
