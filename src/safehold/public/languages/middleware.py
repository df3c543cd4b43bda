"""Every public page in the language that its visitor chose, or in English."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from safehold.design.languages import CHROME, part_of, speaking
from safehold.public import cookies

STAFF_PATH = "/staff/"


class Speaking:
    """Read the one cookie that says a language. What is not offered means English, in silence.

    A browser's own list of languages is never read (docs/adr/0014).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(STAFF_PATH):
            return self.get_response(request)
        code = cookies.read(request, cookies.LANGUAGE_COOKIE)
        with speaking(code, _part(request.path_info) if code else CHROME):
            return self.get_response(request)


def _part(path: str) -> str:
    try:
        view = resolve(path).func
    except Resolver404:
        return CHROME
    return part_of(*view.__module__.split(".")[1:])
