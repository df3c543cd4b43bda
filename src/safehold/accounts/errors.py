"""What staff see when something is refused, is not there, or breaks."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string

from safehold.design.unsaved import Line, words_of
from safehold.domain.access import Refused

_TEMPLATE = "layout/staff_error.html"
_OWN = "/staff/account/"  # passwords and codes


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be read."""
    return _page_without_a_store(400, "That could not be read", "Go back and send it again.")


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what the access table says, or that the form was too old."""
    says = str(exception) if isinstance(exception, Refused) else "You may not see this page."
    return _page(request, 403, "Not allowed", says)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here for the member, without saying whether there is at all."""
    says = "There is nothing at this address, or nothing that you may see."
    return _page(request, 404, "Not found", says)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old to be believed; nothing was saved."""
    says = "This form is too old, or was sent from another page. Nothing was saved. Open it anew."
    return _page(request, 403, "Send it again", says)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it broke, without a word of what was typed."""
    says = "Something broke here. Nothing was half saved: look before you send it again."
    return _page_without_a_store(500, "This did not work", says)


def _page(request: HttpRequest, status: int, heading: str, says: str) -> HttpResponse:
    page = _words(heading, says) | {"unsaved": _typed(request)}
    return render(request, _TEMPLATE, page, status=status)


def _typed(request: HttpRequest) -> list[Line]:
    """Give a member's own words back: what they were about may be gone since the page was opened.

    What a stranger sends is not repeated, nor what another site sends in a member's name: no
    cookie of ours goes with that.
    """
    signed_in = request.user.is_authenticated and not request.path.startswith(_OWN)
    if request.method != "POST" or not signed_in:
        return []
    try:
        return words_of(request.POST)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []  # what could not be read cannot be given back


def _page_without_a_store(status: int, heading: str, says: str) -> HttpResponse:
    return HttpResponse(render_to_string(_TEMPLATE, _words(heading, says)), status=status)


def _words(heading: str, says: str) -> dict[str, object]:
    return {"heading": heading, "title": heading, "text": [says]}
