"""Pages for what went wrong: each says what to do next, and each has the way out.

They read no store. The page for 500 needs no request either, and where even the templates fail it
falls back to plain text with the link that leaves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, NamedTuple

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import gettext, gettext_noop

from safehold.design.languages import now

log = logging.getLogger("safehold.public")

STAFF_PATH: Final = "/staff/"


class Words(NamedTuple):
    """What a page of error says: what happened, then what can be done."""

    heading: str
    text: tuple[str, ...]


WORDS: Final = {
    400: Words(
        gettext_noop("We could not read that"),
        (
            gettext_noop("Something in what your browser sent was damaged."),
            gettext_noop("Go back and try once more."),
        ),
    ),
    403: Words(
        gettext_noop("That was not sent from our own page"),
        (
            gettext_noop(
                "We refused it, in case another site sent it in your name. Nothing was recorded."
            ),
            gettext_noop("Start again from our first page."),
        ),
    ),
    404: Words(
        gettext_noop("There is no page here"),
        (gettext_noop("The address may be mistyped, or the page may have moved."),),
    ),
    405: Words(
        gettext_noop("This page cannot be asked for in that way"),
        (gettext_noop("Nothing was recorded. Start again from our first page."),),
    ),
    413: Words(
        gettext_noop("That is more than we can take in one piece"),
        (gettext_noop("Nothing of it was recorded. Go back, make it shorter, and send it again."),),
    ),
    429: Words(
        gettext_noop("Too many tries in a short time"),
        (gettext_noop("Wait a few minutes, then try again."),),
    ),
    500: Words(
        gettext_noop("Something is broken on our side"),
        (
            gettext_noop("It is not something that you did."),
            gettext_noop(
                "We cannot be sure that what you just sent reached us. Try again in a few minutes."
            ),
        ),
    ),
    503: Words(
        gettext_noop("This part of the site is not working now"),
        (gettext_noop("What you just sent may not have reached us. Try again in a few minutes."),),
    ),
}
STAFF_WORDS: Final = {
    403: Words(
        "You may not see this",
        ("Your role does not include it, or you are part of it. Ask a supervisor.",),
    ),
}


def page(request: HttpRequest | None, status: int) -> HttpResponse:
    """Make the page for a status of WORDS; staff paths get the staff layout."""
    staff = request is not None and request.path.startswith(STAFF_PATH)
    words = _in_words((STAFF_WORDS if staff and status in STAFF_WORDS else WORDS)[status])
    template = "layout/staff_error.html" if staff else "layout/error.html"
    context = {"heading": words.heading, "title": words.heading, "text": words.text}
    try:
        body = engines["jinja2"].get_template(template).render(context)
    except Exception:  # whatever broke the templates must not take the way out with it
        log.exception("The page for an error could not be made")
        body = _plain(words)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _in_words(words: Words) -> Words:
    return Words(gettext(words.heading), tuple(gettext(line) for line in words.text))


def _plain(words: Words) -> str:
    phones = settings.FORCE.phones
    language = now().language
    direction = "rtl" if language.known.right_to_left else "ltr"
    help_line = gettext("In danger: call %(emergency)s. Otherwise: %(non_emergency)s.") % {
        "emergency": phones.emergency,
        "non_emergency": phones.non_emergency,
    }
    lines = "".join(f"<p>{line}</p>" for line in words.text)
    return (
        f'<!doctype html><html lang="{language.code}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{words.heading}</title>"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<p><a href="/exit/" rel="nofollow noreferrer">{gettext("Leave this site")}</a></p>'
        f"<h1>{words.heading}</h1>{lines}"
        f"<p>{help_line}</p>"
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 for a body or a form that is too big."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return page(request, 413 if too_big else 400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return page(request, 404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503."""
    return page(request, 503)


def broken(request: HttpRequest | None = None) -> HttpResponse:
    """Answer 500 without a store."""
    return page(request, 500)


class FillEmptyErrors:
    """Give a page to answers that carry a status alone, such as Django's 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in WORDS or response.streaming or response.content:
            return response
        filled = page(request, response.status_code)
        for name in ("Allow", "Retry-After"):
            if response.has_header(name):
                filled[name] = response[name]
        return filled
