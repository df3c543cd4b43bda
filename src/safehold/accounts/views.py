"""Pages of signing in that the library does not have."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.accounts import sessions
from safehold.accounts.forms import NewCodesForm, SecondFactorForm
from safehold.domain import access
from safehold.records.staff import operations
from safehold.records.staff.queries import member_of

_new_codes = GenerateRecoveryCodesView.as_view(form_class=NewCodesForm)
_set_up = ActivateTOTPView.as_view(form_class=SecondFactorForm)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, or give up a sign-in half way, and show the sign-in page."""
    sessions.end(request, why="signed out")
    return redirect("account_login")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out and show a page that says nothing of what was here."""
    sessions.end(request, why="left")
    return redirect("account_left")


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Lead on to the force's neutral address, and have the browser forget what it stored of ours.

    A page between the two, because a form of ours may not be answered by another site.
    """
    response = render(request, "accounts/left.html", {"exit_address": settings.FORCE.exit_url})
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_GET
def stay(request: HttpRequest) -> HttpResponse:
    """Say until when the sign-in lasts: to ask for this page, as for any other, is to be there."""
    limits = access.table()
    return render(request, "accounts/stay.html", {"minutes": limits.idle // timedelta(minutes=1)})


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a member their own account."""
    member = member_of(request)
    codes = Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES)
    page = {"member": member, "has_codes": codes.exists()}
    return render(request, "accounts/index.html", page)


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Set up an authenticator, once: to replace a lost one is for a supervisor.

    Whoever has one already but did not give its code came in by a door that we did not open.
    """
    member = member_of(request)
    if is_mfa_enabled(member):
        if sessions.has_second_factor(request):
            return redirect("mfa_index")
        sessions.end(request, why="no second factor")
        return redirect("account_login")
    with transaction.atomic():
        response = _set_up(request)
        made = Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).first()
        if made is not None:
            sessions.note_second_factor(request, made)
            operations.record_second_factor(by=member, kind=made.type, at=timezone.now())
    return response


@require_http_methods(["GET", "POST"])
def new_codes(request: HttpRequest) -> HttpResponseBase:
    """Make recovery codes anew, with the audit row of it."""
    with transaction.atomic():
        response = _new_codes(request)
        if request.method == "POST" and _leads_to(response, "mfa_view_recovery_codes"):
            operations.record_second_factor(
                by=member_of(request), kind=Authenticator.Type.RECOVERY_CODES, at=timezone.now()
            )
    return response


def _leads_to(response: HttpResponseBase, name: str) -> bool:
    return response.headers.get("Location") == reverse(name)
