"""Browsers in which a member has signed in before: strangers' wrong tries do not lock them out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "staffknown"
LASTS = timedelta(days=90)
_MEMBERS_AT_ONE_DESK = 12
_SALT = "safehold.accounts.known-browsers"
_SIGNED_IN = "signed_in_as"


def allowance_of(request: HttpRequest | None, username: str) -> str:
    """Return what sets this browser's tries apart from strangers', empty for a stranger."""
    known = _known(request)
    return str(known["browser"]) if _hash(username) in known["members"] else ""


def note_signed_in(request: HttpRequest, username: str) -> None:
    """Note that a member has just signed in, for `remember`."""
    setattr(request, _SIGNED_IN, username)


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser in which a member has just signed in keep that it is known.

    What it keeps tells nobody who that is, and opens nothing: it sets the tries apart.
    """
    username = getattr(request, _SIGNED_IN, "")
    if not username:
        return
    known = _known(request)
    others = [member for member in known["members"] if member != _hash(username)]
    known["members"] = [_hash(username), *others][:_MEMBERS_AT_ONE_DESK]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=_SALT),
        max_age=LASTS,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest | None) -> dict[str, Any]:
    kept = request.COOKIES.get(COOKIE, "") if request is not None else ""
    try:
        known: dict[str, Any] = signing.loads(kept, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return {"browser": secrets.token_hex(8), "members": []}
    return known


def _hash(username: str) -> str:
    return salted_hmac(_SALT, username.casefold(), algorithm="sha256").hexdigest()[:32]
