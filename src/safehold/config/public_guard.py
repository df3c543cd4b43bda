"""What every public request passes: a same-origin check on posts, and nothing kept behind."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from safehold.config.staff_middleware import STAFF_PATH


class PublicGuard:
    """Refuse a post that another site made, and mark every public answer as not to be stored.

    Stored pages cannot carry a token, so the browser's own word is used: `Sec-Fetch-Site`, then
    `Origin`. A browser too old to send either is let through: the draft's cookies are
    SameSite=Strict, so the worst that another site could do is to begin an empty draft.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(STAFF_PATH):
            return self.get_response(request)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Raise PermissionDenied, which shows the 403 page with the exit, for a foreign post."""
        if request.path.startswith(STAFF_PATH) or request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        if not _from_our_own_page(request):
            raise PermissionDenied("This form was not sent from our own page.")


def _from_our_own_page(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return origin == f"{request.scheme}://{request.get_host()}"
