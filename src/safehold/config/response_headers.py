"""Headers that every answer carries, whichever room made it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from safehold.config.content_policy import headers
from safehold.config.staff_middleware import STAFF_PATH


class ResponseHeaders:
    """Add the content policy of the path, and keep staff pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in headers(request.path).items():
            response.headers.setdefault(name, value)
        if request.path.startswith(STAFF_PATH) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
