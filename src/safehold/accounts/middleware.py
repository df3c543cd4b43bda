"""The door of every staff page: two factors, a sign-in that still lasts, and the access table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from safehold.accounts import errors, known_browsers, sessions
from safehold.domain import access, case_access
from safehold.domain.access import Gate, Hidden, Permission, Refused
from safehold.records import row_security
from safehold.records.cases import queries as cases
from safehold.records.conflicts import asked, recusals
from safehold.records.staff import operations
from safehold.records.staff.queries import member_of

STAFF_PATH = "/staff/"
# What an open page of the CMS asks every few seconds, whoever sits before it.
ASKED_BY_ITSELF = frozenset({"wagtailadmin_editing_sessions:ping"})


class WhoAsks:
    """Tell the store whose request it is, for its row policies: nobody's before the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(STAFF_PATH) or not request.user.is_authenticated:
            return self.get_response(request)
        # What only looks reads once who is kept from what; an act asks again after each lock.
        once = recusals.read_once() if request.method in {"GET", "HEAD"} else nullcontext()
        with row_security.asked_by(member_of(request)), once:
            return self.get_response(request)


class SecondFactorRequired:
    """Let a request reach a staff page only where the access table says so.

    A page that the table does not name is refused to everybody, so a new page is closed until
    somebody decides who may see it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        known_browsers.remember(request, response)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """Return what stands in the way of a staff page, None where nothing does."""
        if not request.path.startswith(STAFF_PATH) or request.resolver_match is None:
            return None
        try:
            needed = access.needed_for(_route(request), request.path)
        except Refused as error:
            return errors.refused(request, error)
        if needed is Gate.ANYONE:
            return None
        return (
            _sign_in(request)
            or _second_factor(request, needed)
            or _permission(request, needed)
            or _part_of_a_case(request)
        )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Turn a refusal, or something that is not there, into a staff page that says so."""
        if not request.path.startswith(STAFF_PATH):
            return None
        if isinstance(error, (Http404, Hidden)):
            _note_not_there(request)
            return errors.not_found(request, error)
        return errors.refused(request, error) if isinstance(error, Refused) else None


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _sign_in(request: HttpRequest) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return _to_login(request)
    now = timezone.now()
    if why := sessions.ended(request, at=now):
        sessions.end(request, why=why)
        return _to_login(request)
    if _route(request) not in ASKED_BY_ITSELF:
        sessions.note_seen(request, at=now)
    return None


def _second_factor(request: HttpRequest, needed: Gate | Permission) -> HttpResponseBase | None:
    if needed is Gate.PASSWORD or sessions.has_second_factor(request):
        return None
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _permission(request: HttpRequest, needed: Gate | Permission) -> HttpResponseBase | None:
    if isinstance(needed, Gate):
        return None
    member = member_of(request)
    sentence = access.refusal(member.actor, needed)
    if not sentence:
        return None
    operations.record_refusal(by=member, route=_route(request), at=timezone.now())
    return errors.refused(request, Refused(sentence))


def _part_of_a_case(request: HttpRequest) -> HttpResponseBase | None:
    """Return what stands in the way of a page of a case: the table of its parts."""
    case_id = request.resolver_match.kwargs.get("case_id") if request.resolver_match else None
    if case_id is None:
        return None
    asked = case_access.needed_for(_route(request))
    if asked is None:
        return errors.refused(request, Refused("This page of a case is in no table of parts."))
    try:
        cases.must(case_id, *asked, by=member_of(request))
    except cases.CaseNotFound:
        _note_not_there(request)
        return errors.not_found(request, Hidden("There is no such case."))
    except Refused as error:
        return errors.refused(request, error)
    return None


def _note_not_there(request: HttpRequest) -> None:
    """Note what was asked for, whether there is nothing or it is hidden: standards sort it out."""
    if request.resolver_match and request.user.is_authenticated:
        parts = request.resolver_match.kwargs
        asked.note_address(parts, by=member_of(request), at=timezone.now())


def _to_login(request: HttpRequest) -> HttpResponseBase:
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    return HttpResponseRedirect(settings.LOGIN_URL)
