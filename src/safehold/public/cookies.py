"""Cookies of the public site: set and taken back in one way, under one letter each.

On https each carries the `__Host-` prefix, so that no neighbouring host can set it. A name says
nothing of what it is for: a list of cookies is read by whoever holds the device.
"""

from __future__ import annotations

from typing import Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE

_HOST_ONLY: Final = "__Host-"

LANGUAGE_COOKIE: Final = "l"  # the language that the visitor chose
CHOICE_COOKIE: Final = "c"  # what the visitor agreed to (public/consent)
SWITCH_COOKIE: Final = "w"  # the keys that leave are switched off; the script that leaves reads it
FEEDBACK_COOKIE: Final = "f"  # feedback between two pages: the id of what is held and half its key
SUPPORT_COOKIE: Final = "s"  # what somebody looks for among services, locked

# Leaving has the browser drop these, by name. A cookie of ours is either here or kept on purpose,
# and then the page of cookies says so (tests/public/test_about_cookies.py).
TAKEN_BACK: Final[tuple[str, ...]] = (
    DRAFT_COOKIE,
    KEY_COOKIE,
    FEEDBACK_COOKIE,
    SUPPORT_COOKIE,
    LANGUAGE_COOKIE,
    CHOICE_COOKIE,
)
# Those of them that the script drops itself, in the turn of the key and offline too: each is one
# that a script may read, and is named in design/assets/exit.js.
DROPPED_BY_THE_SCRIPT: Final[tuple[str, ...]] = (KEY_COOKIE, FEEDBACK_COOKIE, SUPPORT_COOKIE)
KEPT_ON_LEAVING: Final[tuple[str, ...]] = (SWITCH_COOKIE,)


def name(cookie: str) -> str:
    """Give the name that a cookie has on this installation."""
    return f"{_HOST_ONLY}{cookie}" if settings.HTTPS else cookie


def read(request: HttpRequest, cookie: str) -> str:
    """Give what a browser sent under a name of ours, or an empty string."""
    return request.COOKIES.get(name(cookie), "")


def give(
    response: HttpResponse,
    cookie: str,
    value: str,
    *,
    httponly: bool = True,
    seconds: int | None = None,
    samesite: Literal["Strict", "Lax"] = "Strict",
) -> None:
    """Give a browser a cookie, for so many seconds or until it is closed."""
    response.set_cookie(
        name(cookie),
        value,
        max_age=seconds,
        path="/",
        secure=settings.HTTPS,
        httponly=httponly,
        samesite=samesite,
    )


def take_back(response: HttpResponse, *cookies: str) -> None:
    """Have a browser drop cookies."""
    for cookie in cookies:
        give(response, cookie, "", seconds=0)
