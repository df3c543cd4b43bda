"""A member begins a form for a caller, with a pass from the unit's desk that works once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from safehold.public.report import addresses, drafts, forms, posted
from safehold.public.report.addresses import see_other
from safehold.records.intake import calls
from safehold.records.intake.calls import NoSuchPass

FIELD = "given"


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Ask for a pass and which form; a good one begins it."""
    if request.method != "POST":
        return _page(request)
    try:
        given = posted.read(request)
        form = forms.of(given.do)
        if form is None:
            raise NoSuchPass
        begun = calls.use_pass(given.first(FIELD), at=now())
    except (posted.TooMuchSent, NoSuchPass):
        return see_other(reverse("public:call-again"))
    drafts.destroy(request, at=now())
    return drafts.begin(see_other(addresses.step(1)), form, call=begun, at=now())


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """Say that a pass began nothing, and ask once more."""
    return _page(request, wrong=True)


def _page(request: HttpRequest, *, wrong: bool = False) -> HttpResponse:
    minutes = int(calls.PASS_LASTS.total_seconds() // 60)
    context = {"wrong": wrong, "field": FIELD, "minutes": minutes}
    return render(request, "public/report/call.html", context)
