"""How sign-in differs here from what the library does: closed, quiet, and without addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from safehold.accounts import known_browsers
from safehold.accounts.qr_code import qr_code_svg
from safehold.crypto import at_rest

_PURPOSE = "second-factor"
_WRONG_CODE = "That code is not right. Codes change every 30 seconds, and each works once."
_TOO_MANY = "Too many tries. Wait five minutes, then try again."


class StaffAccountAdapter(DefaultAccountAdapter):
    """Sign-in for members only: nobody signs up, nothing is mailed, no address is read."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask your supervisor.",
        "enter_current_password": "That is not your present password.",
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": "That password is not right.",
        "rate_limited": _TOO_MANY,
        "too_many_login_attempts": _TOO_MANY,
        "username_password_mismatch": "The name or the password is not right.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: a member is made by someone who answers for it."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **words: Any) -> None:
        """Say nothing beside the page: each page already says what happened."""

    def send_notification_mail(self, *args: Any, **words: Any) -> None:
        """Send nothing: no address of a member is kept."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The library has no other place to say whose tries are counted together.
        by_name: str = super()._get_login_attempts_cache_key(request, **credentials)
        name = str(credentials.get("username", ""))
        return f"{by_name}:{known_browsers.allowance_of(request, name)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return one word for everybody, so that no address enters a limit or its store."""
        return "staff"


class StaffMFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets are locked under a key kept off the store; codes are drawn here."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def encrypt(self, text: str) -> str:
        """Lock a secret for the store."""
        return at_rest.lock_text(text, secret=settings.SECRET_KEY, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock what `encrypt` locked."""
        return at_rest.unlock_text(encrypted_text, secret=settings.SECRET_KEY, purpose=_PURPOSE)

    def build_totp_svg(self, url: str) -> str:
        """Draw the set-up address as a QR code."""
        return qr_code_svg(url)
