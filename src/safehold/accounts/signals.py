"""Every way in and out is written to the audit: who, when and how, never from where."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.signals import authentication_failed
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from safehold.accounts import known_browsers, sessions
from safehold.records.staff import operations


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Any, **rest: Any) -> None:
    """Begin a session and record it."""
    now = timezone.now()
    sessions.begin(request, at=now)
    known_browsers.note_signed_in(request, user.username)
    operations.record_sign_in(by=user, at=now)
    if not is_mfa_enabled(user):
        # The password was given this very moment: setting up a second factor need not ask again.
        reauthenticate_by_password(request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Any, **rest: Any) -> None:
    """Record how a session ended."""
    if user is not None:
        why = getattr(request, sessions.WHY, "signed out")
        operations.record_sign_out(by=user, why=why, at=timezone.now())


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **rest: Any) -> None:
    """Record a wrong password; a name that is not a member's is not kept."""
    operations.record_failed_sign_in(
        typed_name=str(credentials.get("username", "")), at=timezone.now()
    )


@receiver(authentication_failed)
def code_failed(user: Any, **rest: Any) -> None:
    """Record a wrong code."""
    operations.record_failed_code(member=user, at=timezone.now())
