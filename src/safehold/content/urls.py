"""The CMS: Wagtail's admin without its own sign-in, its user management and what we do not use."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from safehold.content import staff_languages
from safehold.content.gate import PublicationRefused

View = Callable[..., HttpResponseBase]

# Replaced below: one sign-in for all staff pages, with its second factor.
SIGN_IN = {"wagtailadmin_login", "wagtailadmin_logout"}
# Members are managed with the rest of the staff; pictures and files are not published yet.
CLOSED = {
    "wagtailusers_users",
    "wagtailusers_groups",
    "wagtailsites",
    "wagtaildocs",
    "wagtaildocs_chooser",
    "wagtailimages",
    "wagtailimages_chooser",
    "wagtailadmin_collections",
    "wagtailadmin_error_test",
}
CLOSED_ROUTES = {"test404/", "password_reset/"}


def closed(view: View) -> View:
    """Answer that nothing is here, while links to it can still be built."""

    @wraps(view)
    def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        raise Http404("This part of the CMS is not in use.")

    return nothing_here


def in_one_transaction(view: View) -> View:
    """Make whatever a post does happen whole or not at all, snapshots and audit included."""
    whole = transaction.atomic(view)

    @wraps(view)
    def either_way(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = view if request.method in {"GET", "HEAD", "OPTIONS"} else whole
        try:
            return chosen(request, *args, **kwargs)
        except PublicationRefused as refusal:
            # The form of a page says so beside the field; here nothing was typed.
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("wagtailadmin_explore_root"))

    return either_way


def to_our_sign_out(request: HttpRequest) -> HttpResponseRedirect:
    """Send the CMS's sign-out form on to ours: a post stays a post, and its token still counts."""
    return HttpResponseRedirect(reverse("account_logout"), preserve_request=True)


def _names(pattern: URLPattern | URLResolver) -> set[str]:
    return {str(getattr(pattern, name, None)) for name in ("name", "namespace")}


def _is_closed(pattern: URLPattern | URLResolver) -> bool:
    return bool(_names(pattern) & CLOSED) or str(pattern.pattern) in CLOSED_ROUTES


_theirs = [p for p in wagtail_urls.urlpatterns if not _names(p) & SIGN_IN]
_open = [p for p in _theirs if not _is_closed(p)]
_shut = [p for p in _theirs if _is_closed(p)]

_languages = [
    path("languages/", staff_languages.listing, name="pages_in_languages"),
    path("languages/<int:page_id>/<str:code>/", staff_languages.write, name="page_in_language"),
    path(
        "languages/<int:page_id>/<str:code>/preview/",
        staff_languages.preview,
        name="page_in_language_preview",
    ),
    path(
        "languages/<int:page_id>/<str:code>/approve/",
        staff_languages.approve,
        name="page_in_language_approve",
    ),
    path(
        "languages/<int:page_id>/<str:code>/withdraw/",
        staff_languages.withdraw,
        name="page_in_language_withdraw",
    ),
]

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="account_login"), name="wagtailadmin_login"),
    *decorate_urlpatterns(_languages, in_one_transaction),
    path("logout/", to_our_sign_out, name="wagtailadmin_logout"),
    *decorate_urlpatterns(_shut, closed),
    *decorate_urlpatterns(_open, in_one_transaction),
]
