"""Leaving, as the server sees it: the draft destroyed, the cookies gone, and on to elsewhere."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safehold.public import cookies
from safehold.public.feedback import keeping
from safehold.public.report import device
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import idle_minutes
from safehold.records.intake.operations import discard_draft

log = logging.getLogger("safehold.public")

LATER = 503


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the visitor and lead the browser to the neutral address, whatever else fails.

    A POST is the beacon of a page whose script has left already: it needs no answer. A browser that
    asks ahead of its person (it guesses what she will press) is put off, since nobody has left yet;
    a HEAD says where a GET would lead and does nothing.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return _kept_nowhere(HttpResponse(status=LATER))
    if request.method == "HEAD":
        return _kept_nowhere(see_other(settings.FORCE.exit_url))
    _destroy_draft(request)
    response = (
        HttpResponse(status=204) if request.method == "POST" else see_other(settings.FORCE.exit_url)
    )
    cookies.take_back(response, *cookies.TAKEN_BACK)
    response["Clear-Site-Data"] = _what_the_browser_may_drop(request)
    return _kept_nowhere(response)


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """Say what leaving does and what it leaves behind; a POST switches the keys off, or on again.

    The setting is a cookie of its own that leaving keeps, and the script that leaves reads it.
    """
    if request.method != "POST":
        return render(request, "public/exit/about.html", _about(request))
    response = see_other(f"{reverse('public:leaving')}#keys")
    switch = request.POST.get("do")
    if switch == "off":
        cookies.give(response, cookies.SWITCH_COOKIE, "1", httponly=False)
    elif switch == "on":
        cookies.take_back(response, cookies.SWITCH_COOKIE)
    return response


def _about(request: HttpRequest) -> dict[str, object]:
    neutral = urlsplit(settings.FORCE.exit_url)
    return {
        "force": settings.FORCE,
        "neutral": f"{neutral.hostname}{neutral.path.rstrip('/')}",
        "idle_minutes": idle_minutes(),
        "keys_off": cookies.read(request, cookies.SWITCH_COOKIE) == "1",
    }


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _destroy_draft(request: HttpRequest) -> None:
    # The report first, and each by itself: one that fails must not keep the other alive.
    for destroy in (_destroy_report, _destroy_feedback):
        try:
            destroy(request)
        except Exception:  # a broken store must not keep her here; idle drafts are destroyed anyway
            log.exception("A draft was left behind when its visitor left")


def _destroy_report(request: HttpRequest) -> None:
    draft_id = device.draft_id(request)
    if draft_id is not None:
        discard_draft(draft_id=draft_id, at=timezone.now())


def _destroy_feedback(request: HttpRequest) -> None:
    keeping.destroy(request, at=timezone.now())


def _what_the_browser_may_drop(request: HttpRequest) -> str:
    # "cookies" would reach every site under the same registrable domain, so only its owner may
    # ask for it; and it would take the setting that keeps Escape for somebody's other tools.
    # "storage" never: it would take the mark that makes Back leave again.
    keeps_a_setting = any(cookies.read(request, cookie) for cookie in cookies.KEPT_ON_LEAVING)
    if settings.FORCE.owns_registrable_domain and not keeps_a_setting:
        return '"cache", "cookies"'
    return '"cache"'
