"""Choosing a language: one post, one cookie, and back to the page that was open."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from safehold.design.languages import named, offered
from safehold.public import cookies
from safehold.public.consent import may_remember
from safehold.public.consent.choice import A_YEAR
from safehold.public.report.addresses import see_other

STAFF_PATH = "/staff/"
FIRST_PAGE = "/"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language that was chosen, and lead back to the page that it was chosen on.

    Anything but a language that is offered means English, which needs no cookie. Nothing of what
    was sent is shown, kept or written to a log.
    """
    response = see_other(_page_before(request))
    if request.method != "POST":
        return response
    chosen = named(request.POST.get("to", ""))
    if chosen is offered()[0]:
        cookies.take_back(response, cookies.LANGUAGE_COOKIE)
    else:
        cookies.give(response, cookies.LANGUAGE_COOKIE, chosen.code, seconds=_seconds(request))
    return response


def _seconds(request: HttpRequest) -> int | None:
    """Say how long a browser keeps the choice: until it is closed, or a year for whoever agreed."""
    return A_YEAR if may_remember(request) else None


def _page_before(request: HttpRequest) -> str:
    """Give the path of the page of ours that sent this, as the browser says; else the first page.

    Only the path goes on: no page of ours has a query. A path of staff pages leads nowhere here.
    """
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return FIRST_PAGE
    ours = came_from.netloc == request.get_host() and came_from.scheme in {"http", "https"}
    path = came_from.path
    if not ours or not path.startswith("/") or path.startswith(("//", STAFF_PATH, "/\\")):
        return FIRST_PAGE
    return FIRST_PAGE if path == request.path else path
