"""The accessibility statement: what was checked, what was found, and whom to tell."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from safehold import rules
from safehold.design.words import day
from safehold.public.accessibility.record import last_check


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the statement, made from the record of the last check and from what is known."""
    known = rules.load("accessibility")
    context = {
        "force": settings.FORCE,
        "check": last_check(),
        "standard": known.tables["standard"],
        "enforcement": known.tables["enforcement"],
        "known": [_shown(one) for one in known.tables.get("known", ())],
        "untested": [gettext(one) for one in known.tables.get("untested", ())],
    }
    return render(request, "public/accessibility.html", context)


def _shown(one: dict[str, Any]) -> dict[str, str]:
    by = one["mend_by"]
    return {
        "what": gettext(one["what"]),
        "who": gettext(one["who"]),
        "instead": gettext(one["instead"]),
        "mend_by": day(by) if isinstance(by, date) else gettext(by),
    }
