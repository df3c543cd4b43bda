"""Public pages that are drawn for each request, sent compressed: a slow phone gets them sooner.

Compression can tell a listener, by the length of an answer, whether what he made the page repeat
stands elsewhere on it too (BREACH). Here no page repeats what another site sent: posts are checked
by origin, the draft's cookies are SameSite=Strict, and no page holds a token. Django adds a random
length besides. Staff pages, which hold tokens and other people's words, stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from safehold.config.staff_middleware import STAFF_PATH

FILES_PATH = "/files/"  # films and pictures: compressed already, and asked for in pieces


class CompressPublic:
    """Django's gzip, for every path but those of staff and of files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.compressed: Callable[[HttpRequest], Any] = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith((STAFF_PATH, FILES_PATH)):
            return self.get_response(request)
        return self.compressed(request)
