"""Pages drawn for each request: the cookie block that applies, told once that it is saved."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from safehold.public.consent import banner, choice, counting


class CookieBlock:
    """Put the block that applies into each page that has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        counting.of_live_page(request, response)
        made = choice.of(request)
        if made is not None and isinstance(response, HttpResponse) and _has_block(response):
            response.content = banner.filled(response.content, banner.state_of(made))
            # Announced by a middleware below: one byte too many, and a browser waits for it.
            response["Content-Length"] = str(len(response.content))
            if made.just_saved:
                choice.keep(response, choice.told(made))
        return response


def _has_block(response: HttpResponse) -> bool:
    is_page = response.get("Content-Type", "").startswith("text/html")
    return is_page and banner.has_block(response.content)
