"""Leaving, as the server sees it: the draft destroyed, the cookies gone, and on to elsewhere."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from safehold.public.report import device
from safehold.records.intake.operations import discard_draft

log = logging.getLogger("safehold.public")

SEE_OTHER = 303


def leave(request: HttpRequest) -> HttpResponse:
    """Forget the visitor and lead the browser to the neutral address, whatever else fails.

    A POST is the beacon of a page whose script has left already: it needs no answer.
    """
    _destroy_draft(request)
    response = HttpResponse(status=204) if request.method == "POST" else _elsewhere()
    device.take_back(response)
    response["Clear-Site-Data"] = _what_the_browser_may_drop()
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _destroy_draft(request: HttpRequest) -> None:
    draft_id = device.draft_id(request)
    if draft_id is None:
        return
    try:
        discard_draft(draft_id=draft_id, at=timezone.now())
    except Exception:  # a broken store must not keep her here; idle drafts are destroyed anyway
        log.exception("A draft was left behind when its visitor left")


def _elsewhere() -> HttpResponse:
    response = HttpResponseRedirect(settings.FORCE.exit_url)
    response.status_code = SEE_OTHER
    return response


def _what_the_browser_may_drop() -> str:
    # "cookies" would reach every site under the same registrable domain, so only its owner may
    # ask for it. "storage" never: it would take the mark that makes Back leave again.
    return '"cache", "cookies"' if settings.FORCE.owns_registrable_domain else '"cache"'
