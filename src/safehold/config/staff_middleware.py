"""Sessions, CSRF, sign-in and messages for staff pages only.

A public page must carry no session and set no cookie, also where one process serves both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

STAFF_PATH = "/staff/"


class _UnderStaff:
    wrapped: ClassVar[str]

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.middleware = import_string(self.wrapped)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(STAFF_PATH):
            return self.middleware(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """Let the wrapped middleware see the view, on staff paths."""
        process = getattr(self.middleware, "process_view", None)
        if process is None or not request.path.startswith(STAFF_PATH):
            return None
        return process(request, *view)


class Sessions(_UnderStaff):
    """Sessions, under /staff/."""

    wrapped = "django.contrib.sessions.middleware.SessionMiddleware"


class Csrf(_UnderStaff):
    """CSRF tokens, under /staff/; public posts are checked by `PublicGuard`."""

    wrapped = "django.middleware.csrf.CsrfViewMiddleware"


class Authentication(_UnderStaff):
    """Who is signed in, under /staff/."""

    wrapped = "django.contrib.auth.middleware.AuthenticationMiddleware"


class Messages(_UnderStaff):
    """One-time messages, under /staff/."""

    wrapped = "django.contrib.messages.middleware.MessageMiddleware"
