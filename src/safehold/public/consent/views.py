"""Saving a choice, and finding out whether the browser kept it, with no script and no trace.

A POST is led to an address that sees whether the cookie came back, and that one back to the page
that the visitor was on: a browser goes on naming that page as where it came from.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from safehold.public.about_cookies.stored import stored
from safehold.public.consent import choice
from safehold.public.consent.choice import Choice
from safehold.public.report.addresses import see_other

YES: Final = "yes"
_PATH: Final = re.compile(r"/(?:[A-Za-z0-9_~%.-][A-Za-z0-9_~%./-]*)?")
_LONGEST: Final = 300
_BY_BUTTON: Final = {"accept": Choice(count=True, remember=True), "reject": Choice(False, False)}


@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """Say what this site keeps on a device and ask what more it may do; a POST saves the answer."""
    if request.method == "POST":
        return _saved(request)
    made = choice.of(request)
    just_saved = made is not None and made.just_saved
    page = {"stored": stored(), "choice": made or Choice(False, False), "saved": just_saved}
    response = render(request, "public/about_cookies.html", page)
    if made is not None and just_saved:
        choice.keep(response, choice.told(made))
    return response


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Lead back where the browser kept the choice, and say so where it did not."""
    made = choice.of(request)
    if made is not None and made.just_saved:
        return see_other(came_from(request))
    # Typed or opened from a list: nobody has saved anything, so nothing has failed.
    if request.headers.get("Sec-Fetch-Site") == "none":
        return see_other(reverse("public:cookies"))
    return render(request, "public/consent/not_kept.html", {"back": came_from(request)})


def _saved(request: HttpRequest) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "hide":
        return _hidden(request)
    made = _BY_BUTTON.get(do)
    if do == "save":
        made = Choice(*(request.POST.get(purpose) == YES for purpose in ("count", "remember")))
    if made is None:
        return see_other(reverse("public:cookies"))
    response = see_other(reverse("public:cookies-kept"))
    choice.keep(response, Choice(made.count, made.remember, just_saved=True))
    return response


def _hidden(request: HttpRequest) -> HttpResponse:
    response = see_other(came_from(request))
    made = choice.of(request)
    if made is not None:
        choice.keep(response, choice.told(made))
    return response


def came_from(request: HttpRequest) -> str:
    """Give the path of our own page that led here; the page of cookies where there is none.

    Never another site, never the staff side, never a way round in a circle.
    """
    start = reverse("public:cookies")
    sent = request.headers.get("Referer", "")
    try:
        origin = urlsplit(sent)
    except ValueError:
        return start
    ours = (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
    path = origin.path
    plain = len(path) <= _LONGEST and "//" not in path and _PATH.fullmatch(path)
    never = (reverse("public:exit"), "/staff/", start)
    return path if ours and plain and not path.startswith(never) else start
