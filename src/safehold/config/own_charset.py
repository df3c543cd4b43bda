"""Forms are read as UTF-8, whatever their sender calls them.

Django reads a form by any codec that Python knows and the request names: some of those cannot read
text at all, and others make halves of characters, which nothing can write down again.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OURS = frozenset({"utf-8", "utf8", "us-ascii"})


class OnlyOurCharset:
    """Answer 400 to a form in another character set: no page of ours sends one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named = (request.content_params or {}).get("charset", "utf-8")
        if named.strip().lower() not in _OURS:
            raise BadRequest("This form is in a character set that no page of ours sends.")
        request.encoding = "utf-8"
        return self.get_response(request)
